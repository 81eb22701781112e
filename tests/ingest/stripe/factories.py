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


def price(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"price_{number:06d}",
        "object": "price",
        "active": True,
        "billing_scheme": "per_unit",
        "created": NOW - 1000 + number,
        "currency": "gbp",
        "livemode": False,
        "metadata": {},
        "product": "prod_000001",
        "recurring": {"interval": "month", "interval_count": 1, "usage_type": "licensed"},
        "type": "recurring",
        "unit_amount": 9900,
        "unit_amount_decimal": "9900",
        **fields,
    }


def subscription(number: int, **fields: Any) -> dict[str, Any]:
    item = {
        "id": f"si_{number:06d}",
        "object": "subscription_item",
        "created": NOW - 1000 + number,
        "current_period_end": NOW + 1_000_000,
        "current_period_start": NOW - 1000,
        "discounts": [],
        "price": price(1),
        "quantity": 1,
        "subscription": f"sub_{number:06d}",
    }
    return {
        "id": f"sub_{number:06d}",
        "object": "subscription",
        "created": NOW - 1000 + number,
        "currency": "gbp",
        "customer": "cus_000001",
        "discounts": [],
        "items": {"object": "list", "data": [item], "has_more": False, "url": "/v1/subscription_items"},
        "livemode": False,
        "metadata": {},
        "start_date": NOW - 1000 + number,
        "status": "active",
        **fields,
    }


def invoice(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"in_{number:06d}",
        "object": "invoice",
        "created": NOW - 1000 + number,
        "currency": "gbp",
        "customer": "cus_000001",
        "discounts": [],
        "lines": {"object": "list", "data": [], "has_more": False, "url": "/v1/invoices/x/lines"},
        "livemode": False,
        "status": "open",
        "total": 9900,
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
