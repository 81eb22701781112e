"""What the routes answer in JSON."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.responses import Response

JSON = "application/json"


def as_json(told: dict[str, Any], status: int = 200) -> Response:
    """Return an answer in JSON; times are ISO 8601, and decimals text, so that no reader rounds them."""
    return Response(orjson.dumps(told, default=str), status, media_type=JSON)
