"""Issuing credit notes and moving the money that they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.billing import collection, invoicing, payments
from orchestration.demo.sandbox.errors import ApiError, Json
from orchestration.demo.sandbox.lists import nested
from orchestration.demo.sandbox.shapes import credit_notes as shapes

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account


def compose(account: Account, invoice: Json, values: Json) -> tuple[Json, list[Json]]:
    """Return a credit note and all its lines, not yet issued."""
    if invoice["status"] not in {"open", "paid", "uncollectible"}:
        message = f"A credit note needs a finalized invoice; this one is {invoice['status']}."
        raise ApiError(message, code="invoice_not_editable", param="invoice")
    lines = [_line(account, wish, place) for place, wish in enumerate(values.get("lines") or [])]
    if not lines:
        lines = [
            shapes.line(account.ids.new("cnli"), "custom_line_item", "Credit", values.get("amount") or 0)
        ]
    amount = sum(line["amount"] for line in lines)
    if values.get("lines") and values.get("amount") not in (None, amount):
        message = "The sum of the lines must equal `amount`."
        raise ApiError(message, param="amount")
    credited = invoice["pre_payment_credit_notes_amount"] + invoice["post_payment_credit_notes_amount"]
    if not 0 < amount <= invoice["total"] - credited:
        left = invoice["total"] - credited
        message = f"The credit note must be above 0 and at most {left}, what is left to credit."
        raise ApiError(message, param="amount")
    note = shapes.credit_note(account.ids.new("cn"), invoice, amount, account.now)
    known = len(account.store.of("credit_note").under("invoice", invoice["id"]))
    note["number"] = f"{invoice['number']}-CN-{known + 1:02d}"
    before_payment = min(amount, invoice["amount_remaining"])
    note["pre_payment_amount"], note["post_payment_amount"] = before_payment, amount - before_payment
    note["type"] = (
        "pre_payment" if before_payment == amount else "mixed" if before_payment else "post_payment"
    )
    for field in ("memo", "reason", "out_of_band_amount"):
        note[field] = values.get(field)
    note["metadata"] = values.get("metadata") or {}
    note["lines"] = nested(lines, note["lines"]["url"])
    return note, lines


def _line(account: Account, wish: Json, place: int) -> Json:
    if wish["type"] == "custom_line_item":
        unit: int = wish.get("unit_amount") or wish.get("amount") or 0
        quantity = wish.get("quantity") or 1
        line = shapes.line(account.ids.new("cnli"), wish["type"], wish.get("description"), unit * quantity)
        line.update(quantity=quantity, unit_amount=unit, unit_amount_decimal=str(unit))
        return line
    source = account.named(
        "line_item", wish.get("invoice_line_item") or "", f"lines[{place}][invoice_line_item]"
    )
    quantity, whole = wish.get("quantity"), source["quantity"] or 1
    amount = wish.get("amount") or (source["amount"] * quantity // whole if quantity else source["amount"])
    line = shapes.line(account.ids.new("cnli"), wish["type"], source["description"], amount)
    line.update(invoice_line_item=source["id"], quantity=quantity)
    return line


def issue(account: Account, invoice: Json, values: Json) -> Json:
    """Issue a credit note: reduce what is open, then refund or credit what was paid."""
    note, lines = compose(account, invoice, values)
    account.enter(invoice["customer"])
    before = account.snapshot(invoice)
    invoice["pre_payment_credit_notes_amount"] += note["pre_payment_amount"]
    invoice["post_payment_credit_notes_amount"] += note["post_payment_amount"]
    invoice["amount_remaining"] -= note["pre_payment_amount"]
    _pay_out(account, invoice, note, values)
    for line in lines:
        account.add(line)
    account.secret(note["id"])["lines"] = [line["id"] for line in lines]
    account.add(note, "credit_note.created")
    if invoice["status"] == "open" and invoice["amount_remaining"] == 0:
        collection.mark_paid(account, invoice, 0, before)
    else:
        account.saved(invoice, before, "invoice.updated")
    return note


def _pay_out(account: Account, invoice: Json, note: Json, values: Json) -> None:
    """Refund and credit what was paid already; what is not said otherwise goes to the balance."""
    back, outside = values.get("refund_amount") or 0, values.get("out_of_band_amount") or 0
    credit = values.get("credit_amount")
    credit = note["post_payment_amount"] - back - outside if credit is None else credit
    if back + outside + credit != note["post_payment_amount"]:
        whole = note["post_payment_amount"]
        message = f"The sum of credit_amount, refund_amount and out_of_band_amount must equal {whole}."
        raise ApiError(message, param="credit_amount")
    found = collection.payment_of(account, invoice)
    if back and found:
        charge = account.store.by_id[found[1]["latest_charge"]]
        refund = payments.refund(account, charge, back, None)
        note["refunds"] = [
            {"amount_refunded": back, "payment_record_refund": None, "refund": refund["id"], "type": "refund"}
        ]
    if credit:
        customer = collection.customer_of(account, invoice)
        record = invoicing.change_balance(account, customer, -credit, "credit_note", credit_note=note["id"])
        note["customer_balance_transaction"] = record["id"]
