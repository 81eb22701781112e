"""Customers, their credit balance, and test clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.demo.sandbox.errors import Json

NO_ADDRESS: Json = {
    "city": None,
    "country": None,
    "line1": None,
    "line2": None,
    "postal_code": None,
    "state": None,
}


def customer(object_id: str, invoice_prefix: str, now: int, clock_id: str | None) -> Json:
    """Return a new customer."""
    return {
        "id": object_id,
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": now,
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": None,
        "invoice_prefix": invoice_prefix,
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": clock_id,
    }


def customer_balance_transaction(object_id: str, customer: Json, amount: int, kind: str, now: int) -> Json:
    """Return a movement of a customer's credit balance that has just been made."""
    return {
        "id": object_id,
        "object": "customer_balance_transaction",
        "amount": amount,
        "checkout_session": None,
        "created": now,
        "credit_note": None,
        "currency": customer["currency"] or "usd",
        "customer": customer["id"],
        "customer_account": None,
        "description": None,
        "ending_balance": customer["balance"],
        "invoice": None,
        "livemode": False,
        "metadata": {},
        "type": kind,
    }


def test_clock(object_id: str, name: str | None, now: int, frozen: int) -> Json:
    """Return a new test clock."""
    return {
        "id": object_id,
        "object": "test_helpers.test_clock",
        "created": now,
        "deletes_after": now + 30 * 86_400,
        "frozen_time": frozen,
        "livemode": False,
        "name": name,
        "status": "ready",
        "status_details": {},
    }
