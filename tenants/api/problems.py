"""Errors at the edge: one table from kind to HTTP status, every answer `application/problem+json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import structlog
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from tenants.access.decision import BILLING_PATH
from tenants.api.paths import methods_at
from tenants.errors import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    PaymentRequired,
    PlatformError,
    QuotaExceeded,
    RateLimited,
    TooLarge,
    Unauthenticated,
    Unavailable,
)

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request

_log = structlog.get_logger(__name__)

STATUSES: dict[type[PlatformError], tuple[int, str]] = {
    TooLarge: (413, "Too large"),
    InvalidInput: (422, "What was sent cannot be used"),
    Unauthenticated: (401, "Not signed in"),
    PaymentRequired: (402, "Payment required"),
    NotAllowed: (403, "Not allowed"),
    NotFound: (404, "Not found"),
    Conflict: (409, "Conflict"),
    QuotaExceeded: (429, "Quota used up"),
    RateLimited: (429, "Too many calls"),
    Unavailable: (503, "Not available now"),
}
_FALLBACK = (500, "Something went wrong here")
_MEDIA_TYPE = "application/problem+json"
_QUOTA_FACTS = ("limit", "remaining", "reset")
_NOT_FOUND, _WRONG_METHOD = 404, 405
_CODES = {
    _NOT_FOUND: "not_found",
    _WRONG_METHOD: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
}


def problem(status: int, title: str, detail: str, code: str, **facts: object) -> Response:
    """Return a problem document (RFC 9457) with our stable code."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code, **facts}
    return Response(orjson.dumps(body, default=str), status, media_type=_MEDIA_TYPE)


def status_of(error: PlatformError) -> int:
    """Return the HTTP status of a refusal."""
    return _status(error)[0]


def install(app: FastAPI) -> None:
    """Answer every error of an application in this form."""
    app.add_exception_handler(PlatformError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _by_framework)
    app.add_exception_handler(Exception, _failed)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, PlatformError)  # noqa: S101 - registered for this kind only
    if isinstance(error, PaymentRequired) and _is_page(request):
        return RedirectResponse(BILLING_PATH, 303)
    status, title = _status(error)
    facts = {name: value for name, value in error.context.items() if value is not None}
    response = problem(status, title, error.message, error.code, **facts)
    if isinstance(error, Unauthenticated):
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, QuotaExceeded):
        response.headers.update(
            {f"X-Quota-{name.title()}": str(facts[name]) for name in _QUOTA_FACTS if name in facts}
        )
    retry_after = error.context.get("retry_after")
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _malformed(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    first: dict[str, Any] = error.errors()[0] if error.errors() else {}
    where = ".".join(str(part) for part in first.get("loc", ())) or "request"
    detail = f"{where}: {first.get('msg', 'it cannot be read')}. Compare it with /openapi.json."
    return problem(422, "What was sent cannot be used", detail, "invalid_request", where=where)


def _by_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    if error.status_code == _WRONG_METHOD:
        return _wrong_method(request)
    code = _CODES.get(error.status_code, "http_error")
    response = problem(error.status_code, str(error.detail), _sentence(error), code)
    response.headers.update(error.headers or {})
    return response


def _sentence(error: HTTPException) -> str:
    if error.status_code == _NOT_FOUND:
        return "There is nothing here for this method and path; see /openapi.json."
    return f"The request was refused: {error.detail.rstrip('.')}."


def _wrong_method(request: Request) -> Response:
    """Name every method of the path: the framework names those of the first route that has it."""
    taken = ", ".join(methods_at(request.app, request.url.path))
    detail = f"This path takes {taken}, and {request.method} was sent; see /openapi.json."
    response = problem(_WRONG_METHOD, "Method not allowed", detail, _CODES[_WRONG_METHOD])
    response.headers["Allow"] = taken
    return response


def _failed(request: Request, error: Exception) -> Response:
    _log.error("request_failed", method=request.method, kind=type(error).__name__, exc_info=error)
    detail = "The request failed on our side and changed nothing; send it again, then tell support."
    return problem(*_FALLBACK, detail, "internal_error")


def _status(error: PlatformError) -> tuple[int, str]:
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), _FALLBACK)


def _is_page(request: Request) -> bool:
    return request.method == "GET" and "text/html" in request.headers.get("accept", "")
