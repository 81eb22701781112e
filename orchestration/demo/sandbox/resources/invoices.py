"""Invoices, their lines and payments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.billing import collection, creation, discounts, invoicing, preview
from orchestration.demo.sandbox.errors import ApiError, Json, card_declined
from orchestration.demo.sandbox.expansion import includable
from orchestration.demo.sandbox.lists import PAGE, cut, envelope, listing, nested, time_range
from orchestration.demo.sandbox.params import (
    FIELDS,
    Spec,
    boolean,
    choice,
    count,
    integer,
    many,
    mapping,
    merge_metadata,
    text,
)
from orchestration.demo.sandbox.resources.payment_methods import resolve
from orchestration.demo.sandbox.resources.subscriptions import DISCOUNTS
from orchestration.demo.sandbox.routing import retrieval, route

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

_UPDATE = Spec(
    auto_advance=boolean,
    collection_method=choice("charge_automatically", "send_invoice"),
    custom_fields=FIELDS,
    days_until_due=count,
    default_payment_method=text,
    default_tax_rates=many(text),
    description=text,
    discounts=DISCOUNTS,
    due_date=integer,
    footer=text,
    metadata=mapping,
    number=text,
)
_CREATE = _UPDATE.with_(
    customer=text,
    currency=text,
    subscription=text,
    pending_invoice_items_behavior=choice("exclude", "include"),
)


@route("POST /v1/invoices")
def create(account: Account, form: Json) -> Json:
    """Draft an invoice by hand."""
    values = _CREATE.with_("customer").read(form)
    customer = account.named("customer", values["customer"], "customer")
    subscription = None
    if values.get("subscription"):
        subscription = account.named("subscription", values["subscription"], "subscription")
    before = account.snapshot(subscription) if subscription is not None else None
    currency = values.get("currency") or customer["currency"] or "usd"
    takes_pending = subscription is not None or values.get("pending_invoice_items_behavior") == "include"
    invoice = invoicing.draft(
        account, customer, currency.lower(), subscription, [], reason="manual", with_pending=takes_pending
    )
    invoice["auto_advance"] = bool(values.get("auto_advance"))
    _apply(account, invoice, values, customer)
    if invoice["auto_advance"]:
        invoicing.schedule_finalization(account, invoice)
    account.tell(invoice, "invoice.created")
    if subscription is not None and before:
        account.saved(subscription, before, "customer.subscription.updated")
    return invoice


def _apply(account: Account, invoice: Json, values: Json, customer: Json) -> None:
    if "metadata" in values:
        invoice["metadata"] = merge_metadata(invoice["metadata"], values["metadata"])
    if "default_tax_rates" in values:
        rates = creation.tax_rates(account, values["default_tax_rates"], "default_tax_rates")
        invoice["default_tax_rates"] = rates
    if "discounts" in values:
        invoice["discounts"] = discounts.take(account, values["discounts"], customer)
    if values.get("days_until_due") is not None:
        account.secret(invoice["id"])["days_until_due"] = values["days_until_due"]
    for field in (
        "auto_advance",
        "collection_method",
        "custom_fields",
        "default_payment_method",
        "description",
        "due_date",
        "footer",
        "number",
    ):
        if field in values:
            invoice[field] = values[field]
    invoicing.add_up(account, invoice)


def _draft(account: Account, invoice_id: str) -> Json:
    invoice = account.get("invoice", invoice_id)
    if invoice["status"] != "draft":
        message = "This invoice is no longer editable: it has been finalized."
        raise ApiError(message, code="invoice_not_editable")
    return invoice


@route("POST /v1/invoices/{id}")
def update(account: Account, form: Json, invoice_id: str) -> Json:
    """Change a draft; of a finalized invoice only metadata, description and automatic collection."""
    values = _UPDATE.read(form)
    invoice = account.get("invoice", invoice_id)
    if set(values) - {"metadata", "auto_advance", "description", "default_payment_method"}:
        _draft(account, invoice_id)
    before = account.snapshot(invoice)
    if invoice["status"] == "draft":
        _apply(account, invoice, values, collection.customer_of(account, invoice))
        if values.get("auto_advance") and account.due("invoice.finalize", invoice_id) is None:
            invoicing.schedule_finalization(account, invoice)
    else:
        invoice["metadata"] = merge_metadata(invoice["metadata"], values.get("metadata"))
        invoice.update({name: value for name, value in values.items() if name != "metadata"})
    account.saved(invoice, before, "invoice.updated")
    return invoice


@route("DELETE /v1/invoices/{id}")
def delete(account: Account, _form: Json, invoice_id: str) -> Json:
    """Delete a draft; what it had taken up is pending again."""
    invoice = _draft(account, invoice_id)
    for item in account.store.of("invoiceitem").under("invoice", invoice_id):
        item["invoice"] = None
        account.dirty.add(item["id"])
    return account.remove(invoice, "invoice.deleted")


@route("POST /v1/invoices/{id}/finalize")
def finalize(account: Account, form: Json, invoice_id: str) -> Json:
    """Finalize a draft; with automatic collection it is charged like one that was due."""
    values = Spec(auto_advance=boolean).read(form)
    invoice = account.get("invoice", invoice_id)
    if "auto_advance" in values and invoice["status"] == "draft":
        invoice["auto_advance"] = values["auto_advance"]
    invoicing.finalize(account, invoice)
    if invoice["amount_due"] == 0:
        collection.mark_paid(account, invoice, 0)
    elif invoice["collection_method"] == "charge_automatically":
        collection.open_payment(account, invoice)
        if invoice["auto_advance"]:
            account.schedule("invoice.retry", invoice_id, account.now + 3600)
    return invoice


@route("POST /v1/invoices/{id}/pay")
def pay(account: Account, form: Json, invoice_id: str) -> Json:
    """Pay an invoice now, with its own, the customer's or a given card, or as paid elsewhere."""
    values = Spec(payment_method=text, paid_out_of_band=boolean, off_session=boolean, forgive=boolean).read(
        form
    )
    invoice = account.get("invoice", invoice_id)
    if invoice["status"] == "draft":
        invoicing.finalize(account, invoice)
    if invoice["status"] not in {"open", "uncollectible"}:
        message = (
            "Invoice is already paid"
            if invoice["status"] == "paid"
            else "This invoice can no longer be paid."
        )
        raise ApiError(message, code="invoice_already_paid" if invoice["status"] == "paid" else None)
    if invoice["amount_remaining"] == 0:
        collection.mark_paid(account, invoice, 0)
        return invoice
    if values.get("paid_out_of_band"):
        collection.pay_elsewhere(account, invoice)
        return invoice
    method = (
        resolve(account, values["payment_method"], "payment_method") if values.get("payment_method") else None
    )
    if not collection.attempt(account, invoice, method):
        found = collection.payment_of(account, invoice)
        error = (found[1]["last_payment_error"] if found else None) or {}
        raise card_declined(
            error.get("decline_code", "generic_decline"), error.get("charge"), found and found[1]
        )
    return invoice


@route("POST /v1/invoices/{id}/attach_payment")
def attach_payment(account: Account, form: Json, invoice_id: str) -> Json:
    """Let a payment intent pay an invoice, or part of it, beside the invoice's own."""
    values = Spec("payment_intent", payment_intent=text).read(form)
    invoice = _open(account, invoice_id, "attach a payment to")
    intent = account.named("payment_intent", values["payment_intent"], "payment_intent")
    if intent["currency"] != invoice["currency"] or intent["status"] == "canceled":
        message = f"{intent['id']} cannot pay this invoice: it is canceled, or in another currency."
        raise ApiError(message, param="payment_intent")
    collection.attach(account, invoice, intent)
    return invoice


@route("POST /v1/invoices/{id}/void")
def void(account: Account, _form: Json, invoice_id: str) -> Json:
    """Declare a finalized invoice void."""
    invoice = _open(account, invoice_id, "void")
    collection.void(account, invoice)
    return invoice


@route("POST /v1/invoices/{id}/mark_uncollectible")
def mark_uncollectible(account: Account, _form: Json, invoice_id: str) -> Json:
    """Give an invoice up."""
    invoice = _open(account, invoice_id, "mark as uncollectible")
    collection.give_up(account, invoice)
    return invoice


def _open(account: Account, invoice_id: str, verb: str) -> Json:
    invoice = account.get("invoice", invoice_id)
    if invoice["status"] not in {"open", "uncollectible"}:
        message = f"You can only {verb} an open invoice; this one is {invoice['status']}."
        raise ApiError(message, code="invoice_not_editable")
    return invoice


@route("POST /v1/invoices/{id}/send")
def send(account: Account, _form: Json, invoice_id: str) -> Json:
    """Send an invoice to its customer, finalizing it first."""
    invoice = account.get("invoice", invoice_id)
    if invoice["status"] == "draft":
        invoicing.finalize(account, invoice)
    account.tell(invoice, "invoice.sent")
    return invoice


@route("GET /v1/invoices/{id}/lines")
def list_lines(account: Account, form: Json, invoice_id: str) -> Json:
    """List an invoice's lines in the order in which the invoice shows them."""
    invoice = account.get("invoice", invoice_id)
    values = PAGE.read(form)
    data, has_more = cut(invoicing.all_lines(account, invoice), values, lambda each: each["id"], "line_item")
    return envelope(data, f"/v1/invoices/{invoice_id}/lines", has_more=has_more)


@route("POST /v1/invoices/create_preview")
def create_preview(account: Account, form: Json) -> Json:
    """Show the invoice that would come next, or after a change, without making it."""
    return preview.preview(account, preview.SPEC.read(form))


@includable("invoice", "payments")
def payments(account: Account, invoice: Json) -> Json:
    """Return an invoice's payments."""
    known = account.store.of("invoice_payment").under("invoice", invoice["id"])
    return nested(list(reversed(known)), f"/v1/invoice_payments?invoice={invoice['id']}")


@includable("invoice", "confirmation_secret")
def confirmation_secret(account: Account, invoice: Json) -> Json | None:
    """Return what a browser needs to pay an invoice."""
    found = collection.payment_of(account, invoice)
    return {"client_secret": found[1]["client_secret"], "type": "payment_intent"} if found else None


def _payment_matches(record: Json, wanted: Json) -> bool:
    return all(record["payment"].get(name) == value for name, value in (wanted.get("payment") or {}).items())


retrieval("invoice", "/v1/invoices")
retrieval("invoice_payment", "/v1/invoice_payments")
listing(
    "invoice",
    "/v1/invoices",
    customer=text,
    status=text,
    subscription=text,
    collection_method=text,
    due_date=time_range,
    keep=lambda invoice, wanted: _is_due(invoice, wanted.get("due_date")),
)
listing(
    "invoice_payment",
    "/v1/invoice_payments",
    invoice=text,
    status=text,
    payment=Spec(type=text, payment_intent=text, payment_record=text),
    keep=_payment_matches,
)


def _is_due(invoice: Json, bounds: tuple[int | None, int | None] | None) -> bool:
    since, until = bounds or (None, None)
    due = invoice["due_date"]
    return bounds is None or (due is not None and (since or 0) <= due and (until is None or due <= until))
