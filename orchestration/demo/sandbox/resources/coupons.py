"""Coupons, promotion codes and tax rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from orchestration.demo.sandbox.routing import retrieval, route
from orchestration.demo.sandbox.shapes import catalogue

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

_COUPON = Spec(
    amount_off=count,
    applies_to=Spec(products=many(text)),
    currency=text,
    duration=choice("forever", "once", "repeating"),
    duration_in_months=count,
    id=text,
    max_redemptions=count,
    metadata=mapping,
    name=text,
    percent_off=decimal,
    redeem_by=integer,
)
_WHOLE = 100


@route("POST /v1/coupons")
def create_coupon(account: Account, form: Json) -> Json:
    """Create a coupon."""
    values = _COUPON.read(form)
    if (values.get("percent_off") is None) == (values.get("amount_off") is None):
        message = "You must pass either percent_off or amount_off, not both."
        raise ApiError(message, code="parameter_missing", param="percent_off")
    if values.get("percent_off") is not None and not 0 < values["percent_off"] <= _WHOLE:
        message = "Invalid percent_off: it must be above 0 and at most 100."
        raise ApiError(message, param="percent_off")
    if values.get("amount_off") is not None and not values.get("currency"):
        message = "You must pass currency when passing amount_off."
        raise ApiError(message, code="parameter_missing", param="currency")
    if values.get("duration") == "repeating" and not values.get("duration_in_months"):
        message = "You must pass duration_in_months for a repeating coupon."
        raise ApiError(message, code="parameter_missing", param="duration_in_months")
    coupon_id = values.pop("id", None) or account.ids.new("c", 8)[2:]
    if coupon_id in account.store.of("coupon").objects:
        message = f"Coupon already exists: {coupon_id}"
        raise ApiError(message, code="resource_already_exists", param="id")
    coupon = catalogue.coupon(coupon_id, values.get("duration") or "once", account.now)
    products = (values.pop("applies_to", None) or {}).get("products")
    if products:
        account.secret(coupon_id)["products"] = products
    coupon.update(values, metadata=merge_metadata({}, values.get("metadata")))
    if coupon["percent_off"] is not None:
        coupon["percent_off"] = float(coupon["percent_off"])
    return account.add(coupon, "coupon.created")


@route("POST /v1/coupons/{id}")
def update_coupon(account: Account, form: Json, coupon_id: str) -> Json:
    """Change a coupon's name or metadata."""
    coupon = account.get("coupon", coupon_id)
    values = Spec(name=text, metadata=mapping).read(form)
    before = account.snapshot(coupon)
    coupon["name"] = values.get("name", coupon["name"])
    coupon["metadata"] = merge_metadata(coupon["metadata"], values.get("metadata"))
    account.saved(coupon, before, "coupon.updated")
    return coupon


@route("DELETE /v1/coupons/{id}")
def delete_coupon(account: Account, _form: Json, coupon_id: str) -> Json:
    """Delete a coupon; discounts that came of it stay."""
    return account.remove(account.get("coupon", coupon_id), "coupon.deleted")


@includable("coupon", "currency_options")
def currency_options(_: Account, coupon: Json) -> Json:
    """Return what a coupon takes off by currency: its own only, nothing for a percentage."""
    taken = coupon["amount_off"]
    return {} if taken is None else {coupon["currency"]: {"amount_off": taken}}


@includable("coupon", "applies_to")
def applies_to(account: Account, coupon: Json) -> Json | None:
    """Return which products a coupon is limited to."""
    products = account.hidden.get(coupon["id"], {}).get("products")
    return {"products": products} if products else None


_PROMOTION = Spec("type", type=choice("coupon"), coupon=text)
_CODE = Spec(
    active=boolean,
    code=text,
    customer=text,
    expires_at=integer,
    max_redemptions=count,
    metadata=mapping,
    promotion=_PROMOTION,
)


@route("POST /v1/promotion_codes")
def create_promotion_code(account: Account, form: Json) -> Json:
    """Create a code that customers redeem for a coupon."""
    values = _CODE.with_("promotion").read(form)
    promotion = values.pop("promotion")
    coupon = account.named("coupon", promotion.get("coupon") or "", "promotion[coupon]")
    code = values.pop("code", None) or account.ids.new("code", 8)[5:].upper()
    if any(
        each["active"] and each["code"].lower() == code.lower() for each in account.store.of("promotion_code")
    ):
        message = "An active promotion code with this code already exists."
        raise ApiError(message, code="resource_already_exists", param="code")
    made = catalogue.promotion_code(account.ids.new("promo"), code, coupon["id"], account.now)
    made.update(values, metadata=merge_metadata({}, values.get("metadata")))
    return account.add(made, "promotion_code.created")


@route("POST /v1/promotion_codes/{id}")
def update_promotion_code(account: Account, form: Json, code_id: str) -> Json:
    """Switch a promotion code on or off, or change its metadata."""
    made = account.get("promotion_code", code_id)
    values = Spec(active=boolean, metadata=mapping).read(form)
    before = account.snapshot(made)
    made["active"] = values.get("active", made["active"])
    made["metadata"] = merge_metadata(made["metadata"], values.get("metadata"))
    account.saved(made, before, "promotion_code.updated")
    return made


_RATE = Spec(
    active=boolean,
    country=text,
    description=text,
    display_name=text,
    jurisdiction=text,
    metadata=mapping,
    state=text,
    tax_type=text,
)


@route("POST /v1/tax_rates")
def create_tax_rate(account: Account, form: Json) -> Json:
    """Create a tax rate."""
    values = _RATE.with_("display_name inclusive percentage", inclusive=boolean, percentage=decimal).read(
        form
    )
    percentage = float(values.pop("percentage"))
    rate = catalogue.tax_rate(
        account.ids.new("txr"),
        values["display_name"],
        percentage,
        account.now,
        inclusive=values.pop("inclusive"),
    )
    rate.update(values, metadata=merge_metadata({}, values.get("metadata")))
    return account.add(rate, "tax_rate.created")


@route("POST /v1/tax_rates/{id}")
def update_tax_rate(account: Account, form: Json, rate_id: str) -> Json:
    """Change what may change of a tax rate: never its percentage."""
    rate = account.get("tax_rate", rate_id)
    values = _RATE.read(form)
    before = account.snapshot(rate)
    rate.update(values, metadata=merge_metadata(rate["metadata"], values.get("metadata")))
    account.saved(rate, before, "tax_rate.updated")
    return rate


retrieval("coupon", "/v1/coupons")
retrieval("promotion_code", "/v1/promotion_codes")
retrieval("tax_rate", "/v1/tax_rates")
listing("coupon", "/v1/coupons")
listing(
    "promotion_code",
    "/v1/promotion_codes",
    active=boolean,
    code=text,
    coupon=text,
    customer=text,
    keep=lambda made, wanted: not wanted.get("coupon") or made["promotion"]["coupon"] == wanted["coupon"],
)
listing("tax_rate", "/v1/tax_rates", active=boolean, inclusive=boolean)
