"""How current a build is: when it was made, or when a later refresh found that nothing was new."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tenants.warehouse import Build

STALE_AFTER = timedelta(hours=26)  # a day, and the time that a refresh may take
LAST_REFRESH = "last_refresh.json"


@dataclass(frozen=True)
class Freshness:
    """How current what readers get is.

    Attributes:
        current_at: The last moment at which the build was known to hold everything.
        failed_at: When the last refresh failed; None where it succeeded or none was noted.
        failure: Why it failed, in one sentence.
    """

    current_at: datetime
    failed_at: datetime | None = None
    failure: str | None = None

    def is_stale(self, now: datetime) -> bool:
        """Tell whether a refresh is overdue."""
        return now - self.current_at > STALE_AFTER


def freshness(state: Path, build: Build) -> Freshness:
    """Return how current the build is, by the note that each refresh leaves behind."""
    try:
        note = json.loads((state / LAST_REFRESH).read_text())
        finished_at = datetime.fromisoformat(note["finished_at"])
    except (FileNotFoundError, ValueError, KeyError):
        return Freshness(build.built_at)
    if note["outcome"] == "succeeded":
        return Freshness(max(build.built_at, finished_at))
    if finished_at < build.built_at:
        return Freshness(build.built_at)
    return Freshness(build.built_at, finished_at, note.get("message"))
