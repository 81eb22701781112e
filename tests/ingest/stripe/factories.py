"""Objects and events as Stripe would send them, as small as the readers allow."""

from __future__ import annotations

from typing import Any

NOW = 1_790_000_000  # 2026-09-21


def customer(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"cus_{number:06d}",
        "object": "customer",
        "created": NOW - 1000 + number,
        "livemode": False,
        "metadata": {},
        **fields,
    }


def event(
    number: int, about: dict[str, Any], kind: str = "customer.updated", **fields: Any
) -> dict[str, Any]:
    previous = fields.pop("previous_attributes", None)
    data: dict[str, Any] = {"object": about} | ({"previous_attributes": previous} if previous else {})
    return {
        "id": f"evt_{number:06d}",
        "object": "event",
        "type": kind,
        "created": NOW + number,
        "livemode": False,
        "api_version": "2026-10-28.dahlia",
        "data": data,
        **fields,
    }
