"""Routes that are called so often that FastAPI's own handling would be most of their cost.

FastAPI describes them like any other; Starlette serves them, ahead of the search through all
routes, by the same function. That function takes the request and returns the response itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Match, Route

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Scope


class HotRoute(APIRoute):
    """A route whose endpoint is `async def endpoint(request: Request) -> Response` without dependencies."""


class _Served(Route):
    """Serves one path and method; all else of that path is left to FastAPI's route."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child_scope = super().matches(scope)
        if match is not Match.FULL:
            return Match.NONE, {}
        return match, {**child_scope, "route": self}


def serve_first(app: FastAPI) -> None:
    """Put an application's hot routes before all others; to be called once they are all included."""
    hot = [each for each in iter_route_contexts(app.routes) if isinstance(each.original_route, HotRoute)]
    for each in hot:
        assert each.path is not None  # noqa: S101 - an API route has one
        assert each.endpoint is not None  # noqa: S101 - as above
        route = _Served(each.path, each.endpoint, methods=each.methods, include_in_schema=False)
        app.router.routes.insert(0, route)
