"""Subscriptions with their items, and the schedules that will change them."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
import pyarrow as pa

from ingest.stripe.typed.catalogue import (
    PRICE_TERMS,
    expanded_discounts,
    price_terms,
    read_tax_rate,
    single_discount,
)
from ingest.stripe.typed.fields import Json, at, currency, listed, moment, reference, references, text, whole
from ingest.stripe.typed.shape import MOMENT, PERCENT, TEXTS, Nested, Shape

TAX = pa.struct({"tax_rate_id": pa.string(), "percentage": PERCENT, "is_inclusive": pa.bool_()})
ITEM = pa.struct(
    {
        "item_id": pa.string(),
        "created_at": MOMENT,
        "quantity": pa.int64(),
        "discount_ids": TEXTS,
        "tax_rates": pa.list_(TAX),
        "period_start_at": MOMENT,
        "period_end_at": MOMENT,
    }
    | PRICE_TERMS
)
MOMENTS = {
    "created_at": "created",
    "start_at": "start_date",
    "trial_start_at": "trial_start",
    "trial_end_at": "trial_end",
    "cancel_at": "cancel_at",
    "canceled_at": "canceled_at",
    "ended_at": "ended_at",
}
COLUMNS: dict[str, pa.DataType] = {
    "customer_id": pa.string(),
    "status": pa.string(),
    "currency": pa.string(),
    **dict.fromkeys(MOMENTS, MOMENT),
    "period_start_at": MOMENT,
    "period_end_at": MOMENT,
    "is_cancel_at_period_end": pa.bool_(),
    "cancellation_reason": pa.string(),
    "pause_behavior": pa.string(),
    "pause_resumes_at": MOMENT,
    "collection_method": pa.string(),
    "latest_invoice_id": pa.string(),
    "schedule_id": pa.string(),
    "discount_ids": TEXTS,
    "tax_rates": pa.list_(TAX),
    "items": pa.list_(ITEM),
    "has_all_items": pa.bool_(),
    "state_hash": pa.int64(),
}

STATE = COLUMNS.keys() - {
    "period_start_at",
    "period_end_at",
    "latest_invoice_id",
    "tax_rates",
    "items",
    "state_hash",
}
ITEM_STATE = ("item_id", "price_id", "product_id", "quantity", "unit_amount", "discount_ids")


def tax_rows(rates: object) -> list[Json]:
    """Return tax rates as listed; only the id where not expanded."""
    return [
        {"tax_rate_id": reference(rate)}
        | (read_tax_rate(rate) if isinstance(rate, dict) else {"percentage": None, "is_inclusive": None})
        for rate in listed(rates)
    ]


def discount_fields(body: Json) -> tuple[object, object]:
    """Return today's array and the single field of older versions."""
    return at(body, "discounts"), single_discount(body)


def discount_ids(body: Json) -> list[str]:
    """Return the ids of a body's discounts in their order, whichever field holds them."""
    many, single = discount_fields(body)
    return references(many) or references([single] if single else [])


def item_bodies(body: Json) -> list[Json]:
    """Return the items; of very old versions the one that the subscription itself describes."""
    items = listed(at(body, "items"))
    if items or not at(body, "plan"):
        return items
    return [{"id": f"{body.get('id')}:plan", "plan": body["plan"], "quantity": body.get("quantity")}]


def read_item(item: Json, subscription: Json) -> Json:
    """Return an item's typed fields; period dates come from the subscription in older versions."""

    def period(name: str) -> Any:  # noqa: ANN401 - a moment or null
        value = at(item, name)
        return moment(at(subscription, name) if value is None else value, name)

    return price_terms(at(item, "price") or at(item, "plan") or {}) | {
        "item_id": reference(item),
        "created_at": moment(at(item, "created"), "created"),
        "quantity": whole(at(item, "quantity"), "quantity"),
        "discount_ids": discount_ids(item),
        "tax_rates": tax_rows(at(item, "tax_rates")),
        "period_start_at": period("current_period_start"),
        "period_end_at": period("current_period_end"),
    }


def state_hash(row: Json) -> int:
    """Return a number that differs when anything that revenue depends on differs.

    Two versions with equal numbers need not be told apart; an event whose earlier state has the number of
    another event's later state follows it, also within one second.
    """
    own = [row[name] for name in COLUMNS if name in STATE]
    rates = [rate["tax_rate_id"] for rate in row["tax_rates"]]
    items = sorted([*(str(item[name]) for name in ITEM_STATE), *_rates_of(item)] for item in row["items"])
    digest = hashlib.blake2b(orjson.dumps([own, rates, items]), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _rates_of(item: Json) -> list[str]:
    return [str(rate["tax_rate_id"]) for rate in item["tax_rates"]]


def read_subscription(body: Json) -> Json:
    """Return a subscription's typed columns."""
    items = [read_item(item, body) for item in item_bodies(body)]
    starts = [item["period_start_at"] for item in items if item["period_start_at"]]
    ends = [item["period_end_at"] for item in items if item["period_end_at"]]
    row = {name: moment(at(body, source), source) for name, source in MOMENTS.items()} | {
        "customer_id": reference(at(body, "customer")),
        "status": text(at(body, "status")),
        "currency": currency(at(body, "currency") or (items[0]["currency"] if items else None)),
        "period_start_at": min(starts, default=None),
        "period_end_at": min(ends, default=None),
        "is_cancel_at_period_end": bool(at(body, "cancel_at_period_end")),
        "cancellation_reason": text(at(body, "cancellation_details", "reason")),
        "pause_behavior": text(at(body, "pause_collection", "behavior")),
        "pause_resumes_at": moment(at(body, "pause_collection", "resumes_at"), "resumes_at"),
        "collection_method": text(at(body, "collection_method") or at(body, "billing")),
        "latest_invoice_id": reference(at(body, "latest_invoice")),
        "schedule_id": reference(at(body, "schedule")),
        "discount_ids": discount_ids(body),
        "tax_rates": tax_rows(at(body, "default_tax_rates")),
        "items": items,
        "has_all_items": not at(body, "items", "has_more"),
    }
    return row | {"state_hash": state_hash(row)}


def nested_in_subscription(body: Json) -> Nested:
    """Yield the discounts that came expanded."""
    items = [field for item in listed(at(body, "items")) for field in discount_fields(item)]
    return expanded_discounts(*discount_fields(body), *items)


PHASE_ITEM = pa.struct({"price_id": pa.string(), "quantity": pa.int64(), "discounts": TEXTS})
PHASE = pa.struct(
    {
        "start_at": MOMENT,
        "end_at": MOMENT,
        "currency": pa.string(),
        "discounts": TEXTS,
        "items": pa.list_(PHASE_ITEM),
    }
)


def coupons_named(body: Json) -> list[str]:
    """Return the coupons, or discounts or promotion codes, that a phase or an item of it names."""
    older = at(body, "coupon")
    discounts = listed(at(body, "discounts")) or ([{"coupon": older}] if older else [])
    named = [at(one, "coupon") or at(one, "discount") or at(one, "promotion_code") for one in discounts]
    return references(named)


def read_phase(phase: Json) -> Json:
    """Return one phase of a schedule."""
    return {
        "start_at": moment(at(phase, "start_date"), "start_date"),
        "end_at": moment(at(phase, "end_date"), "end_date"),
        "currency": currency(at(phase, "currency")),
        "discounts": coupons_named(phase),
        "items": [
            {
                "price_id": reference(at(item, "price") or at(item, "plan")),
                "quantity": whole(at(item, "quantity"), "quantity"),
                "discounts": coupons_named(item),
            }
            for item in listed(at(phase, "items"))
        ],
    }


def read_schedule(body: Json) -> Json:
    """Return a subscription schedule's typed columns."""
    return {
        "customer_id": reference(at(body, "customer")),
        "subscription_id": reference(at(body, "subscription") or at(body, "released_subscription")),
        "status": text(at(body, "status")),
        "end_behavior": text(at(body, "end_behavior")),
        "created_at": moment(at(body, "created"), "created"),
        "phases": [read_phase(phase) for phase in listed(at(body, "phases"))],
    }


SHAPES = [
    Shape(
        "subscription",
        COLUMNS | {"previous_hash": pa.int64(), "is_before": pa.bool_()},
        read_subscription,
        nested_in_subscription,
    ),
    Shape(
        "subscription_schedule",
        {
            "customer_id": pa.string(),
            "subscription_id": pa.string(),
            "status": pa.string(),
            "end_behavior": pa.string(),
            "created_at": MOMENT,
            "phases": pa.list_(PHASE),
        },
        read_schedule,
    ),
]
