"""The parsed ruleset kept beside its files, so that starting does not parse YAML again."""

from __future__ import annotations

import fcntl
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from validation_engine.detect.schema import Profiles  # noqa: TC001 - msgspec needs it at run time
from validation_engine.gates.schema import GateFile  # noqa: TC001 - msgspec needs it at run time
from validation_engine.learned.table import WeightTable  # noqa: TC001 - msgspec needs it at run time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Parsed(msgspec.Struct, frozen=True):
    """What the rule files hold: gates in order, vocabulary, types, words, version; and checked patterns."""

    gates: list[GateFile]
    macros: dict[str, str]
    profiles: Profiles
    words: WeightTable
    version: str
    expanded: dict[str, str] = {}
    atoms: dict[str, list[list[str]]] | None = None


def cached(folder: Path, digest: str, read: Callable[[], Parsed]) -> Parsed:
    """Return what `read` gives, from the kept copy where one of this digest and schema is there.

    Of several processes that start at once, one reads, and the others wait for its copy. A folder that
    cannot be written to costs a slower start, nothing else.
    """
    kept = folder / "__pycache__" / f"ruleset-{digest[:24]}-{_schema_mark()}.msgpack"
    if (parsed := _kept(kept)) is not None:
        return parsed
    with _one_at_a_time(kept.parent):
        if (parsed := _kept(kept)) is not None:
            return parsed
        parsed = read()
        with suppress(OSError):
            _keep(kept, msgspec.msgpack.encode(parsed))
    return parsed


def _kept(path: Path) -> Parsed | None:
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.msgpack.decode(path.read_bytes(), type=Parsed)
    return None


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; it ends with its process. Where none can be had, each reads for itself."""
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    try:
        file = (folder / "ruleset.lock").open("wb")
    except OSError:
        yield
        return
    with file:
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _schema_mark() -> str:
    """Return a mark that changes with the source of what is kept."""
    here = Path(__file__)
    others = (
        "detect/schema.py",
        "gates/schema.py",
        "scan/atoms.py",
        "scan/edges.py",
        "scan/patterns.py",
        "scan/scopes.py",
    )
    sources = (here, *(here.parent.parent / other for other in others))
    return "-".join(f"{source.stat().st_mtime_ns:x}" for source in sources)


def _keep(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(name).replace(path)
    for old in path.parent.glob("ruleset-*.msgpack"):
        if old != path:
            old.unlink(missing_ok=True)
