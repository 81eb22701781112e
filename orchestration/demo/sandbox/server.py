"""The HTTP edge: keys, versions, idempotency, rate limits, errors."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import orjson

from orchestration.demo.sandbox import expansion, pages
from orchestration.demo.sandbox.account import VERSION
from orchestration.demo.sandbox.errors import ApiError, Json
from orchestration.demo.sandbox.params import parse_form
from orchestration.demo.sandbox.routing import find

if TYPE_CHECKING:
    from orchestration.demo.sandbox.sandbox import Sandbox

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Json]]
Send = Callable[[Json], Awaitable[None]]
_MAX_BODY = 4_000_000
_FAULT = "Sorry, an error occurred while processing your request."
_TOO_LONG = ApiError("The request body is longer than 4 MB.", status=413)
_NO_FIELDS: list[tuple[bytes, bytes]] = []
_log = logging.getLogger(__name__)


def answer(sandbox: Sandbox, method: str, path: str, form: Json) -> bytes:
    """Serve one API request and return the JSON, keeping what it changed."""
    paths = form.pop("expand", None) or []
    wanted = (
        list(paths.values())
        if isinstance(paths, dict)
        else [paths]
        if isinstance(paths, str)
        else list(paths)
    )
    handler, ids = find(method, path)
    result: Json = handler(sandbox.account, form, *ids)
    if wanted:
        result = expansion.expand(sandbox.account, result, [str(each) for each in wanted])
    return orjson.dumps(result)


class RateLimit:
    """A bucket of tokens, refilled as real time passes.

    Args:
        per_second: How many requests a second are let through; None for any number.
    """

    def __init__(self, per_second: float | None) -> None:
        self.per_second = per_second
        self._tokens, self._at = per_second or 0.0, time.monotonic()

    def take(self) -> None:
        """Take a token, or refuse where there is none."""
        if self.per_second is None:
            return
        now = time.monotonic()
        self._tokens = min(self.per_second, self._tokens + (now - self._at) * self.per_second)
        self._at = now
        if self._tokens < 1:
            message = "Request rate limit exceeded. Slow down and try again."
            raise ApiError(message, code="rate_limit", status=429)
        self._tokens -= 1


class App:
    """The ASGI application."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            return
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        body = await _body(receive)
        is_too_long = body is None
        body = body or b""
        sandbox = self._sandbox
        if pages.serves(scope["path"]):
            await pages.respond(sandbox, scope, body, send)
            return
        request_id = sandbox.request_ids.new("req", 14)
        if is_too_long:
            status, payload, extra = _TOO_LONG.status, orjson.dumps(_TOO_LONG.body()), _NO_FIELDS
        else:
            status, payload, extra = self._serve(scope, headers, body, request_id)
        fields = [
            (b"content-type", b"application/json"),
            (b"request-id", request_id.encode()),
            (b"stripe-version", headers.get("stripe-version", VERSION).encode()),
            *extra,
        ]
        if headers.get("idempotency-key"):
            fields.append((b"idempotency-key", headers["idempotency-key"].encode("latin-1")))
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send({"type": "http.response.body", "body": payload})

    def _serve(
        self, scope: Scope, headers: dict[str, str], body: bytes, request_id: str
    ) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
        sandbox = self._sandbox
        with sandbox.account.lock:
            try:
                _authenticate(sandbox, headers)
                sandbox.rate_limit.take()
                sandbox.tick()
                status, payload, extra = self._once(scope, headers, body, request_id)
            except Exception as error:  # noqa: BLE001 - a fault of ours is Stripe's 500 to the caller
                if not isinstance(error, ApiError):
                    _log.exception("sandbox_request_failed")
                    error = ApiError(_FAULT, status=500, kind="api_error")
                extra = [(b"retry-after", b"1")] if error.status == 429 else []  # noqa: PLR2004 - the status's name
                return error.status, orjson.dumps(error.body()), extra
        return status, payload, extra

    def _once(
        self, scope: Scope, headers: dict[str, str], body: bytes, request_id: str
    ) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
        """Serve a request, or replay the answer that its idempotency key got before."""
        sandbox, method, path = self._sandbox, scope["method"], scope["path"]
        key = headers.get("idempotency-key") if method == "POST" else None
        fingerprint = hashlib.sha256(path.encode() + b"\0" + body).hexdigest()
        if key:
            kept = sandbox.shelf.reply(key)
            if kept is not None:
                if kept[0] != fingerprint:
                    message = (
                        "Keys for idempotent requests can only be used with the same parameters they were "
                        f"first used with. Try a key other than '{key}' if you meant a different request."
                    )
                    raise ApiError(message, kind="idempotency_error")
                return kept[1], kept[2], [(b"idempotent-replayed", b"true")]
        sandbox.account.begin(request_id, key)
        try:
            form = {**parse_form(scope["query_string"]), **parse_form(body)}
            status, payload = 200, sandbox.transaction(lambda: answer(sandbox, method, path, form))
        except ApiError as error:
            status, payload = error.status, orjson.dumps(error.body())
        if key:
            sandbox.shelf.keep_reply(key, fingerprint, status, payload, sandbox.account.main.now)
        return status, payload, []


async def _body(receive: Receive) -> bytes | None:
    """Return the request's body, or None where it is too long to be kept."""
    chunks, size = [], 0
    while True:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= _MAX_BODY:
            chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks) if size <= _MAX_BODY else None


def _authenticate(sandbox: Sandbox, headers: dict[str, str]) -> None:
    from base64 import b64decode  # noqa: PLC0415 - only requests with basic authentication need it

    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = b64decode(given).decode().split(":")[0]
        except ValueError:
            given = ""
    if not given:
        message = (
            "You did not provide an API key. You need to provide your API key in the Authorization header, "
            "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        )
        raise ApiError(message, status=401)
    if given != sandbox.api_key:
        shown = f"{given[:8]}{'*' * max(0, len(given) - 12)}{given[-4:]}"
        message = f"Invalid API Key provided: {shown}"
        raise ApiError(message, status=401)
