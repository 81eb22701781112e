"""What the one application needs around its routes: errors, limits' headers, metrics, parts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from tenants.api import metrics, problems
from tenants.api.audited import log_request
from tenants.api.gathered import GatheredWebhooks
from tenants.api.hot_routes import serve_first
from tenants.api.openapi import describe

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fastapi import APIRouter, FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tenants.api.deps import Deps

# Above any document's limit: what comes beyond it, or beyond what its route has set, is not read.
MOST_BYTES = 32_000_000
_SECURITY_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"cache-control": b"no-store",
}

# The pages that show the API's document run scripts of others: in a sandbox of no origin, from which no
# session can be used. They read the document, which is everyone's, from there.
_OF_PATHS = {
    "/docs": {b"content-security-policy": b"sandbox allow-scripts allow-popups"},
    "/redoc": {b"content-security-policy": b"sandbox allow-scripts allow-popups"},
    "/openapi.json": {b"access-control-allow-origin": b"*"},
}


def prepare(app: FastAPI, deps: Deps, *routers: APIRouter) -> None:
    """Give an application its parts, its errors, its edge and its routes."""
    app.state.deps = deps
    app.state.webhooks = GatheredWebhooks(deps.inbox)
    # A redirect would send a body again to another address, or lose it.
    app.router.redirect_slashes = False
    app.swagger_ui_parameters = {"supportedSubmitMethods": []}
    problems.install(app)
    app.add_middleware(Edge)
    for router in routers:
        app.include_router(router)
    serve_first(app)
    describe(app)


class Edge:
    """Adds security and rate headers to each answer and measures it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        # No id has a NUL, and PostgreSQL fails where it is asked for one.
        app = _nothing_there if "\0" in scope["path"] else self._app
        await app(scope, _receiving(scope, receive), _sending(scope, send, time.perf_counter()))


async def _nothing_there(scope: Scope, receive: Receive, send: Send) -> None:
    detail = "There is nothing at a path with the character NUL; leave it out."
    await problems.problem(404, "Not found", detail, "not_found")(scope, receive, send)


def _receiving(scope: Scope, receive: Receive) -> Receive:
    received = 0

    async def receiving() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        most = scope["state"].get("most_bytes", MOST_BYTES)
        if received > most:
            raise HTTPException(413, f"a body has at most {most // 1_000_000} MB here")
        return message

    return receiving


def _sending(scope: Scope, send: Send, began: float) -> Callable[[Message], Awaitable[None]]:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            _add_headers(scope, message)
            await _log(scope, message["status"])
            metrics.measure(scope, message["status"], time.perf_counter() - began)
        await send(message)

    return sending


async def _log(scope: Scope, status: int) -> None:
    granted = scope["state"].get("granted")
    if granted is not None and granted.is_logged:
        await run_in_threadpool(log_request, scope, status)


def _add_headers(scope: Scope, message: Message) -> None:
    headers = list(message.get("headers", ()))
    names = {name.lower() for name, _ in headers}
    ours = {**_SECURITY_HEADERS, **_OF_PATHS.get(scope["path"], {})}
    headers += [(name, value) for name, value in ours.items() if name not in names]
    rate = scope["state"].get("rate")
    if rate is not None:
        headers += [(name.lower().encode(), value.encode()) for name, value in rate.headers().items()]
    message["headers"] = headers
