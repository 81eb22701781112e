"""Turns a finished folder into a build, and a build into the one that readers get.

A crash at any point leaves either the old pointer or the new one, each naming a complete build:
the folder is synced before it gets its name, the pointer is replaced by a rename.
"""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tenants.warehouse import Build, Warehouse

KEPT_BUILDS = 4
AS_KNOWN = "as-known-"
# The file being built has always the same path: dbt's kept manifest depends on it.
WORKSPACE = ".next"


def workspace(warehouse: Warehouse) -> Path:
    """Return the folder that is being built in."""
    return warehouse.builds_dir / WORKSPACE


def fresh_workspace(warehouse: Warehouse) -> Path:
    """Return an empty folder to build in; what a killed build left there is removed."""
    folder = workspace(warehouse)
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "tenants").mkdir(parents=True)
    return folder


def seal(warehouse: Warehouse, folder: Path, build_id: str, facts: Mapping[str, object]) -> Build:
    """Make the workspace a finished, not yet published build.

    Args:
        warehouse: Where builds lie.
        folder: The folder built in; no file of it may be open.
        build_id: The name it gets.
        facts: What `build.json` records; `built_at` is required.

    Returns:
        The build, durable on disk.
    """
    (folder / "build.json").write_text(json.dumps(facts, indent=1, default=str))
    for place, _, names in os.walk(folder):
        for name in names:
            sync(os.path.join(place, name))  # noqa: PTH118 - os.walk gives strings
        sync(place)
    folder.rename(warehouse.builds_dir / build_id)
    sync(warehouse.builds_dir)
    return warehouse.build(build_id)


def publish(warehouse: Warehouse, build: Build) -> None:
    """Give readers this build from now on, and drop those that nobody needs any more."""
    write_atomically(warehouse.pointer, build.id)
    for old in _dispensable(warehouse, build):
        shutil.rmtree(warehouse.builds_dir / old.id, ignore_errors=True)


def _dispensable(warehouse: Warehouse, published: Build) -> Iterator[Build]:
    """Yield all but the newest few, and every build older than the last erasure of a tenant."""
    builds = [warehouse.build(build_id) for build_id in warehouse.build_ids()]
    builds.sort(key=lambda build: build.built_at)
    for is_as_known in (False, True):
        kind = [build for build in builds if build.id.startswith(AS_KNOWN) == is_as_known]
        for number, build in enumerate(reversed(kind)):
            may_hold_erased = build.facts.get("erased_tenants", 0) < published.facts.get("erased_tenants", 0)
            if build.id != published.id and (number >= KEPT_BUILDS or may_hold_erased):
                yield build


def write_atomically(path: Path, text: str) -> None:
    """Replace a small file so that readers see the old text or the new one, whatever happens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text)
    sync(temporary)
    temporary.replace(path)
    sync(path.parent)


def sync(path: Path | str) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
