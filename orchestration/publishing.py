"""Turns a finished folder into a build, and a build into the one that readers get.

A crash at any point leaves either the old pointer or the new one, each naming a complete build:
the folder is synced before it gets its name, the pointer is replaced by a rename.
"""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

from tenants.warehouse import Build

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tenants.warehouse import Warehouse

KEPT_BUILDS = 4
# The file being built has always the same path: dbt's kept manifest depends on it.
WORKSPACE = ".next"


def fresh_workspace(warehouse: Warehouse) -> Path:
    """Return an empty folder to build in; what a killed build left there is removed."""
    folder = warehouse.builds_dir / WORKSPACE
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "tenants").mkdir(parents=True)
    return folder


def seal(warehouse: Warehouse, workspace: Path, build_id: str, facts: Mapping[str, object]) -> Build:
    """Make the workspace a finished, not yet published build.

    Args:
        warehouse: Where builds lie.
        workspace: The folder built in; no file of it may be open.
        build_id: The name it gets.
        facts: What `build.json` records; `built_at` is required.

    Returns:
        The build, durable on disk.
    """
    (workspace / "build.json").write_text(json.dumps(facts, indent=1, default=str))
    for folder, _, names in os.walk(workspace):
        for name in names:
            sync(os.path.join(folder, name))  # noqa: PTH118 - os.walk gives strings
        sync(folder)
    workspace.rename(warehouse.builds_dir / build_id)
    sync(warehouse.builds_dir)
    return warehouse.build(build_id)


def publish(warehouse: Warehouse, build: Build) -> None:
    """Give readers this build from now on, and drop the oldest that nobody is given any more."""
    write_atomically(warehouse.pointer, build.id)
    published = warehouse.build_ids()
    for build_id in published[:-KEPT_BUILDS]:
        if build_id != build.id:
            shutil.rmtree(warehouse.builds_dir / build_id, ignore_errors=True)


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
