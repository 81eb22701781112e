"""What OpenAPI says of bodies that msgspec reads."""

from __future__ import annotations

from typing import Any

from validation_engine.api import examples
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
        "reference": {"type": "string"},
    },
}
_FORM: dict[str, Any] = {
    "type": "object",
    "required": ["file", "modules"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "modules": {"type": "string", "description": "Names separated by commas; may be repeated."},
        "document_type": _TYPE,
        "as_of": {"type": "string", "format": "date"},
        "reference": {"type": "string"},
    },
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


VALIDATION = body(DOCUMENT, _FORM, examples.DOCUMENT)
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
        "properties": {
            **_FORM["properties"],
            "file": {"type": "array", "items": {"type": "string", "format": "binary"}, "maxItems": 500},
        },
    },
    example={"documents": [examples.DOCUMENT | {"reference": "spring-leaflet"}]},
)
_APPLY = {"type": "string", "enum": ["none", "safe", "all"], "default": "safe"}
CORRECTION = body(
    DOCUMENT | {"properties": {**DOCUMENT["properties"], "apply": _APPLY}},
    _FORM | {"properties": {**_FORM["properties"], "apply": _APPLY}},
    examples.DOCUMENT | {"apply": "safe"},
)
