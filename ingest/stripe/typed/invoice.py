"""Invoices, their lines, pending items, payments and credit notes."""

from __future__ import annotations

from ingest.stripe.typed.catalogue import exact, expanded_discounts, price_terms
from ingest.stripe.typed.fields import (
    Json,
    at,
    currency,
    decimal,
    listed,
    moment,
    money,
    reference,
    references,
    text,
    whole,
)
from ingest.stripe.typed.invoice_columns import (
    CREDIT_NOTE,
    INVOICE,
    INVOICE_PAYMENT,
    INVOICEITEM,
    LINE,
    SIMPLE_AMOUNTS,
)
from ingest.stripe.typed.shape import Nested, Shape


def subscription_of(body: Json) -> str | None:
    """Return the subscription an invoice, line or pending item belongs to, in any version's place."""
    return reference(
        at(body, "parent", "subscription_details", "subscription")
        or at(body, "parent", "subscription_item_details", "subscription")
        or at(body, "parent", "invoice_item_details", "subscription")
        or at(body, "subscription")
    )


def tax_parts(body: Json) -> list[Json]:
    """Return the tax contained in or added to an amount, per rate."""
    older = at(body, "tax_amounts") or at(body, "total_tax_amounts")
    newer = at(body, "taxes") or at(body, "total_taxes")
    return [
        {
            "tax_rate_id": reference(at(tax, "tax_rate_details", "tax_rate") or at(tax, "tax_rate")),
            "amount": money(at(tax, "amount"), "taxes.amount"),
            "is_inclusive": bool(at(tax, "inclusive")) or at(tax, "tax_behavior") == "inclusive",
        }
        for tax in newer or older or []
    ]


def discount_parts(body: Json, name: str = "discount_amounts") -> list[Json]:
    """Return what each discount took off an amount."""
    return [
        {
            "discount_id": reference(at(part, "discount")),
            "amount": money(at(part, "amount"), f"{name}.amount"),
        }
        for part in at(body, name) or []
    ]


def shipping_total(body: Json) -> object:
    """Return what shipping adds to an invoice's total, its tax included."""
    total = at(body, "shipping_cost", "amount_total")
    return at(body, "shipping_cost", "amount_subtotal") if total is None else total


def read_invoice(body: Json) -> Json:
    """Return an invoice's typed columns."""
    transitions = at(body, "status_transitions") or {}
    status = at(body, "status") or ("paid" if at(body, "paid") else "open")
    return {name: money(at(body, name), name) for name in SIMPLE_AMOUNTS} | {
        "customer_id": reference(at(body, "customer")),
        "subscription_id": subscription_of(body),
        "status": text(status),
        "billing_reason": text(at(body, "billing_reason")),
        "collection_method": text(at(body, "collection_method") or at(body, "billing")),
        "currency": currency(at(body, "currency")),
        "number": text(at(body, "number")),
        "created_at": moment(at(body, "created") or at(body, "date"), "created"),
        "period_start_at": moment(at(body, "period_start"), "period_start"),
        "period_end_at": moment(at(body, "period_end"), "period_end"),
        "due_at": moment(at(body, "due_date"), "due_date"),
        "next_attempt_at": moment(at(body, "next_payment_attempt"), "next_payment_attempt"),
        "finalized_at": moment(at(transitions, "finalized_at") or at(body, "finalized_at"), "finalized_at"),
        "paid_at": moment(at(transitions, "paid_at"), "paid_at"),
        "voided_at": moment(at(transitions, "voided_at"), "voided_at"),
        "uncollectible_at": moment(at(transitions, "marked_uncollectible_at"), "marked_uncollectible_at"),
        "was_attempted": bool(at(body, "attempted")),
        "is_paid_out_of_band": bool(at(body, "paid_out_of_band")),  # told by versions before 2025-03-31 only
        "has_all_lines": not at(body, "lines", "has_more"),
        "shipping_amount": money(shipping_total(body), "shipping_cost.amount_total"),
        "shipping_tax": money(at(body, "shipping_cost", "amount_tax"), "shipping_cost.amount_tax"),
        "discount_amounts": discount_parts(body, "total_discount_amounts"),
        "taxes": tax_parts(body),
        "charge_id": reference(at(body, "charge")),
        "payment_intent_id": reference(at(body, "payment_intent")),
    }


def nested_in_invoice(body: Json) -> Nested:
    """Yield the lines of an invoice that no longer changes, its payments and all expanded discounts."""
    yield from expanded_discounts(at(body, "discounts"), at(body, "discount"))
    for payment in listed(at(body, "payments")):
        yield "invoice_payment", {**payment, "invoice": reference(body)}
    for line in listed(at(body, "lines")):
        if at(body, "status") == "draft":
            yield from nested_in_line(line)
        else:
            # Before 2019-12-03 the id may be another invoice's as well; it has a unique one beside it.
            own = {"id": at(line, "unique_id") or line["id"]}
            yield "line_item", {**line, **own, "invoice": reference(body), "customer": at(body, "customer")}


def nested_in_line(body: Json) -> Nested:
    """Yield the discounts that came expanded on a line."""
    return expanded_discounts(
        at(body, "discounts"), *[at(d, "discount") for d in at(body, "discount_amounts") or []]
    )


def credited_lines(body: Json) -> list[str]:
    """Return the ids of the lines that a credit proration takes back."""
    details = (
        at(body, "parent", "subscription_item_details", "proration_details")
        or at(body, "parent", "invoice_item_details", "proration_details")
        or at(body, "proration_details")
    )
    return references(at(details, "credited_items", "invoice_line_items"))


def line_terms(body: Json) -> Json:
    """Return what lines and pending items share: whose they are, for what, for when, how much."""
    parent = at(body, "parent", "subscription_item_details") or {}
    from_item = at(body, "parent", "invoice_item_details") or {}
    price = at(body, "price") or at(body, "plan")
    terms = price_terms(price) if isinstance(price, dict) else {}
    unit = at(body, "pricing", "unit_amount_decimal")
    return {
        "customer_id": reference(at(body, "customer")),
        "subscription_id": subscription_of(body),
        "item_id": reference(at(parent, "subscription_item") or at(body, "subscription_item")),
        "price_id": reference(at(body, "pricing", "price_details", "price") or price),
        "product_id": reference(at(body, "pricing", "price_details", "product")) or terms.get("product_id"),
        "usage_type": terms.get("usage_type"),
        "currency": currency(at(body, "currency")),
        "amount": money(at(body, "amount"), "amount"),
        "quantity": whole(at(body, "quantity"), "quantity"),
        "unit_amount": decimal(unit, "unit_amount_decimal")
        if unit is not None
        else (
            exact(body, "unit_amount") if exact(body, "unit_amount") is not None else terms.get("unit_amount")
        ),
        "is_proration": bool(at(parent, "proration") or at(from_item, "proration") or at(body, "proration")),
        "period_start_at": moment(at(body, "period", "start"), "period.start"),
        "period_end_at": moment(at(body, "period", "end"), "period.end"),
        "discount_ids": references(at(body, "discounts")),
        "description": text(at(body, "description")),
    }


def read_line(body: Json) -> Json:
    """Return an invoice line's typed columns."""
    from_item = at(body, "parent", "invoice_item_details", "invoice_item")
    from_item = from_item or at(body, "parent", "subscription_item_details", "invoice_item")
    return line_terms(body) | {
        "invoice_id": reference(at(body, "invoice")),
        "invoiceitem_id": reference(from_item or at(body, "invoice_item")),
        "discount_amounts": discount_parts(body),
        "taxes": tax_parts(body),
        "credited_line_ids": credited_lines(body),
    }


def read_invoiceitem(body: Json) -> Json:
    """Return a pending or billed invoice item's typed columns."""
    return line_terms(body) | {
        "invoice_id": reference(at(body, "invoice")),
        "created_at": moment(at(body, "date"), "date"),
    }


def read_invoice_payment(body: Json) -> Json:
    """Return a payment of an invoice."""
    return {
        "invoice_id": reference(at(body, "invoice")),
        "payment_intent_id": reference(at(body, "payment", "payment_intent")),
        "charge_id": reference(at(body, "payment", "charge")),
        "status": text(at(body, "status")),
        "currency": currency(at(body, "currency")),
        "amount_paid": money(at(body, "amount_paid"), "amount_paid"),
        "amount_requested": money(at(body, "amount_requested"), "amount_requested"),
        "created_at": moment(at(body, "created"), "created"),
        "paid_at": moment(at(body, "status_transitions", "paid_at"), "paid_at"),
    }


def read_credit_note(body: Json) -> Json:
    """Return a credit note's typed columns."""
    return {
        "customer_id": reference(at(body, "customer")),
        "invoice_id": reference(at(body, "invoice")),
        "status": text(at(body, "status")),
        "type": text(at(body, "type")),
        "currency": currency(at(body, "currency")),
        "amount": money(at(body, "amount"), "amount"),
        "pre_payment_amount": money(at(body, "pre_payment_amount"), "pre_payment_amount"),
        "subtotal": money(at(body, "subtotal"), "subtotal"),
        "total": money(at(body, "total"), "total"),
        "total_excluding_tax": money(at(body, "total_excluding_tax"), "total_excluding_tax"),
        "created_at": moment(at(body, "created"), "created"),
        "voided_at": moment(at(body, "voided_at"), "voided_at"),
        "taxes": tax_parts(body),
        "line_ids": [
            found for line in listed(at(body, "lines")) if (found := reference(at(line, "invoice_line_item")))
        ],
    }


SHAPES = [
    Shape("invoice", INVOICE, read_invoice, nested_in_invoice),
    Shape("line_item", LINE, read_line, nested_in_line),
    Shape("invoiceitem", INVOICEITEM, read_invoiceitem, nested_in_line),
    Shape("invoice_payment", INVOICE_PAYMENT, read_invoice_payment),
    Shape("credit_note", CREDIT_NOTE, read_credit_note),
]
