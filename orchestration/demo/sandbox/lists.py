"""Stripe's lists: newest first, a cursor in both directions, filters, `has_more`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from orchestration.demo.sandbox.errors import ApiError, Json, missing
from orchestration.demo.sandbox.params import Reader, Spec, integer, text
from orchestration.demo.sandbox.routing import route
from orchestration.demo.sandbox.store import INDEXED, reference

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

Keep = Callable[[Json], bool]
MAXIMUM, DEFAULT, NESTED = 100, 10, 10
_RANGE = {"gt": integer, "gte": integer, "lt": integer, "lte": integer}


def time_range(raw: Any, path: str) -> tuple[int | None, int | None]:  # noqa: ANN401 - a moment or a hash of bounds
    """Read `created=…` or `created[gte]=…` as inclusive bounds."""
    if not isinstance(raw, dict):
        exact = integer(raw, path)
        return exact, exact
    bounds = Spec(**_RANGE).read(raw, path)
    since, until = bounds.get("gte"), bounds.get("lte")
    if bounds.get("gt") is not None:
        since = bounds["gt"] + 1
    if bounds.get("lt") is not None:
        until = bounds["lt"] - 1
    return since, until


PAGE = Spec(limit=integer, starting_after=text, ending_before=text, created=time_range)


def envelope(data: list[Any], url: str, *, has_more: bool) -> Json:
    """Return a list object."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def nested(things: list[Json], url: str) -> Json:
    """Return a list inside an object: the first ten and the address of the rest."""
    return envelope(things[:NESTED], url, has_more=len(things) > NESTED)


def limit_of(values: Json) -> int:
    """Return the page size asked for."""
    limit = values.get("limit")
    if limit is None:
        return DEFAULT
    if not 1 <= limit <= MAXIMUM:
        message = f"Invalid integer: {limit}. The limit must be between 1 and {MAXIMUM}."
        raise ApiError(message, code="parameter_invalid_integer", param="limit")
    return int(limit)


def cut(things: Iterable[Any], values: Json, key: Callable[[Any], str], kind: str) -> tuple[list[Any], bool]:
    """Return one page of an ordered sequence, and whether there is more in the direction of travel."""
    limit = limit_of(values)
    after, before = values.get("starting_after"), values.get("ending_before")
    if after and before:
        message = "Specify either `starting_after` or `ending_before`, not both."
        raise ApiError(message, param="ending_before")
    if before:
        return _cut_before(things, before, limit, key, kind)
    walk: Iterator[Any] = iter(things)
    if after and not any(key(thing) == after for thing in walk):
        raise missing(after, kind, "starting_after", status=400)
    page = list(islice(walk, limit + 1))
    return page[:limit], len(page) > limit


def _cut_before(
    things: Iterable[Any], before: str, limit: int, key: Callable[[Any], str], kind: str
) -> tuple[list[Any], bool]:
    newer: list[Any] = []
    for thing in things:
        if key(thing) == before:
            return newer[-limit:], len(newer) > limit
        newer.append(thing)
    raise missing(before, kind, "ending_before", status=400)


def _id(thing: Json) -> str:
    return str(thing["id"])


def page(
    account: Account, kind: str, values: Json, url: str, keep: Keep, under: tuple[str, str] | None
) -> Json:
    """Return one page of a collection.

    Args:
        account: Whose objects.
        kind: Which.
        values: The paging parameters, read by `PAGE`.
        url: The list's own address.
        keep: Which objects to list.
        under: A field and target that an index narrows the walk to.
    """
    collection = account.store.of(kind)
    since, until = values.get("created") or (None, None)
    cursor = values.get("starting_after")
    if under:
        walk: Iterable[Json] = reversed(collection.under(*under))
    elif cursor in collection.objects:
        walk = collection.newest_first(since, until, from_id=cursor)
    else:
        walk = collection.newest_first(since, until)

    def fits(thing: Json) -> bool:
        created = thing.get("created") or thing.get("date") or 0
        return (since is None or created >= since) and (until is None or created <= until) and keep(thing)

    cursors = {cursor, values.get("ending_before")}
    data, has_more = cut((each for each in walk if each["id"] in cursors or fits(each)), values, _id, kind)
    return envelope(data, url, has_more=has_more)


def listing(
    kind: str, path: str, *, keep: Callable[[Json, Json], bool] | None = None, **filters: Reader
) -> None:
    """Register `GET path`: filters compare a field with a value, lists of values with any of them.

    Args:
        kind: What is listed.
        path: Its address.
        keep: A further condition on (object, all filter values).
        filters: Readers of the filter parameters by field name.
    """
    spec = PAGE.with_(**filters)

    @route(f"GET {path}")
    def handle(account: Account, form: Json) -> Json:
        values = spec.read(form)
        wanted = {name: values[name] for name in filters if values.get(name) is not None}
        plain = {name: value for name, value in wanted.items() if not _special(value)}

        def fits(thing: Json) -> bool:
            same = all(
                reference_or_value(thing[name]) == value for name, value in plain.items() if name in thing
            )
            return same and (keep is None or keep(thing, wanted))

        under = next(((name, plain[name]) for name in INDEXED if name in plain), None)
        return page(account, kind, values, path, fits, under)


def _special(value: object) -> bool:
    return isinstance(value, list | tuple | dict) or value in ("all", "ended")


def reference_or_value(value: object) -> object:
    """Return what a filter compares with: the id of an object, or the value itself."""
    return reference(value) if isinstance(value, dict) else value
