"""From when on something is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.landing.zone import LandingZone

ABOUT_PULLS = {"sync_ledger", "quarantine"}


def first_observed_at(zone: LandingZone) -> datetime | None:
    """Return when the first row was observed, but for what tells of pulls; null while there is none."""
    files = zone.load().manifests.files.values()
    entries = [entry for entry in files if entry.stream not in ABOUT_PULLS]
    days = [entry.path.split("/")[1] for entry in entries]
    first = [entry for entry, day in zip(entries, days, strict=True) if day == min(days)]
    moments = [pc.min(zone.read(e.stream, ["observed_at"], entries=[e])["observed_at"]) for e in first]
    return min((moment.as_py() for moment in moments), default=None)
