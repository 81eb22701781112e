"""What dbt made of the project, kept for every process of the tests while the project stays as it is."""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]
PROJECT = ROOT / "dbt_project"
KEPT = ROOT / ".pytest_cache" / "dbt"
A_DAY = 86400


def kept(key: str, make: Callable[[], bytes]) -> bytes:
    """Return what `make` gave for the key, in whichever process it was made first."""
    file = folder() / hashlib.sha256(key.encode()).hexdigest()
    with FileLock(f"{file}.lock"):
        if not file.exists():
            unfinished = file.with_suffix(".new")
            unfinished.write_bytes(make())
            unfinished.replace(file)
        return file.read_bytes()


@functools.cache
def folder() -> Path:
    """Return the folder for the project as it is now; those of how it was go after a day."""
    own = KEPT / _mark()
    own.mkdir(parents=True, exist_ok=True)
    os.utime(own)
    for other in KEPT.iterdir():
        if other.stat().st_mtime < time.time() - A_DAY:
            shutil.rmtree(other, ignore_errors=True)
    return own


def _mark() -> str:
    """Return a hash of all that a compiled query comes from."""
    told = [str(ROOT), *(version(name) for name in ("dbt-core", "dbt-duckdb"))]
    total = hashlib.sha256("\0".join(told).encode())
    written = [
        path for path in PROJECT.rglob("*") if path.is_file() and not {"target", "logs"} & {*path.parts}
    ]
    for path in [*sorted(written), Path(__file__), Path(__file__).with_name("warehouse.py")]:
        total.update(f"{path}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()[:24]
