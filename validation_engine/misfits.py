"""What an error of msgspec leaves unsaid: which names are allowed where something does not fit."""

from __future__ import annotations

import re
from functools import reduce
from typing import TYPE_CHECKING

from msgspec import inspect

from validation_engine.names import listed, meant

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = re.compile(r" - at `\$(.*)`$")
_STEP = re.compile(r"\.([a-z_]+)|\[(\d+)\]|\[\.\.\.\]")
UNKNOWN_FIELD = re.compile(r"unknown field `(.*?)`")


def steps_in(message: str) -> list[str | int]:
    """Return the way from the root to where an error was found: names of fields, positions in lists."""
    found = PLACE.search(message)
    steps = _STEP.findall(found.group(1)) if found else []
    return [name or (int(number) if number else "…") for name, number in steps]


def way_out(message: str, kind: type) -> str:
    """Return a clause that says what would fit, and nothing where the error says it itself.

    Args:
        message: What msgspec says is wrong.
        kind: What was to be read.
    """
    unknown = UNKNOWN_FIELD.search(message)
    there = list(_options(reduce(_inner, steps_in(message), inspect.type_info(kind))))
    if unknown:
        fields = [name for one in there for name in _fields(one)]
        return meant(unknown.group(1), fields) or f"; the fields are {listed(fields)}"
    if "Invalid enum value" in message:
        values = [str(one) for each in there if isinstance(each, inspect.LiteralType) for one in each.values]
        return f"; use one of {listed(values)}"
    return "; write a day as YYYY-MM-DD" if "encoded date" in message else ""


def _fields(kind: inspect.Type) -> list[str]:
    return [one.encode_name for one in kind.fields] if isinstance(kind, inspect.StructType) else []


def _inner(kind: inspect.Type, step: str | int) -> inspect.Type:
    """Return what stands at a field or position of a kind."""
    for one in _options(kind):
        if isinstance(one, inspect.StructType):
            return next((each.type for each in one.fields if each.encode_name == step), inspect.AnyType())
        if isinstance(one, inspect.ListType):
            return one.item_type
    return inspect.AnyType()


def _options(kind: inspect.Type) -> Iterator[inspect.Type]:
    yield from kind.types if isinstance(kind, inspect.UnionType) else (kind,)
