"""Routes that decide on access before they read anything of what was sent.

FastAPI alone reads and parses a body first, so that whoever has no credentials would be told what is
wrong with it, and could have megabytes of it kept.
"""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fastapi import params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from tenants.api.access import Guard

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    Handler = Callable[[Request], Coroutine[Any, Any, Response]]

# Above the largest logo, batch of usage events and answer of an identity provider.
MOST_PARSED_BYTES = 4_000_000
JSON = ("application/json",)
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


class GuardedRoute(APIRoute):
    """A route whose `Guard`, where it has one, decides first; only then is a body looked at."""

    def get_route_handler(self) -> Handler:
        """Return the handler, behind its guard."""
        handle = super().get_route_handler()
        guards = [each.call for each in self.dependant.dependencies if isinstance(each.call, Guard)]
        body = self.body_field

        async def guarded(request: Request) -> Response:
            for guard in guards:
                await guard(request)
            if body is not None:
                is_form = isinstance(body.field_info, params.Form)
                require_type(request.headers, _FORMS if is_form else JSON)
                request.state.most_bytes = MOST_PARSED_BYTES
                if not is_form:
                    _refuse_repeated(await request.body())
            return await handle(request)

        return guarded


def _refuse_repeated(body: bytes) -> None:
    """Refuse an object that names a field twice, of which the last would count; what is no JSON passes.

    Raises:
        RequestValidationError: It names one twice.
    """
    with suppress(ValueError, RecursionError):
        json.loads(body, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, object]]) -> None:
    names = Counter(name for name, _ in pairs)
    for name, count in names.items():
        if count > 1:
            told = f"it is named {count} times; name it once"
            raise RequestValidationError([{"loc": ("body", name), "msg": told, "type": "repeated"}])


def require_type(headers: Mapping[str, str], taken: tuple[str, ...]) -> None:
    """Refuse a body of a type that the route does not take; none at all is told of as a missing field.

    Raises:
        HTTPException: It was sent as something else.
    """
    given = headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = "application/json" in taken and given.startswith("application/") and given.endswith("+json")
    if given and given not in taken and not is_json:
        raise HTTPException(415, f"this takes {' or '.join(taken)}, and {given[:50]!r} was sent")
