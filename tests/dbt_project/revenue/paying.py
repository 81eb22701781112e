"""Invoices, payments of them and credit notes, for stories of how money came in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.dbt_project.revenue.account import Account, Json, moment, seconds
from tests.dbt_project.revenue.bills import NOW, bill, subscriber

MONTHS = ["2025-02-01", "2025-03-01", "2025-04-01"]
BY_CARD = {"type": "payment_intent", "payment_intent": "pi_1"}


def billed(account: Account, paid: str | None, amount_paid: int, **fields: Any) -> Json:
    """Bill 100 for February, so much of it paid."""
    left = {"amount_paid": amount_paid, "amount_remaining": max(10000 - amount_paid, 0)}
    return bill(account, subscriber(account), MONTHS[0], paid, **(left | fields))


def payment(invoice: Json, number: int, day: str | None, amount: int, **fields: Any) -> Json:
    """Return a payment of an invoice as Stripe shows it."""
    return {
        "id": f"inpay_{invoice['id']}_{number}",
        "object": "invoice_payment",
        "invoice": invoice["id"],
        "currency": "usd",
        "amount_requested": amount,
        "amount_paid": amount if day else None,
        "created": seconds(moment(MONTHS[0])),
        "is_default": number == 0,
        "payment": BY_CARD | {"payment_intent": f"pi_{invoice['id']}_{number}"},
        "status": "paid" if day else "open",
        "status_transitions": {"canceled_at": None, "paid_at": day and seconds(moment(day))},
    } | fields


def pay(account: Account, invoice: Json, *parts: tuple[str | None, int], **fields: Any) -> None:
    """List the payments of an invoice: the day and the amount of each."""
    for number, (day, amount) in enumerate(parts):
        account.list_object(payment(invoice, number, day, amount, **fields), NOW - timedelta(hours=1))


def credit(account: Account, invoice: Json, day: str, amount: int, **fields: Any) -> None:
    """List a credit note on an invoice that is not paid yet."""
    body = {"id": account.new_id("cn"), "object": "credit_note", "invoice": invoice["id"], "currency": "usd"}
    terms = {"type": "pre_payment", "status": "issued", "amount": amount, "created": seconds(moment(day))}
    account.list_object(body | terms | fields, NOW - timedelta(hours=1))
