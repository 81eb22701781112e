"""What OpenAPI says of bodies that msgspec reads, and of answers that the routes write themselves."""

from __future__ import annotations

from typing import Any, get_args

import msgspec

from validation_engine.api import examples
from validation_engine.api.bodies import LONGEST_REFERENCE, MOST_IN_BATCH, TextKind
from validation_engine.api.service import LONGEST_KEY
from validation_engine.corrections.correct import Apply
from validation_engine.gates.document_types import TYPES
from validation_engine.results import Result

Json = dict[str, Any]
_MODULES = {"type": "array", "items": {"type": "string"}, "minItems": 1}
_TYPE = {"type": "string", "enum": list(TYPES), "description": "Detected where left out."}
DOCUMENT: Json = {
    "type": "object",
    "required": ["document", "modules"],
    "additionalProperties": False,
    "properties": {
        "document": {"type": "string"},
        "modules": _MODULES,
        "document_type": _TYPE | {"nullable": True},
        "media_type": {"type": "string", "enum": list(get_args(TextKind))},
        "as_of": {"type": "string", "format": "date"},
        "reference": {"type": "string", "maxLength": LONGEST_REFERENCE},
    },
}
_FORM: Json = {
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
_ONCE: Json = {
    "name": "idempotency-key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": LONGEST_KEY},
    "description": "Makes a retried request act once.",
}
_LATER: Json = {
    "name": "prefer",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "enum": ["respond-async"]},
    "description": "`respond-async` has it answered by 202 and the address of a batch at once.",
}


def body(schema: Json, form: Json | None = None, example: object = None) -> Json:
    """Return the OpenAPI extra of a request body."""
    content: Json = {"application/json": {"schema": schema}}
    if example is not None:
        content["application/json"]["example"] = example
    if form is not None:
        content["multipart/form-data"] = {"schema": form}
    return {"requestBody": {"required": True, "content": content}}


def answers(
    example: object, status: int = 200, schema: Json | None = None, **kinds: str
) -> dict[int | str, Any]:
    """Return the `responses` of a route that answers in JSON, and perhaps in other kinds.

    Args:
        example: What it answers.
        status: With which status.
        schema: Of the answer.
        kinds: Other media types, by any name.
    """
    content: Json = {"application/json": {"schema": schema or {"type": "object"}, "example": example}}
    content |= {kind: {} for kind in kinds.values()}
    return {status: {"description": "Successful Response", "content": content}}


def result_schema() -> Json:
    """Return the schema of a validation's result, whole in itself."""
    (schema,), parts = msgspec.json.schema_components([Result], ref_template="#/$defs/{name}")
    whole: Json = _inlined(schema, parts)
    return whole


def _inlined(schema: Any, parts: Json) -> Any:  # noqa: ANN401 - any part of a schema
    if isinstance(schema, list):
        return [_inlined(each, parts) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(parts[schema["$ref"].rpartition("/")[2]], parts)
    return {name: _inlined(inner, parts) for name, inner in schema.items()}


VALIDATION = body(DOCUMENT, _FORM, examples.DOCUMENT) | {"parameters": [_ONCE, _LATER]}
BATCH = body(
    {
        "type": "object",
        "required": ["documents"],
        "additionalProperties": False,
        "properties": {
            "documents": {"type": "array", "items": DOCUMENT, "minItems": 1, "maxItems": MOST_IN_BATCH}
        },
    },
    {
        "type": "object",
        "required": ["file", "modules"],
        "additionalProperties": False,
        "properties": {
            **_FORM["properties"],
            "file": {
                "type": "array",
                "items": {"type": "string", "format": "binary"},
                "maxItems": MOST_IN_BATCH,
            },
        },
    },
    example={"documents": [examples.DOCUMENT | {"reference": "spring-leaflet"}]},
) | {"parameters": [_ONCE, _LATER]}
_APPLY = {"type": "string", "enum": list(get_args(Apply)), "default": "safe"}
CORRECTION = body(
    DOCUMENT | {"properties": {**DOCUMENT["properties"], "apply": _APPLY}},
    _FORM | {"properties": {**_FORM["properties"], "apply": _APPLY}},
    examples.DOCUMENT | {"apply": "all"},
) | {"parameters": [_ONCE]}
