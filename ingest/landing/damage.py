"""Files that cannot be read, or that nobody committed: set aside and reported, never read and never fatal."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import structlog

from ingest import ledger
from ingest.landing.durable import make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingest.landing.manifest import FileEntry
    from ingest.landing.zone import LandingZone

log = structlog.get_logger()

MAGIC = b"PAR1"


def find(zone: LandingZone, *, deep: bool = False) -> list[FileEntry]:
    """Return the files that are missing, cut short, or (deep) changed since they were written."""
    return [entry for entry in zone.manifests.files.values() if not _is_whole(zone.root, entry, deep=deep)]


def set_aside(zone: LandingZone, entries: list[FileEntry]) -> None:
    """Take damaged files out of the count; cursors go back, so that the next pull fetches the rows again.

    Each becomes a row of `quarantine` and a gap in `sync_ledger`; the file itself is kept in `_quarantine`.
    """
    if not entries:
        return
    now = zone.clock.now()
    details = {entry.path: f"{zone.root / entry.path} is damaged ({entry.rows} rows)" for entry in entries}
    remedy = "its rows are fetched again"
    for entry in entries:
        _move_aside(zone.root, entry.path)
        log.error("landing_file_quarantined", stream=entry.stream, path=entry.path, rows=entry.rows)
    rows = [
        ledger.Rejected("landing", entry.path, "damaged file", details[entry.path], None, stream=entry.stream)
        for entry in entries
    ]
    gaps = [
        ledger.Pull(entry.stream, now, status="gap", detail=f"{details[entry.path]}; {remedy}")
        for entry in entries
    ]
    tables = {"quarantine": ledger.quarantine(rows, now), "sync_ledger": ledger.pulls(gaps, now)}
    rewind = {}
    for entry in sorted(entries, key=lambda e: e.path, reverse=True):
        rewind.update(entry.rewind)
    day = now.date().isoformat()
    zone.replace(
        [(stream, day, table, {}) for stream, table in tables.items()],
        removed=[entry.path for entry in entries],
        cursors=rewind,
    )


def set_aside_strays(zone: LandingZone) -> None:
    """Move Parquet files that no manifest names out of the readers' way."""
    for path in _parquet_files(zone):
        if path not in zone.manifests.files:
            _move_aside(zone.root, path)
            log.warning("landing_file_unknown", path=path)


def _is_whole(root: Path, entry: FileEntry, *, deep: bool) -> bool:
    try:
        with (root / entry.path).open("rb") as file:
            if os.fstat(file.fileno()).st_size != entry.size:
                return False
            if deep:
                return hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256
            file.seek(-len(MAGIC), os.SEEK_END)
            return file.read() == MAGIC
    except OSError:
        return False


def _move_aside(root: Path, path: str) -> None:
    source, target = root / path, root / "_quarantine" / path
    if source.exists():
        make_folder(target.parent)
        source.replace(target)


def _parquet_files(zone: LandingZone) -> Iterator[str]:
    for stream in zone.schemas:
        for path in (zone.root / stream).glob("*/*.parquet"):
            if path.parent.name != "schema":
                yield path.relative_to(zone.root).as_posix()
