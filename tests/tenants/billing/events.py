"""Events as Stripe sends them."""

from __future__ import annotations

import hmac
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

_numbers = count(1)


def signed(payload: bytes, secret: str, at: datetime) -> tuple[bytes, str]:
    stamp = int(at.timestamp())
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + payload, "sha256").hexdigest()
    return payload, f"t={stamp},v1={digest}"


def subscription(**fields: Any) -> dict[str, Any]:
    item = {"id": "si_1", "quantity": 1, "current_period_start": 1, "current_period_end": 9}
    price = {"unit_amount_decimal": "9900", "metadata": {"plan": fields.pop("plan", "starter")}}
    recurring = {"interval": "month", "interval_count": 1}
    defaults = {
        "id": "sub_1",
        "object": "subscription",
        "customer": "cus_1",
        "status": "active",
        "created": 1,
        "currency": "gbp",
        "cancel_at_period_end": False,
        "cancel_at": None,
        "items": {"data": [{**item, "price": {**price, "recurring": recurring}}]},
    }
    return {**defaults, **fields}


def invoice(**fields: Any) -> dict[str, Any]:
    defaults = {
        "id": "in_1",
        "object": "invoice",
        "customer": "cus_1",
        "status": "open",
        "created": 1,
        "currency": "gbp",
        "amount_due": 9900,
        "amount_paid": 0,
        "attempt_count": 0,
        "hosted_invoice_url": "https://pay.example/in_1",
    }
    return {**defaults, **fields}


def event(body: dict[str, Any], created: int, **fields: Any) -> dict[str, Any]:
    kind = f"{'customer.' if body['object'] == 'subscription' else ''}{body['object']}.updated"
    defaults = {
        "id": f"evt_{next(_numbers)}",
        "object": "event",
        "type": kind,
        "created": created,
        "data": {"object": body},
    }
    return {**defaults, **fields}
