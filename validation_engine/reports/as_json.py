"""One result as it is; several as an array of objects with the file's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from validation_engine.results import Result


def as_json(results: Sequence[tuple[str, Result]], refused: Mapping[str, str]) -> bytes:
    """Return the contract's JSON; a document that could not be read is told with the error."""
    if len(results) == 1 and not refused:
        return msgspec.json.format(results[0][1].to_json(), indent=2) + b"\n"
    named = [{"file": name, **msgspec.to_builtins(result)} for name, result in results]
    named += [{"file": name, "error": message} for name, message in refused.items()]
    return msgspec.json.format(msgspec.json.encode(named), indent=2) + b"\n"
