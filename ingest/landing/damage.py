"""Files that cannot be read, or that nobody committed: set aside and reported, never read and never fatal."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import structlog

from ingest import ledger
from ingest.errors import LandingDamaged
from ingest.landing.durable import make_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ingest.landing.manifest import FileEntry
    from ingest.landing.zone import LandingZone

log = structlog.get_logger()


def find(
    zone: LandingZone, *, deep: bool = False, among: Iterable[FileEntry] | None = None
) -> list[FileEntry]:
    """Return the files that are missing or whose bytes have changed.

    Args:
        zone: Where to look.
        deep: Read every file, not only those whose size or time of change differs.
        among: Which files; by default all that count.
    """
    chosen = zone.manifests.files.values() if among is None else among
    return [entry for entry in chosen if not _is_whole(zone.root, entry, deep=deep)]


def set_aside(zone: LandingZone, entries: list[FileEntry]) -> None:
    """Take damaged files out of the count; cursors go back, so that the next pull fetches the rows again.

    Each becomes a row of `quarantine` and a gap in `sync_ledger`; the file itself is kept in `_quarantine`.
    """
    if not entries:
        return
    now = zone.clock.now()
    rows, gaps = [], []
    for entry in entries:
        _move_aside(zone.root, entry.path)
        log.error("landing_file_quarantined", stream=entry.stream, path=entry.path, rows=entry.rows)
        sentence = (
            f"{zone.root / entry.path} was damaged ({entry.rows} rows) and is set aside in _quarantine; what "
            "its source still has is fetched again by the next pull, the rest only a backup can bring back."
        )
        zone.findings.append(sentence)
        rows.append(ledger.Rejected("landing", entry.path, "damaged file", sentence, None, entry.stream))
        gaps.append(ledger.Pull(entry.stream, now, status="gap", detail=sentence))
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
    """Move Parquet files that no manifest names out of the readers' way.

    Raises:
        LandingDamaged: There is no manifest at all, so nobody can say which files count.
    """
    for path in list(_parquet_files(zone)):
        if zone.manifests.newest is None:
            message = (
                f"{zone.root} holds data but no manifests; put back the folder _manifests from a backup, or "
                "move the landing zone away to start with an empty one."
            )
            raise LandingDamaged(message, path=str(zone.root))
        if path not in zone.manifests.files:
            _move_aside(zone.root, path)
            log.warning("landing_file_unknown", path=path)


def _is_whole(root: Path, entry: FileEntry, *, deep: bool) -> bool:
    try:
        with (root / entry.path).open("rb") as file:
            about = os.fstat(file.fileno())
            if (about.st_size, about.st_mtime_ns) == (entry.size, entry.modified_ns) and not deep:
                return True
            return hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256
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
