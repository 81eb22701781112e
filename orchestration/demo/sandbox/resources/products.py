"""Products and prices."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orchestration.demo.sandbox.errors import ApiError, Json
from orchestration.demo.sandbox.expansion import includable
from orchestration.demo.sandbox.lists import listing
from orchestration.demo.sandbox.params import (
    Spec,
    boolean,
    choice,
    count,
    decimal,
    integer,
    many,
    mapping,
    merge_metadata,
    text,
)
from orchestration.demo.sandbox.pricing import plain
from orchestration.demo.sandbox.routing import retrieval, route
from orchestration.demo.sandbox.shapes import catalogue

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

_PRODUCT = Spec(
    active=boolean,
    description=text,
    images=many(text),
    marketing_features=many(Spec("name", name=text)),
    metadata=mapping,
    name=text,
    shippable=boolean,
    statement_descriptor=text,
    tax_code=text,
    unit_label=text,
    url=text,
)


def _keep(raw: Any, path: str) -> Json | None:  # noqa: ANN401 - read again where the price is made
    return {**raw, "product": ""} if isinstance(raw, dict) else Spec()(raw, path)


def _up_to(raw: Any, path: str) -> int | None:  # noqa: ANN401 - a number or the word inf
    return None if raw in ("inf", None) else integer(raw, path)


_AMOUNTS = {
    "unit_amount": count,
    "unit_amount_decimal": decimal,
    "flat_amount": count,
    "flat_amount_decimal": decimal,
}
_TIER = Spec(up_to=_up_to, **_AMOUNTS)
_RECURRING = Spec(
    "interval",
    interval=choice("day", "week", "month", "year"),
    interval_count=count,
    meter=text,
    usage_type=choice("licensed", "metered"),
    trial_period_days=count,
)
_CHANGEABLE = Spec(
    active=boolean,
    lookup_key=text,
    metadata=mapping,
    nickname=text,
    tax_behavior=text,
    transfer_lookup_key=boolean,
)
_PRICE = _CHANGEABLE.with_(
    "currency",
    currency=text,
    billing_scheme=choice("per_unit", "tiered"),
    product=text,
    product_data=_PRODUCT.with_("name", id=text),
    recurring=_RECURRING,
    tiers=many(_TIER),
    tiers_mode=choice("graduated", "volume"),
    transform_quantity=Spec("divide_by round", divide_by=integer, round=choice("up", "down")),
    unit_amount=count,
    unit_amount_decimal=decimal,
)


@route("POST /v1/products")
def create_product(account: Account, form: Json) -> Json:
    """Create a product, and its default price where one is described."""
    values = _PRODUCT.with_("name", id=text, type=text, default_price_data=_keep).read(form)
    described = values.pop("default_price_data", None)
    product = _new_product(account, values)
    if described:
        product["default_price"] = create_price(account, {**described, "product": product["id"]})["id"]
    account.tell(product, "product.created")
    return product


def _new_product(account: Account, values: Json) -> Json:
    product_id = values.pop("id", None) or account.ids.new("prod", 14)
    if product_id in account.store.of("product").objects:
        message = f"Product already exists: {product_id}"
        raise ApiError(message, code="resource_already_exists", param="id")
    product = catalogue.product(product_id, values["name"], account.now)
    product.update(values, metadata=merge_metadata({}, values.get("metadata")))
    return account.add(product)


@route("POST /v1/products/{id}")
def update_product(account: Account, form: Json, product_id: str) -> Json:
    """Change a product."""
    product = account.get("product", product_id)
    values = _PRODUCT.with_(default_price=text).read(form)
    before = account.snapshot(product)
    values["metadata"] = merge_metadata(product["metadata"], values.get("metadata"))
    product.update(values)
    if account.snapshot(product) != before:
        product["updated"] = account.now
    account.saved(product, before, "product.updated")
    return product


@route("DELETE /v1/products/{id}")
def delete_product(account: Account, _form: Json, product_id: str) -> Json:
    """Delete a product that has no prices."""
    product = account.get("product", product_id)
    if account.store.of("price").under("product", product_id):
        message = "This product cannot be deleted because it has one or more user-created prices."
        raise ApiError(message)
    return account.remove(product, "product.deleted")


@route("POST /v1/prices")
def create_price(account: Account, form: Json) -> Json:
    """Create a price, and its product where one is described."""
    values = _PRICE.read(form)
    product_id = values.get("product")
    if values.get("product_data"):
        product = _new_product(account, values["product_data"])
        account.tell(product, "product.created")
        product_id = product["id"]
    account.named("product", product_id or "", "product")
    price = catalogue.price(
        account.ids.new("price"), product_id or "", values["currency"].lower(), account.now
    )
    _set_amount(account, price, values)
    if values.get("recurring"):
        price["type"], price["recurring"] = "recurring", _recurring(account, values["recurring"])
    for field in ("active", "nickname", "tax_behavior", "transform_quantity"):
        if values.get(field) is not None:
            price[field] = values[field]
    price["metadata"] = merge_metadata({}, values.get("metadata"))
    _set_lookup_key(account, price, values)
    account.add(price, "price.created")
    remember_plan(account, price)
    return price


def remember_plan(account: Account, price: Json) -> None:
    """Keep the older view of a recurring price in step with it."""
    if price["recurring"]:
        account.plans.setdefault(price["id"], {}).update(catalogue.plan(price))


def _recurring(account: Account, given: Json) -> Json:
    usage_type = given.get("usage_type") or "licensed"
    if usage_type == "metered":
        if not given.get("meter"):
            message = "Metered prices must be backed by a meter."
            raise ApiError(message, param="recurring[meter]")
        account.named("billing.meter", given["meter"], "recurring[meter]")
    return {
        "interval": given["interval"],
        "interval_count": given.get("interval_count") or 1,
        "meter": given.get("meter"),
        "trial_period_days": given.get("trial_period_days"),
        "usage_type": usage_type,
    }


def _pair(whole: int | None, exact: Decimal | None) -> tuple[int | None, str | None]:
    """Return an amount as Stripe shows it: whole where it is whole, and exact."""
    value = exact if whole is None else Decimal(whole)
    if value is None:
        return None, None
    return (int(value) if value == value.to_integral_value() else None), plain(value)


def _set_amount(account: Account, price: Json, values: Json) -> None:
    if values.get("billing_scheme") == "tiered" or values.get("tiers"):
        if not values.get("tiers") or not values.get("tiers_mode"):
            message = "Tiered prices need `tiers` and `tiers_mode`."
            raise ApiError(message, code="parameter_missing", param="tiers")
        price["billing_scheme"], price["tiers_mode"] = "tiered", values["tiers_mode"]
        account.secret(price["id"])["tiers"] = [_tier(tier) for tier in values["tiers"]]
        return
    amount, exact = _pair(values.get("unit_amount"), values.get("unit_amount_decimal"))
    if exact is None:
        message = "Missing required param: unit_amount."
        raise ApiError(message, code="parameter_missing", param="unit_amount")
    price["unit_amount"], price["unit_amount_decimal"] = amount, exact


def _tier(given: Json) -> Json:
    flat, flat_exact = _pair(given.get("flat_amount"), given.get("flat_amount_decimal"))
    unit, unit_exact = _pair(given.get("unit_amount"), given.get("unit_amount_decimal"))
    return {
        "flat_amount": flat,
        "flat_amount_decimal": flat_exact,
        "unit_amount": unit,
        "unit_amount_decimal": unit_exact,
        "up_to": given.get("up_to"),
    }


def _set_lookup_key(account: Account, price: Json, values: Json) -> None:
    key = values.get("lookup_key")
    holder = next((each for each in account.store.of("price") if key and each["lookup_key"] == key), None)
    if holder is not None and holder is not price:
        if not values.get("transfer_lookup_key"):
            message = f"A price (`{holder['id']}`) already uses that lookup key."
            raise ApiError(message, code="resource_already_exists", param="lookup_key")
        before = account.snapshot(holder)
        holder["lookup_key"] = None
        account.saved(holder, before, "price.updated")
    if "lookup_key" in values:
        price["lookup_key"] = key


@route("POST /v1/prices/{id}")
def update_price(account: Account, form: Json, price_id: str) -> Json:
    """Change what may change of a price: never its amount."""
    price = account.get("price", price_id)
    values = _CHANGEABLE.read(form)
    before = account.snapshot(price)
    for field in ("active", "nickname", "tax_behavior"):
        if field in values:
            price[field] = values[field]
    price["metadata"] = merge_metadata(price["metadata"], values.get("metadata"))
    _set_lookup_key(account, price, values)
    remember_plan(account, price)
    account.saved(price, before, "price.updated")
    return price


@includable("price", "tiers")
def tiers(account: Account, price: Json) -> list[Json] | None:
    """Return a price's tiers."""
    found: list[Json] | None = account.hidden.get(price["id"], {}).get("tiers")
    return found


@includable("price", "currency_options")
def currency_options(account: Account, price: Json) -> Json:
    """Return a price's amounts by currency: its own only."""
    own = {
        field: price[field]
        for field in ("custom_unit_amount", "tax_behavior", "unit_amount", "unit_amount_decimal")
    }
    found = tiers(account, price)
    return {price["currency"]: {**own, "tiers": found} if found else own}


def _matches(price: Json, wanted: Json) -> bool:
    keys, recurring = wanted.get("lookup_keys"), wanted.get("recurring") or {}
    own = price["recurring"] or {}
    same = all(own.get(field) == value for field, value in recurring.items())
    return same and (not keys or price["lookup_key"] in keys)


retrieval("product", "/v1/products")
retrieval("price", "/v1/prices")
listing(
    "product",
    "/v1/products",
    active=boolean,
    ids=many(text),
    keep=lambda product, wanted: not wanted.get("ids") or product["id"] in wanted["ids"],
)
listing(
    "price",
    "/v1/prices",
    active=boolean,
    currency=text,
    lookup_keys=many(text),
    product=text,
    recurring=Spec(interval=text, usage_type=text, meter=text),
    type=text,
    keep=_matches,
)
