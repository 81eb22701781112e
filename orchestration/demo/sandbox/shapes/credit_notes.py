"""Credit notes and their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.lists import envelope

if TYPE_CHECKING:
    from orchestration.demo.sandbox.errors import Json


def credit_note(object_id: str, invoice: Json, amount: int, now: int) -> Json:
    """Return a credit note over an amount, without lines."""
    return {
        "id": object_id,
        "object": "credit_note",
        "amount": amount,
        "amount_shipping": 0,
        "created": now,
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "customer_account": None,
        "customer_balance_transaction": None,
        "discount_amount": 0,
        "discount_amounts": [],
        "effective_at": now,
        "invoice": invoice["id"],
        "lines": envelope([], f"/v1/credit_notes/{object_id}/lines", has_more=False),
        "livemode": False,
        "memo": None,
        "metadata": {},
        "number": "",
        "out_of_band_amount": None,
        "pdf": f"/_sandbox/invoices/{invoice['id']}",
        "post_payment_amount": 0,
        "pre_payment_amount": 0,
        "pretax_credit_amounts": [],
        "reason": None,
        "refunds": [],
        "shipping_cost": None,
        "status": "issued",
        "subtotal": amount,
        "subtotal_excluding_tax": amount,
        "total": amount,
        "total_excluding_tax": amount,
        "total_taxes": [],
        "type": "post_payment",
        "voided_at": None,
    }


def line(object_id: str, kind: str, description: str | None, amount: int) -> Json:
    """Return a credit note's line."""
    return {
        "id": object_id,
        "object": "credit_note_line_item",
        "amount": amount,
        "description": description,
        "discount_amount": 0,
        "discount_amounts": [],
        "invoice_line_item": None,
        "livemode": False,
        "metadata": {},
        "pretax_credit_amounts": [],
        "quantity": 1,
        "tax_rates": [],
        "taxes": [],
        "type": kind,
        "unit_amount": None,
        "unit_amount_decimal": None,
    }
