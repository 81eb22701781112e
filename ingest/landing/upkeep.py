"""Rewrites files without changing what they say: many small ones become a few, and erased rows leave."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
import structlog

from ingest.landing import damage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pyarrow as pa

    from ingest.landing.files import Part
    from ingest.landing.manifest import FileEntry
    from ingest.landing.zone import LandingZone

log = structlog.get_logger()

SMALL = 8 * 2**20
FEWEST = 24
LARGEST = 64 * 2**20


def compact(zone: LandingZone) -> int:
    """Merge the small files of every stream that has many of them; return how many files were replaced.

    Files are checked against their hashes first, so that damage is never copied into a sound file.
    """
    replaced = 0
    with zone.writer():
        for stream in zone.schemas:
            small = [entry for entry in zone.entries(stream) if entry.size < SMALL]
            if len(small) < FEWEST:
                continue
            damaged = damage.find(zone, deep=True, among=small)
            damage.set_aside(zone, damaged)
            sound = [entry for entry in small if entry not in damaged]
            zone.replace(_merged(zone, sound), removed=[entry.path for entry in sound])
            replaced += len(sound)
            log.info("landing_stream_compacted", stream=stream, files=len(sound))
    return replaced


def rewrite(
    zone: LandingZone,
    transform: Callable[[str, pa.Table], pa.Table],
    forget: Callable[[str], bool] = lambda _: False,
) -> int:
    """Replace the files whose rows a function changes; return how many files were replaced.

    What had been set aside as damaged is deleted, for nobody can tell whose rows it holds; so are the
    manifests that name what the replaced files held.

    Args:
        zone: What to rewrite.
        transform: Gets a stream's name and the rows of one file; returns the rows to keep, or the same object
            where nothing changes.
        forget: Tells of a cursor's name, or of a key in its value, whether no manifest names it any more.
    """
    replaced = 0
    with zone.writer():
        shutil.rmtree(zone.root / "_quarantine", ignore_errors=True)
        for stream in zone.schemas:
            replaced += rewrite_files(zone, zone.entries(stream), partial(transform, stream))
        zone.manifests.checkpoint(zone.clock.now(), forget)
    return replaced


def rewrite_files(
    zone: LandingZone, entries: Iterable[FileEntry], transform: Callable[[pa.Table], pa.Table]
) -> int:
    """Replace those of the given files whose rows a function changes, one commit each; return how many.

    Killed at any moment it leaves each file as it was or as it is to be.
    """
    replaced = 0
    with zone.writer():
        for entry in entries:
            before = zone.read(entry.stream, entries=[entry])
            after = transform(before)
            if after is not before:
                parts = [(entry.stream, _day(entry), after, entry.rewind)] if after.num_rows else []
                zone.replace(parts, removed=[entry.path], after=_place(entry))
                replaced += 1
    return replaced


def erase(zone: LandingZone, is_erased: Callable[[str, pa.Table], pa.Array | None]) -> int:
    """Remove rows for ever, such as those of a tenant; return how many.

    Args:
        zone: What to remove from.
        is_erased: Gets a stream's name and rows; returns true for each row to remove, or null for none.
    """
    erased = 0

    def without(stream: str, table: pa.Table) -> pa.Table:
        nonlocal erased
        mask = is_erased(stream, table)
        if mask is None or not pc.any(mask).as_py():
            return table
        kept = table.filter(pc.invert(pc.fill_null(mask, fill_value=False)))
        erased += table.num_rows - kept.num_rows
        return kept

    rewrite(zone, without)
    log.info("landing_rows_erased", rows=erased)
    return erased


def _merged(zone: LandingZone, entries: list[FileEntry]) -> Iterator[Part]:
    for group in _groups(entries):
        stream = group[0].stream
        rewind: dict[str, Any] = {}
        for entry in reversed(group):  # the oldest has the last word
            rewind.update(entry.rewind)
        yield stream, max(map(_day, group)), zone.read(stream, entries=group), rewind


def _groups(entries: list[FileEntry]) -> Iterator[list[FileEntry]]:
    group: list[FileEntry] = []
    for entry in entries:
        if group and sum(member.size for member in group) + entry.size > LARGEST:
            yield group
            group = []
        group.append(entry)
    if group:
        yield group


def _place(entry: FileEntry) -> str:
    """Return the beginning of a file's name that tells its first commit.

    Of several files that are lost the first has the last word on cursors, also when only that was rewritten.
    """
    return "-".join(entry.path.rpartition("/")[2].removesuffix(".parquet").split("-")[:2]) + "-"


def _day(entry: FileEntry) -> str:
    return entry.path.split("/")[1]
