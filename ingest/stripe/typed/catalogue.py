"""What is sold and for how much: prices, products, coupons, discounts, promotion codes, tax rates."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from ingest.stripe.typed.fields import (
    Json,
    Misfit,
    at,
    currency,
    decimal,
    listed,
    moment,
    percentage,
    reference,
    text,
    whole,
)
from ingest.stripe.typed.shape import AMOUNT, MOMENT, PERCENT, TEXTS, Shape

TIER = pa.struct({"up_to": pa.int64(), "unit_amount": AMOUNT, "flat_amount": AMOUNT})
PRICE_TERMS: dict[str, pa.DataType] = {
    "price_id": pa.string(),
    "product_id": pa.string(),
    "currency": pa.string(),
    "billing_scheme": pa.string(),
    "tiers_mode": pa.string(),
    "unit_amount": AMOUNT,
    "interval": pa.string(),
    "interval_count": pa.int64(),
    "usage_type": pa.string(),
    "price_type": pa.string(),
    "tax_behavior": pa.string(),
    "divide_by": pa.int64(),
    "divide_round": pa.string(),
    "tiers": pa.list_(TIER),
    "plan": pa.string(),
}
CURRENCY_AMOUNT = pa.struct({"currency": pa.string(), "amount_off": pa.int64()})
CURRENCY_PRICE = pa.struct(
    {"currency": pa.string(), "unit_amount": AMOUNT, "tax_behavior": pa.string(), "tiers": pa.list_(TIER)}
)
COUPON_TERMS: dict[str, pa.DataType] = {
    "coupon_id": pa.string(),
    "percent_off": PERCENT,
    "amount_off": pa.int64(),
    "currency": pa.string(),
    "duration": pa.string(),
    "duration_in_months": pa.int64(),
    "products": TEXTS,
    "currency_amounts": pa.list_(CURRENCY_AMOUNT),
}


def exact(body: Json, name: str) -> Any:  # noqa: ANN401 - a decimal or null
    """Return an amount in minor units, the `_decimal` form first."""
    precise = at(body, f"{name}_decimal")
    return decimal(precise if precise is not None else at(body, name), name)


def tier_rows(tiers: object) -> list[Json] | None:
    """Return a price's tiers; null where they were not expanded."""
    if not isinstance(tiers, list):
        return None
    return [
        {
            "up_to": whole(None if tier.get("up_to") == "inf" else tier.get("up_to"), "tiers.up_to"),
            "unit_amount": exact(tier, "unit_amount"),
            "flat_amount": exact(tier, "flat_amount"),
        }
        for tier in tiers
    ]


def price_terms(price: object) -> Json:
    """Return what a price, or a plan of older versions, charges."""
    if not isinstance(price, dict):
        name = "price"
        raise Misfit(name, price, "an object")
    is_plan = price.get("object") == "plan" or "recurring" not in price
    recurring = price if is_plan else at(price, "recurring") or {}
    packages = at(price, "transform_quantity") or at(price, "transform_usage")
    name = "amount" if is_plan and "unit_amount" not in price else "unit_amount"
    product = at(price, "product")
    return {
        "price_id": reference(price),
        "product_id": reference(product),
        "currency": currency(at(price, "currency")),
        "billing_scheme": text(at(price, "billing_scheme")) or "per_unit",
        "tiers_mode": text(at(price, "tiers_mode")),
        "unit_amount": exact(price, name),
        "interval": text(at(recurring, "interval")),
        "interval_count": whole(at(recurring, "interval_count"), "interval_count"),
        "usage_type": text(at(recurring, "usage_type")) or "licensed",
        "price_type": text(at(price, "type")) or "recurring",
        "tax_behavior": text(at(price, "tax_behavior")),
        "divide_by": whole(at(packages, "divide_by"), "divide_by"),
        "divide_round": text(at(packages, "round")),
        "tiers": tier_rows(at(price, "tiers")),
        "plan": text(at(price, "metadata", "plan")),
    }


def read_price(body: Json) -> Json:
    """Return a price's typed columns; its amounts in further currencies where they were expanded."""
    options = at(body, "currency_options") or {}
    return price_terms(body) | {
        "currency_prices": [
            {
                "currency": currency(code),
                "unit_amount": exact(option, "unit_amount"),
                "tax_behavior": text(at(option, "tax_behavior")),
                "tiers": tier_rows(at(option, "tiers")),
            }
            for code, option in options.items()
        ],
        "nickname": text(at(body, "nickname")),
        "is_active": bool(at(body, "active")),
        "created_at": moment(at(body, "created"), "created"),
    }


def read_product(body: Json) -> Json:
    """Return a product's typed columns."""
    return {"name": text(at(body, "name")), "plan": text(at(body, "metadata", "plan"))}


def _amount_off(body: Json, name: str = "amount_off") -> int | None:
    amount = whole(at(body, name), name)
    if amount is not None and amount < 0:
        raise Misfit(name, amount, "no less than 0")
    return amount


def coupon_terms(coupon: object) -> Json:
    """Return what a coupon deducts; only its id where it was not expanded."""
    body = coupon if isinstance(coupon, dict) else {}
    products = at(body, "applies_to", "products")
    options = at(body, "currency_options") or {}
    return {
        "coupon_id": reference(coupon),
        "percent_off": percentage(at(body, "percent_off"), "percent_off"),
        "amount_off": _amount_off(body),
        "currency": currency(at(body, "currency")),
        "duration": text(at(body, "duration")),
        "duration_in_months": whole(at(body, "duration_in_months"), "duration_in_months"),
        "products": None if products is None else [str(product) for product in products],
        "currency_amounts": [
            {"currency": currency(code), "amount_off": _amount_off(option)}
            for code, option in options.items()
        ],
    }


def read_coupon(body: Json) -> Json:
    """Return a coupon's typed columns."""
    return coupon_terms(body) | {
        "name": text(at(body, "name")),
        "created_at": moment(at(body, "created"), "created"),
    }


def read_discount(body: Json) -> Json:
    """Return a discount's typed columns with its coupon's terms, where they came along."""
    return coupon_terms(at(body, "source", "coupon") or at(body, "coupon")) | {
        "customer_id": reference(at(body, "customer")),
        "subscription_id": reference(at(body, "subscription")),
        "subscription_item_id": reference(at(body, "subscription_item")),
        "start_at": moment(at(body, "start"), "start"),
        "end_at": moment(at(body, "end"), "end"),
    }


def single_discount(body: Json) -> Any:  # noqa: ANN401 - an object, an id or null
    """Return the one discount that older versions have, with an id of what it says where it has none."""
    discount = at(body, "discount")
    if not at(discount, "coupon") or at(discount, "id"):
        return discount
    told = (reference(discount.get(name)) for name in ("customer", "subscription", "coupon"))
    return discount | {"id": ":".join([*map(str, told), str(discount.get("start"))])}


def expanded_discounts(*places: object) -> list[tuple[str, Json]]:
    """Return the discounts that came expanded in the given fields."""
    members = [member for place in places for member in (listed(place) or [place])]
    return [("discount", member) for member in members if isinstance(member, dict) and member.get("id")]


def read_tax_rate(body: Json) -> Json:
    """Return a tax rate's typed columns."""
    return {
        "percentage": percentage(at(body, "percentage"), "percentage"),
        "is_inclusive": bool(at(body, "inclusive")),
    }


def read_promotion_code(body: Json) -> Json:
    """Return a promotion code's typed columns."""
    coupon = at(body, "promotion", "coupon") or at(body, "coupon")
    return {"code": text(at(body, "code")), "coupon_id": reference(coupon)}


SHAPES = [
    Shape(
        "price",
        PRICE_TERMS
        | {
            "currency_prices": pa.list_(CURRENCY_PRICE),
            "nickname": pa.string(),
            "is_active": pa.bool_(),
            "created_at": MOMENT,
        },
        read_price,
    ),
    Shape("product", {"name": pa.string(), "plan": pa.string()}, read_product),
    Shape("coupon", COUPON_TERMS | {"name": pa.string(), "created_at": MOMENT}, read_coupon),
    Shape(
        "discount",
        COUPON_TERMS
        | {
            "customer_id": pa.string(),
            "subscription_id": pa.string(),
            "subscription_item_id": pa.string(),
            "start_at": MOMENT,
            "end_at": MOMENT,
        },
        read_discount,
    ),
    Shape("tax_rate", {"percentage": PERCENT, "is_inclusive": pa.bool_()}, read_tax_rate),
    Shape("promotion_code", {"code": pa.string(), "coupon_id": pa.string()}, read_promotion_code),
]
