"""Checkout sessions: what a person pays or signs up for on a hosted page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox import pricing
from orchestration.demo.sandbox.account import duty
from orchestration.demo.sandbox.billing.lines import name_of, tiers_of
from orchestration.demo.sandbox.errors import ApiError, Json, required
from orchestration.demo.sandbox.expansion import includable
from orchestration.demo.sandbox.lists import PAGE, cut, envelope, listing, nested
from orchestration.demo.sandbox.params import (
    Spec,
    anything,
    boolean,
    choice,
    count,
    integer,
    many,
    mapping,
    merge_metadata,
    moment,
    text,
)
from orchestration.demo.sandbox.resources.subscriptions import DISCOUNTS, TRIAL
from orchestration.demo.sandbox.routing import retrieval, route
from orchestration.demo.sandbox.shapes.platform import checkout_line, checkout_session

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

_ITEM = Spec("price", price=text, quantity=count, adjustable_quantity=anything, tax_rates=many(text))
_SUBSCRIPTION = Spec(
    default_tax_rates=many(text),
    description=text,
    metadata=mapping,
    trial_end=moment,
    trial_period_days=count,
    trial_settings=TRIAL,
)
_CREATE = Spec(
    "mode",
    allow_promotion_codes=boolean,
    automatic_tax=anything,
    billing_address_collection=text,
    cancel_url=text,
    client_reference_id=text,
    currency=text,
    customer=text,
    customer_email=text,
    customer_update=anything,
    discounts=DISCOUNTS,
    expires_at=integer,
    line_items=many(_ITEM),
    locale=text,
    metadata=mapping,
    mode=choice("payment", "setup", "subscription"),
    payment_intent_data=anything,
    payment_method_collection=choice("always", "if_required"),
    payment_method_types=anything,
    setup_intent_data=anything,
    subscription_data=_SUBSCRIPTION,
    success_url=text,
    ui_mode=text,
)
_SHOWN = (
    "allow_promotion_codes",
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "customer",
    "customer_email",
    "locale",
    "success_url",
)


@route("POST /v1/checkout/sessions")
def create(account: Account, form: Json) -> Json:
    """Open a session; its `url` is a page for a person."""
    values = _CREATE.read(form)
    if values["mode"] != "setup" and not values.get("line_items"):
        raise required(param="line_items")
    if values.get("customer"):
        account.named("customer", values["customer"], "customer")
    session_id = account.ids.new("cs_test", 40)
    url = f"{account.base_url}/_sandbox/checkout/{session_id}"
    session = checkout_session(session_id, values["mode"], url, account.now)
    session.update(
        {name: values.get(name) for name in _SHOWN}, metadata=merge_metadata({}, values.get("metadata"))
    )
    lines = [
        _line(account, item, place, values["mode"])
        for place, item in enumerate(values.get("line_items") or [])
    ]
    if lines:
        session["amount_subtotal"] = session["amount_total"] = sum(line["amount_total"] for line in lines)
        session["currency"] = lines[0]["currency"]
    account.secret(session_id).update(lines=lines, wish=form_of(values))
    if values.get("expires_at"):
        session["expires_at"] = values["expires_at"]
    account.schedule("checkout.expire", session_id, session["expires_at"])
    return account.add(session)


def form_of(values: Json) -> Json:
    """Return what the completion needs: items, discounts and the subscription's own parameters."""
    return {
        "items": [
            {
                "price": item["price"],
                "quantity": item.get("quantity") or 1,
                "tax_rates": item.get("tax_rates") or [],
            }
            for item in values.get("line_items") or []
        ],
        "discounts": values.get("discounts") or [],
        "subscription_data": values.get("subscription_data") or {},
    }


def _line(account: Account, item: Json, place: int, mode: str) -> Json:
    price = account.named("price", item["price"], f"line_items[{place}][price]")
    if mode == "payment" and price["recurring"]:
        message = "You specified `payment` mode but passed a recurring price."
        raise ApiError(message, param=f"line_items[{place}][price]")
    quantity = item.get("quantity") or 1
    metered = (price["recurring"] or {}).get("usage_type") == "metered"
    amount = 0 if metered else pricing.total(price, tiers_of(account, price), quantity)
    return checkout_line(account.ids.new("li"), price, quantity, amount, name_of(account, price))


@route("POST /v1/checkout/sessions/{id}/expire")
def expire(account: Account, _form: Json, session_id: str) -> Json:
    """Close a session that nobody completed."""
    session = account.get("checkout.session", session_id)
    if session["status"] != "open":
        message = "Only Checkout Sessions with a status in ['open'] can be expired."
        raise ApiError(message)
    lapse(account, session)
    return session


@duty("checkout.expire")
def lapse(account: Account, session: Json) -> None:
    """Let an open session expire."""
    if session["status"] == "open":
        before = account.snapshot(session)
        session["status"], session["url"] = "expired", None
        account.saved(session, before, None, "checkout.session.expired")


@route("GET /v1/checkout/sessions/{id}/line_items")
def list_lines(account: Account, form: Json, session_id: str) -> Json:
    """List what a session sells."""
    account.get("checkout.session", session_id)
    values = PAGE.read(form)
    data, has_more = cut(account.hidden[session_id]["lines"], values, lambda each: each["id"], "item")
    return envelope(data, f"/v1/checkout/sessions/{session_id}/line_items", has_more=has_more)


@includable("checkout.session", "line_items")
def line_items(account: Account, session: Json) -> Json:
    """Return what a session sells."""
    return nested(account.hidden[session["id"]]["lines"], f"/v1/checkout/sessions/{session['id']}/line_items")


retrieval("checkout.session", "/v1/checkout/sessions")
listing(
    "checkout.session",
    "/v1/checkout/sessions",
    customer=text,
    payment_intent=text,
    subscription=text,
    status=text,
)
