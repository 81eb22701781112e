"""What a writer does before anything else: finish what a killed one had committed, remove what it had not."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import structlog

from ingest.landing import damage
from ingest.landing.durable import make_folder, replace_durably, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingest.landing.zone import LandingZone

log = structlog.get_logger()

SCHEMA_FOLDER = "schema"


def recover(zone: LandingZone) -> None:
    """Bring the folders in line with the manifests, and see that every stream can be read."""
    zone.manifests.load()
    roll_forward(zone)
    _write_schema_files(zone)
    damage.set_aside_strays(zone)
    damage.set_aside(zone, damage.find(zone))


def roll_forward(zone: LandingZone) -> None:
    """Move the newest commit's files into place, delete those it replaced, drop what was never committed."""
    newest = zone.manifests.newest
    if newest is not None and not newest.is_snapshot:
        pending = zone.root / "_pending" / f"{newest.sequence:012d}"
        for path in [entry.path for entry in newest.added]:
            staged = pending / path.replace("/", "~")
            if staged.exists():
                staged.replace(zone.root / path)
        for folder in {(zone.root / entry.path).parent for entry in newest.added}:
            sync_folder(folder)
        for path in newest.removed:
            (zone.root / path).unlink(missing_ok=True)
    for folder in _children(zone.root / "_pending"):
        shutil.rmtree(folder)


def _write_schema_files(zone: LandingZone) -> None:
    for stream, schema in zone.schemas.items():
        path = zone.root / stream / SCHEMA_FOLDER / "empty.parquet"
        if path.exists() and pq.read_schema(path).equals(schema):
            continue
        make_folder(path.parent)
        replace_durably(path, _encode(schema.empty_table()))


def _encode(table: object) -> bytes:
    from ingest.landing.zone import encode  # noqa: PLC0415 - the zone imports this module

    return encode(table)


def _children(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.is_dir() else iter(())
