"""`expand[]`: ids replaced by their objects, at most four levels deep."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson

from orchestration.demo.sandbox.errors import ApiError, Json

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

DEPTH = 4
Includable = Callable[["Account", Json], Any]
INCLUDABLE: dict[tuple[str, str], Includable] = {}


def includable(kind: str, field: str) -> Callable[[Includable], Includable]:
    """Register a field that an object shows only where it is asked for, and what fills it."""

    def register(function: Includable) -> Includable:
        INCLUDABLE[kind, field] = function
        return function

    return register


def expand(account: Account, answer: Json, paths: list[str]) -> Json:
    """Return a copy of an answer with the paths expanded."""
    copy: Json = orjson.loads(orjson.dumps(answer))
    for path in paths:
        names = path.split(".")
        if len(names) > DEPTH:
            message = f"You cannot expand more than {DEPTH} levels of a property ({path})."
            raise ApiError(message, param="expand")
        _expand(account, copy, names, path)
    return copy


def _expand(account: Account, thing: Json, names: list[str], path: str) -> None:
    name, rest = names[0], names[1:]
    source = INCLUDABLE.get((thing.get("object", ""), name))
    if name not in thing and source is not None:
        thing[name] = orjson.loads(orjson.dumps(source(account, thing)))
    if name not in thing:
        message = f"This property cannot be expanded ({path})."
        raise ApiError(message, param="expand")
    value = thing[name]
    if isinstance(value, list):
        thing[name] = [_object(account, member, path) for member in value]
        members = thing[name]
    else:
        if value is not None:
            thing[name] = _object(account, value, path, is_last=not rest)
        members = [thing[name]]
    for member in members:
        if rest and isinstance(member, dict):
            _expand(account, member, rest, path)


def _object(account: Account, value: Any, path: str, *, is_last: bool = True) -> Any:  # noqa: ANN401 - id or object
    if isinstance(value, dict):
        return value
    found = account.expandable(value) if isinstance(value, str) else None
    if found is None:
        if not is_last and value is None:
            return value
        message = f"This property cannot be expanded ({path})."
        raise ApiError(message, param="expand")
    return orjson.loads(orjson.dumps(found))
