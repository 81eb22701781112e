"""Customers, the movement of their money, exchange rates and meters."""

from __future__ import annotations

import pyarrow as pa

from ingest.stripe.typed.catalogue import expanded_discounts, single_discount
from ingest.stripe.typed.fields import Json, at, currency, decimal, moment, money, reference, text
from ingest.stripe.typed.shape import MOMENT, Nested, Shape

RATE = pa.struct({"to_currency": pa.string(), "rate": pa.decimal128(38, 18)})


def read_customer(body: Json) -> Json:
    """Return a customer's typed columns; no personal data."""
    return {
        "tenant_id": text(at(body, "metadata", "tenant_id")),
        "currency": currency(at(body, "currency")),
        "discount_id": reference(single_discount(body)),
        "created_at": moment(at(body, "created"), "created"),
        "is_delinquent": bool(at(body, "delinquent")),
    }


def nested_in_customer(body: Json) -> Nested:
    """Yield the customer's own discount."""
    return expanded_discounts(single_discount(body))


def read_charge(body: Json) -> Json:
    """Return a charge's typed columns."""
    return {
        "customer_id": reference(at(body, "customer")),
        "invoice_id": reference(at(body, "invoice")),
        "payment_intent_id": reference(at(body, "payment_intent")),
        "status": text(at(body, "status")),
        "currency": currency(at(body, "currency")),
        "amount": money(at(body, "amount"), "amount"),
        "amount_captured": money(at(body, "amount_captured"), "amount_captured"),
        "amount_refunded": money(at(body, "amount_refunded"), "amount_refunded"),
        "failure_code": text(at(body, "failure_code")),
        "created_at": moment(at(body, "created"), "created"),
    }


def read_money(body: Json) -> Json:
    """Return what refunds and disputes share."""
    return {
        "charge_id": reference(at(body, "charge")),
        "payment_intent_id": reference(at(body, "payment_intent")),
        "status": text(at(body, "status")),
        "reason": text(at(body, "reason")),
        "currency": currency(at(body, "currency")),
        "amount": money(at(body, "amount"), "amount"),
        "created_at": moment(at(body, "created"), "created"),
    }


def read_payment_intent(body: Json) -> Json:
    """Return a payment intent's typed columns."""
    return {
        "customer_id": reference(at(body, "customer")),
        "invoice_id": reference(at(body, "invoice")),
        "status": text(at(body, "status")),
        "currency": currency(at(body, "currency")),
        "amount": money(at(body, "amount"), "amount"),
        "latest_charge_id": reference(at(body, "latest_charge")),
        "created_at": moment(at(body, "created"), "created"),
    }


def read_balance_transaction(body: Json) -> Json:
    """Return a movement of the account's balance."""
    return {
        "source_id": reference(at(body, "source")),
        "type": text(at(body, "type")),
        "currency": currency(at(body, "currency")),
        "amount": money(at(body, "amount"), "amount"),
        "fee": money(at(body, "fee"), "fee"),
        "net": money(at(body, "net"), "net"),
        "exchange_rate": decimal(at(body, "exchange_rate"), "exchange_rate", scale=18),
        "created_at": moment(at(body, "created"), "created"),
    }


def read_exchange_rate(body: Json) -> Json:
    """Return how many units of each currency one unit of this one buys."""
    return {
        "from_currency": currency(at(body, "id")),
        "rates": [
            {"to_currency": currency(code), "rate": decimal(rate, f"rates.{code}", scale=18)}
            for code, rate in (at(body, "rates") or {}).items()
        ],
    }


def read_meter(body: Json) -> Json:
    """Return a billing meter's typed columns."""
    return {
        "event_name": text(at(body, "event_name")),
        "display_name": text(at(body, "display_name")),
        "formula": text(at(body, "default_aggregation", "formula")),
        "status": text(at(body, "status")),
    }


def _columns(texts: str, numbers: str = "", moments: str = "created_at") -> dict[str, pa.DataType]:
    return (
        dict.fromkeys(texts.split(), pa.string())
        | dict.fromkeys(numbers.split(), pa.int64())
        | dict.fromkeys(moments.split(), MOMENT)
    )


MONEY = _columns("charge_id payment_intent_id status reason currency", "amount")
SHAPES = [
    Shape(
        "customer",
        _columns("tenant_id currency discount_id") | {"is_delinquent": pa.bool_()},
        read_customer,
        nested_in_customer,
    ),
    Shape(
        "charge",
        _columns(
            "customer_id invoice_id payment_intent_id status currency failure_code",
            "amount amount_captured amount_refunded",
        ),
        read_charge,
    ),
    Shape("refund", MONEY, read_money),
    Shape("dispute", MONEY, read_money),
    Shape(
        "payment_intent",
        _columns("customer_id invoice_id status currency latest_charge_id", "amount"),
        read_payment_intent,
    ),
    Shape(
        "balance_transaction",
        _columns("source_id type currency", "amount fee net") | {"exchange_rate": pa.decimal128(38, 18)},
        read_balance_transaction,
    ),
    Shape("exchange_rate", {"from_currency": pa.string(), "rates": pa.list_(RATE)}, read_exchange_rate),
    Shape("billing.meter", _columns("event_name display_name formula status", "", ""), read_meter),
]
