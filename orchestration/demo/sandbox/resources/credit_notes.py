"""Credit notes: what is taken off a finalized invoice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.billing import crediting
from orchestration.demo.sandbox.errors import ApiError, Json
from orchestration.demo.sandbox.lists import PAGE, cut, envelope, listing
from orchestration.demo.sandbox.params import (
    Spec,
    choice,
    count,
    decimal,
    integer,
    many,
    mapping,
    merge_metadata,
    text,
)
from orchestration.demo.sandbox.routing import retrieval, route

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

_LINE = Spec(
    "type",
    type=choice("custom_line_item", "invoice_line_item"),
    amount=count,
    description=text,
    invoice_line_item=text,
    quantity=count,
    unit_amount=integer,
    unit_amount_decimal=decimal,
)
_CREATE = Spec(
    "invoice",
    amount=count,
    credit_amount=count,
    invoice=text,
    lines=many(_LINE),
    memo=text,
    metadata=mapping,
    out_of_band_amount=count,
    reason=choice("duplicate", "fraudulent", "order_change", "product_unsatisfactory"),
    refund_amount=count,
)


@route("POST /v1/credit_notes")
def create(account: Account, form: Json) -> Json:
    """Credit an invoice: off what is open, or paid back, or onto the customer's balance."""
    values = _CREATE.read(form)
    invoice = account.named("invoice", values["invoice"], "invoice")
    return crediting.issue(account, invoice, values)


@route("GET /v1/credit_notes/preview")
def preview(account: Account, form: Json) -> Json:
    """Show a credit note without issuing it."""
    values = _CREATE.read(form)
    invoice = account.named("invoice", values["invoice"], "invoice")
    return crediting.compose(account, invoice, values)[0]


@route("POST /v1/credit_notes/{id}")
def update(account: Account, form: Json, note_id: str) -> Json:
    """Change a credit note's memo or metadata."""
    note = account.get("credit_note", note_id)
    values = Spec(memo=text, metadata=mapping).read(form)
    before = account.snapshot(note)
    note["memo"] = values.get("memo", note["memo"])
    note["metadata"] = merge_metadata(note["metadata"], values.get("metadata"))
    account.saved(note, before, "credit_note.updated")
    return note


@route("POST /v1/credit_notes/{id}/void")
def void(account: Account, _form: Json, note_id: str) -> Json:
    """Void a credit note of an open invoice."""
    note = account.get("credit_note", note_id)
    if note["type"] != "pre_payment" or note["status"] == "void":
        message = "You can only void a credit note that was issued before payment."
        raise ApiError(message)
    invoice = account.get("invoice", note["invoice"])
    before, was = account.snapshot(note), account.snapshot(invoice)
    note["status"], note["voided_at"] = "void", account.now
    invoice["pre_payment_credit_notes_amount"] -= note["amount"]
    invoice["amount_remaining"] += note["amount"]
    account.saved(note, before, None, "credit_note.voided")
    account.saved(invoice, was, "invoice.updated")
    return note


@route("GET /v1/credit_notes/{id}/lines")
def list_lines(account: Account, form: Json, note_id: str) -> Json:
    """List a credit note's lines in the order in which the note shows them."""
    account.get("credit_note", note_id)
    values = PAGE.read(form)
    lines = [account.store.by_id[each] for each in account.hidden[note_id]["lines"]]
    data, has_more = cut(lines, values, lambda each: each["id"], "credit_note_line_item")
    return envelope(data, f"/v1/credit_notes/{note_id}/lines", has_more=has_more)


retrieval("credit_note", "/v1/credit_notes")
listing("credit_note", "/v1/credit_notes", customer=text, invoice=text)
