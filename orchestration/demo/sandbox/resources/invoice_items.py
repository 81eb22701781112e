"""Invoice items: what waits for the next invoice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox import pricing
from orchestration.demo.sandbox.billing import creation, discounts, invoicing
from orchestration.demo.sandbox.billing.lines import name_of, tiers_of
from orchestration.demo.sandbox.errors import ApiError, Json, required
from orchestration.demo.sandbox.lists import listing
from orchestration.demo.sandbox.params import (
    Spec,
    boolean,
    count,
    decimal,
    integer,
    many,
    mapping,
    merge_metadata,
    text,
)
from orchestration.demo.sandbox.resources.subscriptions import DISCOUNTS
from orchestration.demo.sandbox.routing import retrieval, route
from orchestration.demo.sandbox.shapes import invoices as shapes

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

_UPDATE = Spec(
    amount=integer,
    description=text,
    discountable=boolean,
    discounts=DISCOUNTS,
    metadata=mapping,
    period=Spec("start end", start=integer, end=integer),
    pricing=Spec(price=text),
    quantity=count,
    tax_rates=many(text),
    unit_amount_decimal=decimal,
)
_CREATE = _UPDATE.with_("customer", customer=text, currency=text, invoice=text, subscription=text)


@route("POST /v1/invoiceitems")
def create(account: Account, form: Json) -> Json:
    """Leave an amount for the customer's next invoice, or put it on a draft at once."""
    values = _CREATE.read(form)
    customer = account.named("customer", values["customer"], "customer")
    currency = (values.get("currency") or customer["currency"] or "").lower()
    price_id = (values.get("pricing") or {}).get("price")
    if price_id:
        currency = account.named("price", price_id, "pricing[price]")["currency"]
    if not currency:
        raise required(param="currency")
    account.enter(customer["id"])
    item = shapes.invoice_item(account.ids.new("ii"), customer, currency, 0, account.now)
    if values.get("subscription"):
        account.named("subscription", values["subscription"], "subscription")
        details = {"subscription": values["subscription"], "subscription_item": None}
        item["parent"] = {"subscription_details": details, "type": "subscription_details"}
    invoicing.settle_currency(account, customer, currency)
    _apply(account, item, values, customer)
    account.add(item, "invoiceitem.created")
    if values.get("invoice"):
        invoice = account.named("invoice", values["invoice"], "invoice")
        if invoice["status"] != "draft":
            message = "You can only add items to a draft invoice."
            raise ApiError(message, code="invoice_not_editable", param="invoice")
        before = account.snapshot(invoice)
        invoicing.put_lines(account, invoice, [], [item])
        account.saved(invoice, before, "invoice.updated")
    return item


@route("POST /v1/invoices/{id}/add_lines")
def add_lines(account: Account, form: Json, invoice_id: str) -> Json:
    """Put pending invoice items on a draft."""
    values = Spec("lines", lines=many(Spec("invoice_item", invoice_item=text))).read(form)
    invoice = account.get("invoice", invoice_id)
    waiting = [account.named("invoiceitem", line["invoice_item"], "lines") for line in values["lines"]]
    if invoice["status"] != "draft":
        message = "You can only add lines to a draft invoice."
        raise ApiError(message, code="invoice_not_editable")
    for item in waiting:
        if item["invoice"] is not None or item["customer"] != invoice["customer"]:
            message = f"{item['id']} is on an invoice already, or another customer's."
            raise ApiError(message, param="lines")
        if item["currency"] != invoice["currency"]:
            message = f"{item['id']} is in {item['currency']}, the invoice in {invoice['currency']}."
            raise ApiError(message, param="lines")
    before = account.snapshot(invoice)
    invoicing.put_lines(account, invoice, [], waiting)
    account.saved(invoice, before, "invoice.updated")
    return invoice


def _apply(account: Account, item: Json, values: Json, customer: Json) -> None:
    quantity = values.get("quantity") or item["quantity"]
    price_id = (values.get("pricing") or {}).get("price")
    if price_id:
        price = account.named("price", price_id, "pricing[price]")
        item["pricing"] = shapes.pricing(price, price["unit_amount_decimal"])
        item["amount"] = pricing.total(price, tiers_of(account, price), quantity)
        item["description"] = name_of(account, price)
    elif values.get("unit_amount_decimal") is not None:
        item["amount"] = pricing.to_minor(values["unit_amount_decimal"] * quantity)
    elif values.get("amount") is not None:
        item["amount"] = values["amount"]
    item["net_amount"] = item["amount"]
    item["quantity"], item["quantity_decimal"] = quantity, str(quantity)
    item["metadata"] = merge_metadata(item["metadata"], values.get("metadata"))
    if "discounts" in values:
        item["discounts"] = discounts.take(account, values["discounts"], customer, invoice_item=item["id"])
    if "tax_rates" in values:
        item["tax_rates"] = creation.tax_rates(account, values["tax_rates"], "tax_rates")
    for field in ("description", "discountable", "period"):
        if values.get(field) is not None:
            item[field] = values[field]


def _editable(account: Account, item_id: str) -> tuple[Json, Json | None]:
    item = account.get("invoiceitem", item_id)
    invoice = account.store.of("invoice").objects.get(item["invoice"] or "")
    if invoice is not None and invoice["status"] != "draft":
        message = "This invoice item is attached to an invoice that is no longer editable."
        raise ApiError(message, code="invoice_not_editable")
    return item, invoice


@route("POST /v1/invoiceitems/{id}")
def update(account: Account, form: Json, item_id: str) -> Json:
    """Change an invoice item, and the draft it is on."""
    item, invoice = _editable(account, item_id)
    values = _UPDATE.read(form)
    before = account.snapshot(item)
    _apply(account, item, values, account.named("customer", item["customer"], "customer"))
    account.saved(item, before, None)
    if invoice is not None:
        line = account.store.by_id[account.hidden[item_id]["line"]]
        for field in (
            "amount",
            "description",
            "discountable",
            "pricing",
            "quantity",
            "quantity_decimal",
            "metadata",
        ):
            line[field] = item[field]
        line["subtotal"] = item["amount"]
        was = account.snapshot(invoice)
        invoicing.add_up(account, invoice)
        account.saved(invoice, was, "invoice.updated")
    return item


@route("DELETE /v1/invoiceitems/{id}")
def delete(account: Account, _form: Json, item_id: str) -> Json:
    """Delete an invoice item, also from the draft it is on."""
    item, invoice = _editable(account, item_id)
    gone = account.remove(item, "invoiceitem.deleted")
    if invoice is not None:
        before = account.snapshot(invoice)
        account.remove(account.store.by_id[account.hidden[item_id]["line"]])
        invoicing.add_up(account, invoice)
        account.saved(invoice, before, "invoice.updated")
    return gone


retrieval("invoiceitem", "/v1/invoiceitems")
listing(
    "invoiceitem",
    "/v1/invoiceitems",
    customer=text,
    invoice=text,
    pending=boolean,
    keep=lambda item, wanted: "pending" not in wanted or (item["invoice"] is None) == wanted["pending"],
)
