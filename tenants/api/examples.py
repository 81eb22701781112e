"""An example for each body and answer of the OpenAPI document, made from schemas and a few telling values."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
_JSON = "application/json"
_TIME = "2026-11-26T09:30:00Z"
# Values that say more than the type does, by the property's name.
_TELLING: Json = {
    "tenant_id": "ten_22vv5wkc81mkr8zt",
    "user_id": "usr_7189ve8xw3neajsz",
    "actor_id": "usr_7189ve8xw3neajsz",
    "key_id": "key_rrd240f76y8v4ab4",
    "session_id": "ses_36gn8h5svjpw28st",
    "invoice_id": "in_1SxQ2mLkdIwHu7ix",
    "stripe_customer_id": "cus_TUvX8aBcD1eF2g",
    "key": "loki_…shown once…",
    "name": "Acme Wealth Ltd",
    "slug": "acme-wealth",
    "plan": "professional",
    "status": "active",
    "region": "local",
    "role": "admin",
    "time_zone": "Europe/London",
    "language": "en",
    "email": "ada@acme.example",
    "billing_email": "billing@acme.example",
    "created_by": "staff:usr_2zq0d1x8k6v9m3ta",
    "updated_by": "user:usr_7189ve8xw3neajsz",
    "modules": ["fca_uk", "gdpr_uk"],
    "features": ["custom_gates", "sso", "white_label"],
    "permissions": ["documents:validate", "validations:read"],
    "notifications": {"welcome": True},
    "hint": "n9-k",
    "meter": "api_calls",
    "used": "32",
    "limit": "50000",
    "quotas": {"api_calls": "50000", "conversations": None},
    "percent": 0.064,
    "calls": 32,
    "calls_by_module": {"fca_uk": 20, "gdpr_uk": 12},
    "calls_by_status": {"200": 32},
    "success_rate": 1.0,
    "currency": "GBP",
    "amount": "299.00",
    "total": "299.00",
    "amount_due": "299.00",
    "amount_paid": "299.00",
    "interval": "month",
    "domain": "checks.acme.example",
    "record_name": "_loki.checks.acme.example",
    "token": "loki-verification=FYuhminzveBnJB65izwHwROY6PTfSQA6",
    "issuer": "https://login.acme.example",
    "client_id": "loki",
    "entity_id": "https://idp.acme.example/metadata",
    "sso_url": "https://idp.acme.example/sso",
    "primary_colour": "#2196F3",
    "accent_colour": "#FFC107",
    "font": "system",
    "css": "h1 { letter-spacing: 0.02em }",
    "action": "api_key_issued",
    "object_type": "api_key",
    "object_id": "key_rrd240f76y8v4ab4",
    "actor_kind": "user",
    "detail": {"permissions": ["documents:validate"]},
    "personal": {"address": "192.0.2.7"},
    "method": "POST",
    "route": "/v1/validations",
    "status_code": 200,
    "certificate": {"places": {"store: validation_runs": 461, "backups: files": 30}, "kept": ["…"]},
    "overrides": {"quotas": {"api_calls": "50000"}},
    "kind": "user",
    "step": "add_team_members",
    "next_step": "add_team_members",
    "next_action": "Invite a colleague.",
    "title": "Add team members",
}


def add_examples(operation: Json, schemas: Json) -> None:
    """Give an operation's body and its good answers an example each, where they have none of their own."""
    bodies = [operation.get("requestBody", {})]
    bodies += [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    for body in bodies:
        content = body.get("content", {}).get(_JSON)
        if content is not None and "example" not in content and content.get("schema"):
            content["example"] = example_of(content["schema"], schemas)


def example_of(schema: Json, schemas: Json, name: str = "") -> Any:  # noqa: ANN401 - any JSON
    """Return a value that the schema accepts and a reader learns from."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if "properties" in schema:
        told = schema["properties"].items()
        return {each: example_of(inner, schemas, each) for each, inner in told}
    if schema.get("examples"):
        return schema["examples"][0]
    if "anyOf" in schema:
        return _of_either(schema["anyOf"], schemas, name)
    if name in _TELLING and "enum" not in schema and _is_list(schema) == isinstance(_TELLING[name], list):
        return _TELLING[name]
    return _of_type(schema, schemas, name)


def _is_list(schema: Json) -> bool:
    return schema.get("type") == "array"


def _of_either(choices: list[Json], schemas: Json, name: str) -> Any:  # noqa: ANN401 - any JSON
    if name.endswith(("_at", "_link")) and name not in {"created_at", "updated_at"}:
        return None
    return example_of(next(each for each in choices if each.get("type") != "null"), schemas, name)


def _of_type(schema: Json, schemas: Json, name: str) -> Any:  # noqa: ANN401 - any JSON
    if "default" in schema:
        return schema["default"]
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [example_of(schema.get("items", {}), schemas, name)]
    if schema.get("format") == "date-time":
        return _TIME
    if schema.get("type") in {"integer", "number"}:
        return schema.get("minimum", 1)
    return {"boolean": False, "object": {}, "null": None}.get(schema.get("type", ""), name or "text")
