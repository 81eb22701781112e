"""One result as it is; several as an array of objects with the file's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validation_engine.results import Result


def as_json(results: Sequence[tuple[str, Result]]) -> bytes:
    """Return the contract's JSON."""
    if len(results) == 1:
        return msgspec.json.format(results[0][1].to_json(), indent=2) + b"\n"
    named = [{"file": name, **msgspec.to_builtins(result)} for name, result in results]
    return msgspec.json.format(msgspec.json.encode(named), indent=2) + b"\n"
