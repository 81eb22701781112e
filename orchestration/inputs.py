"""Whether anything changed that a build depends on."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from orchestration import dbt_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from orchestration.variants import Reporting

# Each pull adds to the ledger, also when nothing came.
NOT_DATA = frozenset({"sync_ledger"})
CODE = frozenset({".sql", ".yml", ".yaml", ".csv"})


def fingerprint(landing: Path, reporting: Reporting, now: datetime) -> str:
    """Return a hash that changes with landed data, SQL, policies, reporting settings and the day."""
    digest = hashlib.sha256(repr(reporting).encode())
    digest.update(str(now.astimezone(ZoneInfo(reporting.timezone)).date()).encode())
    digest.update(code_digest().encode())
    for line in sorted(_landed(landing)):
        digest.update(line.encode())
    return digest.hexdigest()


def code_digest() -> str:
    """Return a hash of the SQL and all that goes with it."""
    digest = hashlib.sha256()
    for path in sorted(dbt_run.PROJECT.rglob("*")):
        if path.suffix in CODE:
            digest.update(str(path.relative_to(dbt_run.PROJECT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _landed(landing: Path) -> Iterator[str]:
    """Yield name and size of every file with data; a landed file is never changed under its name."""
    for stream in _folders(landing):
        if stream.name not in NOT_DATA:
            for day in _folders(stream.path):
                for file in os.scandir(day.path):
                    yield f"{stream.name}/{day.name}/{file.name} {file.stat().st_size}"


def _folders(parent: Path | str) -> Iterator[os.DirEntry[str]]:
    if os.path.isdir(parent):  # noqa: PTH112 - scandir gives strings
        yield from (
            entry for entry in os.scandir(parent) if entry.is_dir() and not entry.name.startswith((".", "_"))
        )
