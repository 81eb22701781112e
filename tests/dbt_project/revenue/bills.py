"""A subscription's invoices and charges as Stripe sends them, for accounts added up by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.dbt_project.revenue.account import Account, Json, moment, seconds

if TYPE_CHECKING:
    from datetime import datetime

NOW = moment("2025-04-15")


def line(account: Account, body: Json, when: datetime, amount: int) -> Json:
    """Return the line of a subscription's item for the month from a moment on."""
    item = body["items"]["data"][0]
    details = {"subscription": body["id"], "subscription_item": item["id"], "proration": False}
    return {
        "id": account.new_id("il"),
        "object": "line_item",
        "amount": amount,
        "currency": "usd",
        "quantity": 1,
        "period": {"start": seconds(when), "end": seconds(when + timedelta(days=30))},
        "parent": {"type": "subscription_item_details", "subscription_item_details": details},
        "pricing": {"price_details": {"price": item["price"]["id"]}},
    }


def bill(account: Account, body: Json, day: str, paid: str | None, **fields: Any) -> Json:
    """List an invoice of one line, finalised on a day and paid on another, or not at all; return it."""
    when, amount = moment(day), fields.get("total", 10000)
    settled = paid is not None
    invoice = {
        "id": account.new_id("in"),
        "object": "invoice",
        "customer": body["customer"],
        "status": "paid" if settled else "open",
        "billing_reason": "subscription_cycle",
        "currency": "usd",
        "created": seconds(when),
        "total": amount,
        "amount_due": amount,
        "amount_paid": amount if settled else 0,
        "amount_remaining": 0 if settled else amount,
        "attempt_count": 1,
        "parent": {"type": "subscription_details", "subscription_details": {"subscription": body["id"]}},
        "status_transitions": {
            "finalized_at": seconds(when),
            "paid_at": seconds(moment(paid)) if paid else None,
        },
        "lines": {"data": [line(account, body, when, amount)], "has_more": False},
    } | fields
    account.list_object(invoice, NOW - timedelta(hours=1))
    return invoice


def charge(account: Account, invoice: Json, day: str, status: str) -> Json:
    """List one attempt to collect an invoice; return it."""
    attempt = {
        "id": account.new_id("ch"),
        "object": "charge",
        "customer": invoice["customer"],
        "invoice": invoice["id"],
        "status": status,
        "currency": "usd",
        "amount": 10000,
        "amount_refunded": 0,
        "created": seconds(moment(day)),
    }
    account.list_object(attempt, NOW - timedelta(hours=1))
    return attempt


def subscriber(account: Account, day: str = "2025-01-01", **fields: Any) -> Json:
    """Subscribe a new customer to 100 a month."""
    return account.subscribe(moment(day), [account.item(account.price("10000"))], **fields)
