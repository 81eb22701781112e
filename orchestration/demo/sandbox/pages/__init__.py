"""Small offline pages: what Stripe hosts for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from orchestration.demo.sandbox.sandbox import Sandbox


def serves(path: str) -> bool:
    """Tell whether a path is a page or a control, not the API."""
    return not path.startswith("/v1/")


async def respond(
    sandbox: Sandbox, scope: dict[str, Any], body: bytes, send: Callable[[dict[str, Any]], Awaitable[None]]
) -> None:
    """Answer a request for a page or control."""
    from orchestration.demo.sandbox.pages.controls import reply  # noqa: PLC0415 - pages are rarely asked for

    status, kind, payload, location = reply(sandbox, scope["method"], scope["path"], body)
    headers = [(b"content-type", kind.encode())]
    if location:
        headers.append((b"location", location.encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": payload})
