"""Which handler answers which method and path."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from orchestration.demo.sandbox.errors import ApiError, Json

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

Handler = Callable[..., Any]
Same = TypeVar("Same", bound=Handler)
_ROUTES: dict[tuple[str, int], list[tuple[list[str], Handler]]] = {}


def route(rule: str) -> Callable[[Same], Same]:
    """Register a handler for a rule such as `GET /v1/customers/{id}`; it gets account, form and the ids."""
    method, path = rule.split(" ")
    segments = path.strip("/").split("/")

    def register(handler: Same) -> Same:
        known = _ROUTES.setdefault((method, len(segments)), [])
        known.append((segments, handler))
        known.sort(key=lambda entry: sum(segment.startswith("{") for segment in entry[0]))
        return handler

    return register


def find(method: str, path: str) -> tuple[Handler, list[str]]:
    """Return the handler for a request and the ids in its path."""
    given = path.strip("/").split("/")
    for segments, handler in _ROUTES.get((method, len(given)), ()):
        ids = []
        for segment, actual in zip(segments, given, strict=True):
            if segment.startswith("{"):
                ids.append(actual)
            elif segment != actual:
                break
        else:
            return handler, ids
    message = f"Unrecognized request URL ({method}: {path})."
    raise ApiError(message, status=404)


def retrieval(kind: str, path: str) -> None:
    """Register `GET path/{id}` for a kind of object."""

    @route(f"GET {path}/{{id}}")
    def retrieve(account: Account, _form: Json, object_id: str) -> Json:
        return account.get(kind, object_id)
