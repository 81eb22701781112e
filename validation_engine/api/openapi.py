"""What OpenAPI says of bodies that msgspec reads."""

from __future__ import annotations

from typing import Any

from validation_engine.api import examples
from validation_engine.api.bodies import LONGEST_REFERENCE
from validation_engine.gates.document_types import TYPES

_MODULES = {"type": "array", "items": {"type": "string"}, "minItems": 1}
_TYPE = {"type": "string", "enum": list(TYPES), "description": "Detected where left out."}
DOCUMENT: dict[str, Any] = {
    "type": "object",
    "required": ["document", "modules"],
    "additionalProperties": False,
    "properties": {
        "document": {"type": "string"},
        "modules": _MODULES,
        "document_type": _TYPE | {"nullable": True},
        "media_type": {"type": "string", "enum": ["text/plain", "text/markdown", "text/html"]},
        "as_of": {"type": "string", "format": "date"},
        "reference": {"type": "string", "maxLength": LONGEST_REFERENCE},
    },
}
_FORM: dict[str, Any] = {
    "type": "object",
    "required": ["file", "modules"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "modules": {"type": "string", "description": "Names separated by commas; may be repeated."},
        "document_type": _TYPE,
        "as_of": {"type": "string", "format": "date"},
        "reference": {"type": "string", "maxLength": LONGEST_REFERENCE},
    },
}


_ONCE: dict[str, Any] = {
    "name": "idempotency-key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": "Makes a retried request act once.",
}
_LATER: dict[str, Any] = {
    "name": "prefer",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "enum": ["respond-async"]},
    "description": "`respond-async` has it answered by 202 and the address of a batch at once.",
}


def body(
    schema: dict[str, Any], form: dict[str, Any] | None = None, example: object = None
) -> dict[str, Any]:
    """Return the OpenAPI extra of a request body."""
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    if example is not None:
        content["application/json"]["example"] = example
    if form is not None:
        content["multipart/form-data"] = {"schema": form}
    return {"requestBody": {"required": True, "content": content}}


VALIDATION = body(DOCUMENT, _FORM, examples.DOCUMENT) | {"parameters": [_ONCE, _LATER]}
BATCH = body(
    {
        "type": "object",
        "required": ["documents"],
        "additionalProperties": False,
        "properties": {"documents": {"type": "array", "items": DOCUMENT, "minItems": 1, "maxItems": 500}},
    },
    {
        "type": "object",
        "required": ["file", "modules"],
        "additionalProperties": False,
        "properties": {
            **_FORM["properties"],
            "file": {"type": "array", "items": {"type": "string", "format": "binary"}, "maxItems": 500},
        },
    },
    example={"documents": [examples.DOCUMENT | {"reference": "spring-leaflet"}]},
) | {"parameters": [_ONCE, _LATER]}
_APPLY = {"type": "string", "enum": ["none", "safe", "all"], "default": "safe"}
CORRECTION = body(
    DOCUMENT | {"properties": {**DOCUMENT["properties"], "apply": _APPLY}},
    _FORM | {"properties": {**_FORM["properties"], "apply": _APPLY}},
    examples.DOCUMENT | {"apply": "all"},
) | {"parameters": [_ONCE]}
