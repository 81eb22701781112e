"""What the OpenAPI document says beside the routes: credentials, refusals, limits, examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi

from tenants.api.examples import add_examples

if TYPE_CHECKING:
    from fastapi import FastAPI

Json = dict[str, Any]
_PROBLEM = "application/problem+json"
_OPEN = frozenset({"/v1/domains/tls"})
_EITHER: list[dict[str, list[str]]] = [{"key": []}, {"session": []}]
_SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer loki_…`."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "loki_session",
        "description": "A signed-in person.",
    },
}
# Status, title, code, sentence: one example of each refusal.
_REFUSALS: dict[str, tuple[str, str, str]] = {
    "401": ("Not signed in", "unauthenticated", "Sign in, or send a valid API key."),
    "402": ("Payment required", "subscription_past_due", "A payment is overdue."),
    "403": (
        "Not allowed",
        "permission_missing",
        "This needs the permission users:manage; ask an owner or admin of your account.",
    ),
    "404": ("Not found", "user_not_found", "There is no such user; check the id."),
    "409": ("Conflict", "idempotency_key_reused", "This Idempotency-Key was used before."),
    "413": ("Too large", "too_large", "The request was refused: a body has at most 4 MB here."),
    "415": (
        "Unsupported Media Type",
        "unsupported_media_type",
        "The request was refused: this takes application/json, and 'text/yaml' was sent.",
    ),
    "422": ("What was sent cannot be used", "invalid_request", "body.name: Field required."),
    "429": ("Too many calls", "rate_limited", "More than 100 calls a minute; wait 12 s."),
    "503": ("Not available now", "tenant_deactivated", "This account is out of service."),
}
_PROBLEM_SCHEMA = {
    "title": "Problem",
    "description": "A refusal (RFC 9457) with a stable code, one sentence and, beside them, its facts.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong and the way out."},
        "code": {"type": "string", "description": "Stable; programs go by this."},
    },
    "additionalProperties": True,
}


def _header(text: str, kind: str = "integer") -> Json:
    return {"description": text, "schema": {"type": kind}}


_RATE = {
    "RateLimit-Limit": _header("Calls a minute."),
    "RateLimit-Remaining": _header("Calls left in this minute."),
    "RateLimit-Reset": _header("Seconds until all of them are there again."),
}
_QUOTA = {
    "X-Quota-Limit": _header("Units a period, or `unlimited`.", "string"),
    "X-Quota-Remaining": _header("Units left in the period, or `unlimited`.", "string"),
    "X-Quota-Reset": _header("When the next period begins.", "string"),
}
# How FastAPI tells of a route that makes its response itself.
_NOTHING_TOLD: Json = {"application/json": {"schema": {}}}
_METERED = frozenset({"/v1/validations", "/v1/validations/batches", "/v1/corrections"})


def describe(app: FastAPI) -> None:
    """Let an application tell all of this in its OpenAPI document."""

    def openapi() -> Json:
        if app.openapi_schema is None:
            told = get_openapi(
                title=app.title, version=app.version, description=app.description, routes=app.routes
            )
            app.openapi_schema = _completed(told)
        return app.openapi_schema

    # FastAPI's own way to extend the document.
    app.openapi = openapi  # type: ignore[method-assign]


def _completed(told: Json) -> Json:
    components = told.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = _PROBLEM_SCHEMA
    components["securitySchemes"] = _SCHEMES
    for path, methods in told["paths"].items():
        for operation in methods.values():
            operation["responses"].pop("422", None)
            if operation["responses"].get("200", {}).get("content") == _NOTHING_TOLD and _is_page(path):
                operation["responses"] = {"303": {"description": "Goes on to a page."}}
            if path.startswith("/v1/") and path not in _OPEN:
                _complete(path, operation)
            elif "requestBody" in operation or "parameters" in operation:
                operation["responses"] |= _refusals("422")
            add_examples(operation, schemas)
    return told


def _is_page(path: str) -> bool:
    return not path.startswith("/v1/")


def _complete(path: str, operation: Json) -> None:
    operation["security"] = _EITHER
    refusals = ["401", "402", "403", "429", "503"]
    refusals += ["404"] if "{" in path else []
    refusals += ["413", "415", "422"] if "requestBody" in operation else []
    refusals += ["422"] if "parameters" in operation and "422" not in refusals else []
    refusals += (
        ["409"] if any(each["name"] == "idempotency-key" for each in operation.get("parameters", ())) else []
    )
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            answer.setdefault("headers", {}).update(_RATE | (_QUOTA if path in _METERED else {}))
    operation["responses"] |= _refusals(*sorted(refusals))


def _refusals(*statuses: str) -> Json:
    return {status: _refusal(status) for status in statuses}


def _refusal(status: str) -> Json:
    title, code, detail = _REFUSALS[status]
    example = {"type": "about:blank", "title": title, "status": int(status), "detail": detail, "code": code}
    answer: Json = {
        "description": title,
        "content": {_PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }
    if status in {"429", "503"}:
        answer["headers"] = {"Retry-After": _header("Seconds to wait, where waiting helps.")}
    return answer
