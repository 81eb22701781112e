"""What a writer does before anything else: finish what a killed one had committed, remove what it had not."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.landing import damage, files
from ingest.landing.durable import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingest.landing.zone import LandingZone

SCHEMA_FOLDER = "schema"


def recover(zone: LandingZone) -> None:
    """Bring the folders in line with the manifests, and see that every stream can be read."""
    zone.manifests.load()
    roll_forward(zone)
    write_schema_files(zone)
    damage.set_aside_strays(zone)
    damage.set_aside(zone, damage.find(zone))


def roll_forward(zone: LandingZone) -> None:
    """Move what was committed into place, delete what was replaced, drop what was never committed."""
    touched = set()
    for pending in _children(zone.root / "_pending"):
        for waiting in _children(pending):
            path = files.committed_path(waiting)
            if path in zone.manifests.files:
                waiting.replace(zone.root / path)
                touched.add((zone.root / path).parent)
    for path in zone.manifests.removed:
        if (zone.root / path).exists():
            (zone.root / path).unlink()
            touched.add((zone.root / path).parent)
    for folder in touched:
        sync_folder(folder)
    zone.manifests.removed.clear()
    for pending in _children(zone.root / "_pending"):
        shutil.rmtree(pending)


def write_schema_files(zone: LandingZone) -> None:
    """They hold nothing that could be lost: without waiting for the disk, and written again where damaged."""
    for stream, schema in zone.schemas.items():
        path = zone.root / stream / SCHEMA_FOLDER / "empty.parquet"
        with suppress(OSError, pa.ArrowException):
            if pq.read_schema(path).equals(schema):
                continue
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"empty.{os.getpid()}.tmp")
        temporary.write_bytes(files.encode(schema.empty_table()))
        temporary.replace(path)


def _children(folder: Path) -> Iterator[Path]:
    return iter(list(folder.iterdir())) if folder.is_dir() else iter(())
