"""What must hold whatever happened: sums of invoices and balances, and events that tell every change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from orchestration.demo.sandbox.events import differences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestration.demo.sandbox.account import Account
    from orchestration.demo.sandbox.events import Event

Json = dict[str, Any]
# Counted up by finalized invoices; Stripe sends no event for it.
_SILENT = "next_invoice_sequence"


def untold_changes(events: Iterable[Event]) -> list[tuple[str, Json, Json]]:
    """Return updates whose `previous_attributes` are not what changed since the object's event before."""
    last: dict[str, Json] = {}
    found = []
    for event in events:
        data = orjson.loads(event.data)
        thing, said = data["object"], data.get("previous_attributes", {})
        before = last.get(thing["id"])
        if before is not None and event.type.endswith(".updated"):
            changed = differences(before, thing)
            changed.pop(_SILENT, None)
            if changed != said:
                found.append((event.type, changed, said))
        last[thing["id"]] = thing
    return found


def faults_in_books(account: Account) -> list[str]:
    """Return what does not add up."""
    store = account.store
    found = [fault for invoice in store.of("invoice") for fault in _invoice_faults(account, invoice)]
    for customer in store.of("customer"):
        moves = store.of("customer_balance_transaction").under("customer", customer["id"])
        if sum(each["amount"] for each in moves) != customer["balance"]:
            found.append(f"{customer['id']}: balance")
    for charge in store.of("charge"):
        refunds = store.of("refund").under("charge", charge["id"])
        if sum(each["amount"] for each in refunds) != charge["amount_refunded"]:
            found.append(f"{charge['id']}: refunds")
    return found


def _invoice_faults(account: Account, invoice: Json) -> list[str]:
    lines = account.store.of("line_item").under("invoice", invoice["id"])
    subtotal = sum(line["amount"] for line in lines)
    cuts = sum(each["amount"] for each in invoice["total_discount_amounts"])
    added = sum(tax["amount"] for tax in invoice["total_taxes"] if tax["tax_behavior"] == "exclusive")
    paid = invoice["amount_paid"] + invoice["amount_remaining"] + invoice["pre_payment_credit_notes_amount"]
    checks = {
        "subtotal": invoice["subtotal"] == subtotal,
        "total": invoice["total"] == subtotal - cuts + added,
        "discounts of lines": cuts
        == sum(each["amount"] for line in lines for each in line["discount_amounts"]),
        "due": paid == invoice["amount_due"],
        "paid": invoice["status"] != "paid" or invoice["amount_remaining"] == 0,
    }
    return [f"{invoice['id']}: {name}" for name, holds in checks.items() if not holds]
