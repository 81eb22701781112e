"""The typed columns of invoices and of what hangs on them."""

from __future__ import annotations

import pyarrow as pa

from ingest.stripe.typed.shape import AMOUNT, MOMENT, TEXTS

PART = pa.struct({"discount_id": pa.string(), "amount": pa.int64()})
TAX_PART = pa.struct({"tax_rate_id": pa.string(), "amount": pa.int64(), "is_inclusive": pa.bool_()})
SIMPLE_AMOUNTS = [
    "subtotal",
    "total",
    "amount_due",
    "amount_paid",
    "amount_remaining",
    "starting_balance",
    "ending_balance",
    "attempt_count",
    "pre_payment_credit_notes_amount",
    "post_payment_credit_notes_amount",
    "amount_overpaid",
]
MOMENT_NAMES = [
    "created_at",
    "period_start_at",
    "period_end_at",
    "due_at",
    "next_attempt_at",
    "finalized_at",
    "paid_at",
    "voided_at",
    "uncollectible_at",
]
INVOICE: dict[str, pa.DataType] = {
    "customer_id": pa.string(),
    "subscription_id": pa.string(),
    "status": pa.string(),
    "billing_reason": pa.string(),
    "collection_method": pa.string(),
    "currency": pa.string(),
    "number": pa.string(),
    **dict.fromkeys(MOMENT_NAMES, MOMENT),
    **dict.fromkeys(SIMPLE_AMOUNTS, pa.int64()),
    "was_attempted": pa.bool_(),
    "is_paid_out_of_band": pa.bool_(),
    "has_all_lines": pa.bool_(),
    "shipping_amount": pa.int64(),
    "shipping_tax": pa.int64(),
    "discount_amounts": pa.list_(PART),
    "taxes": pa.list_(TAX_PART),
    "charge_id": pa.string(),
    "payment_intent_id": pa.string(),
}
LINE_TERMS: dict[str, pa.DataType] = {
    "invoice_id": pa.string(),
    "customer_id": pa.string(),
    "subscription_id": pa.string(),
    "item_id": pa.string(),
    "price_id": pa.string(),
    "product_id": pa.string(),
    "usage_type": pa.string(),
    "currency": pa.string(),
    "amount": pa.int64(),
    "quantity": pa.int64(),
    "unit_amount": AMOUNT,
    "is_proration": pa.bool_(),
    "period_start_at": MOMENT,
    "period_end_at": MOMENT,
    "discount_ids": TEXTS,
    "description": pa.string(),
}
LINE = LINE_TERMS | {
    "invoiceitem_id": pa.string(),
    "discount_amounts": pa.list_(PART),
    "taxes": pa.list_(TAX_PART),
    "credited_line_ids": TEXTS,
}
INVOICEITEM = LINE_TERMS | {"created_at": MOMENT}
INVOICE_PAYMENT: dict[str, pa.DataType] = {
    "invoice_id": pa.string(),
    "payment_intent_id": pa.string(),
    "charge_id": pa.string(),
    "status": pa.string(),
    "currency": pa.string(),
    "amount_paid": pa.int64(),
    "amount_requested": pa.int64(),
    "created_at": MOMENT,
    "paid_at": MOMENT,
}
CREDIT_NOTE: dict[str, pa.DataType] = {
    "customer_id": pa.string(),
    "invoice_id": pa.string(),
    "status": pa.string(),
    "type": pa.string(),
    "currency": pa.string(),
    "amount": pa.int64(),
    "pre_payment_amount": pa.int64(),
    "subtotal": pa.int64(),
    "total": pa.int64(),
    "total_excluding_tax": pa.int64(),
    "created_at": MOMENT,
    "voided_at": MOMENT,
    "taxes": pa.list_(TAX_PART),
    "line_ids": TEXTS,
}
