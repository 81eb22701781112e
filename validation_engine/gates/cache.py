"""The parsed ruleset kept beside its files, so that starting does not parse YAML again."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from validation_engine.detect.schema import Profiles  # noqa: TC001 - msgspec needs it at run time
from validation_engine.gates.schema import GateFile  # noqa: TC001 - msgspec needs it at run time
from validation_engine.learned.table import WeightTable  # noqa: TC001 - msgspec needs it at run time

if TYPE_CHECKING:
    from collections.abc import Callable


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

    A folder that cannot be written to costs a slower start, nothing else.
    """
    kept = folder / "__pycache__" / f"ruleset-{digest[:24]}-{_schema_mark()}.msgpack"
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.msgpack.decode(kept.read_bytes(), type=Parsed)
    parsed = read()
    with suppress(OSError):
        _keep(kept, msgspec.msgpack.encode(parsed))
    return parsed


def _schema_mark() -> str:
    """Return a mark that changes with the source of what is kept."""
    here = Path(__file__)
    others = ("detect/schema.py", "gates/edges.py", "gates/patterns.py", "gates/schema.py", "scan/atoms.py")
    sources = (here, *(here.parent.parent / other for other in others))
    return "-".join(f"{source.stat().st_mtime_ns:x}" for source in sources)


def _keep(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(name).replace(path)
    for old in path.parent.glob("ruleset-*.msgpack"):
        if old != path:
            old.unlink(missing_ok=True)
