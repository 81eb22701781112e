"""Subscriptions and their items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orchestration.demo.sandbox.billing import changes, collection, creation, discounts, lifecycle, proration
from orchestration.demo.sandbox.errors import ApiError, Json
from orchestration.demo.sandbox.lists import PAGE, cut, envelope, listing, time_range
from orchestration.demo.sandbox.params import (
    Spec,
    anything,
    boolean,
    choice,
    count,
    integer,
    many,
    mapping,
    moment,
    text,
)
from orchestration.demo.sandbox.routing import retrieval, route

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

DISCOUNTS = many(Spec(coupon=text, discount=text, promotion_code=text))
PRORATION = choice("create_prorations", "none", "always_invoice")
_ITEM = Spec(price=text, quantity=count, metadata=mapping, discounts=DISCOUNTS, tax_rates=many(text))
_CHANGED = _ITEM.with_(id=text, deleted=boolean, clear_usage=boolean)
_DETAILS = Spec(comment=text, feedback=text)
_BEHAVIOR = choice("allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete")
_PAYMENT = Spec(
    payment_method_options=anything,
    payment_method_types=many(text),
    save_default_payment_method=choice("off", "on_subscription"),
)
_ENDING = Spec("missing_payment_method", missing_payment_method=choice("cancel", "create_invoice", "pause"))
TRIAL = Spec("end_behavior", end_behavior=_ENDING)
_EXTRA = Spec(price=text, quantity=count)
_ENDS = ("min_period_end", "max_period_end")


def _end(raw: Any, path: str) -> int | str | None:  # noqa: ANN401 - a timestamp or one of two words
    return raw if raw in _ENDS else moment(raw, path)


_COMMON = Spec(
    add_invoice_items=many(_EXTRA),
    cancel_at=_end,
    cancel_at_period_end=boolean,
    collection_method=choice("charge_automatically", "send_invoice"),
    days_until_due=count,
    default_payment_method=text,
    default_tax_rates=many(text),
    description=text,
    discounts=DISCOUNTS,
    billing_cycle_anchor=moment,
    metadata=mapping,
    off_session=boolean,
    payment_behavior=_BEHAVIOR,
    payment_settings=_PAYMENT,
    proration_behavior=PRORATION,
    trial_end=moment,
    trial_settings=TRIAL,
)
_CREATE = _COMMON.with_(
    "customer items", customer=text, items=many(_ITEM), currency=text, trial_period_days=count
)
UPDATE = _COMMON.with_(
    items=many(_CHANGED),
    cancellation_details=_DETAILS,
    pause_collection=Spec(
        "behavior", behavior=choice("keep_as_draft", "mark_uncollectible", "void"), resumes_at=integer
    ),
    proration_date=integer,
)


@route("POST /v1/subscriptions")
def create(account: Account, form: Json) -> Json:
    """Start a subscription."""
    values = _CREATE.read(form)
    if not values["items"]:
        message = "Missing required param: items."
        raise ApiError(message, code="parameter_missing", param="items")
    return creation.create(account, values)


@route("POST /v1/subscriptions/{id}")
def update(account: Account, form: Json, subscription_id: str) -> Json:
    """Change a subscription."""
    subscription = account.get("subscription", subscription_id)
    return changes.update(account, subscription, UPDATE.read(form))


@route("DELETE /v1/subscriptions/{id}")
def cancel(account: Account, form: Json, subscription_id: str) -> Json:
    """End a subscription now, crediting what was not used and billing what is open if asked to."""
    subscription = account.get("subscription", subscription_id)
    values = Spec(cancellation_details=_DETAILS, invoice_now=boolean, prorate=boolean).read(form)
    if subscription["status"] in lifecycle.ENDED:
        message = f"No such subscription: '{subscription_id}'"
        raise ApiError(message, code="resource_missing", param="id", status=404)
    if values.get("prorate") and subscription["status"] in {"active", "past_due"}:
        _credit_rest(account, subscription)
    invoice = None
    if values.get("invoice_now"):
        metered = {
            item["id"]: (item["current_period_start"], account.now)
            for item in lifecycle.items_of(account, subscription)
        }
        made = [
            line
            for line in lifecycle.period_lines(account, subscription, metered)
            if _is_usage(account, line)
        ]
        invoice = lifecycle.bill(account, subscription, made, "subscription_update")
    details = values.get("cancellation_details")
    lifecycle.cancel(account, subscription, reason="cancellation_requested", details=details)
    if invoice is not None:
        collection.finalize_and_collect(account, invoice)
    return subscription


def _is_usage(account: Account, line: Json) -> bool:
    item = account.store.by_id[line["parent"]["subscription_item_details"]["subscription_item"]]
    return lifecycle.is_metered(item)


def _credit_rest(account: Account, subscription: Json) -> None:
    for item in lifecycle.items_of(account, subscription):
        rate = proration.net_rates(account, subscription).get(item["id"])
        if rate:
            credit = proration.share(
                rate, account.now, item["current_period_start"], item["current_period_end"]
            )
            proration.adjust(account, subscription, item, -credit, account.now, old=item)


@route("POST /v1/subscriptions/{id}/resume")
def resume(account: Account, form: Json, subscription_id: str) -> Json:
    """Let a paused subscription run again, from now or in its old cycle."""
    subscription = account.get("subscription", subscription_id)
    values = Spec(
        billing_cycle_anchor=choice("now", "unchanged"),
        payment_behavior=text,
        proration_behavior=PRORATION,
        proration_date=integer,
    ).read(form)
    if subscription["status"] != "paused":
        message = "You can only resume a subscription that is paused."
        raise ApiError(message)
    before = account.snapshot(subscription)
    subscription["status"] = "active"
    subscription.pop("status_details", None)
    if values.get("billing_cycle_anchor") != "unchanged":
        subscription["billing_cycle_anchor"] = account.now
    for item in lifecycle.items_of(account, subscription):
        lifecycle.set_period(item, account.now, subscription["billing_cycle_anchor"])
        account.dirty.add(item["id"])
    lifecycle.show_items(account, subscription)
    made = lifecycle.period_lines(account, subscription, {})
    if values.get("billing_cycle_anchor") == "unchanged":
        proration.shorten(
            account, subscription, made, values.get("proration_behavior") or "create_prorations"
        )
    invoice = lifecycle.bill(account, subscription, made, "subscription_update")
    lifecycle.plan_next(account, subscription)
    account.saved(subscription, before, "customer.subscription.updated", "customer.subscription.resumed")
    collection.finalize_and_collect(account, invoice)
    return subscription


@route("POST /v1/subscriptions/{id}/pause")
def pause(account: Account, form: Json, subscription_id: str) -> Json:
    """Pause a subscription: no periods and no invoices until it is resumed."""
    subscription = account.get("subscription", subscription_id)
    Spec("type", type=choice("subscription"), bill_for=anything, invoicing_behavior=text).read(form)
    if subscription["status"] not in {"active", "trialing", "past_due"}:
        message = f"You cannot pause a subscription with status {subscription['status']}."
        raise ApiError(message)
    before = account.snapshot(subscription)
    subscription["status"] = "paused"
    subscription["status_details"] = lifecycle.paused_details("pause_requested", account.now)
    account.unschedule("subscription.cycle", subscription_id)
    account.saved(subscription, before, "customer.subscription.updated", "customer.subscription.paused")
    return subscription


@route("DELETE /v1/subscriptions/{id}/discount")
def delete_discount(account: Account, _form: Json, subscription_id: str) -> Json:
    """Take a subscription's discounts off."""
    subscription = account.get("subscription", subscription_id)
    held = [account.store.by_id[each] for each in subscription["discounts"]]
    if not held:
        message = f"No active discount for subscription: {subscription_id}"
        raise ApiError(message, code="resource_missing", status=404)
    for discount in held:
        discounts.drop(account, discount, subscription, collection.customer_of(account, subscription))
    return {**held[-1], "deleted": True}


def _holder(account: Account, item_id: str) -> tuple[Json, Json]:
    item = account.get("subscription_item", item_id)
    return item, account.get("subscription", item["subscription"])


_ITEM_EXTRAS = {"proration_behavior": PRORATION, "proration_date": integer, "payment_behavior": _BEHAVIOR}


def _one_item(values: Json, **item: Any) -> Json:  # noqa: ANN401 - parameters of any type
    shared = {name: values[name] for name in _ITEM_EXTRAS if name in values}
    own = {
        name: value for name, value in values.items() if name not in _ITEM_EXTRAS and name != "subscription"
    }
    return {**shared, "items": [{**own, **item}]}


@route("POST /v1/subscription_items")
def create_item(account: Account, form: Json) -> Json:
    """Add an item to a subscription."""
    values = _ITEM.with_("subscription price", subscription=text, **_ITEM_EXTRAS).read(form)
    subscription = account.named("subscription", values["subscription"], "subscription")
    changes.update(account, subscription, _one_item(values))
    return lifecycle.items_of(account, subscription)[-1]


@route("POST /v1/subscription_items/{id}")
def update_item(account: Account, form: Json, item_id: str) -> Json:
    """Change an item."""
    item, subscription = _holder(account, item_id)
    values = _ITEM.with_(off_session=boolean, **_ITEM_EXTRAS).read(form)
    changes.update(account, subscription, _one_item(values, id=item_id))
    return item


@route("DELETE /v1/subscription_items/{id}")
def delete_item(account: Account, form: Json, item_id: str) -> Json:
    """Take an item out of its subscription."""
    _, subscription = _holder(account, item_id)
    values = Spec(clear_usage=boolean, **_ITEM_EXTRAS).read(form)
    changes.update(account, subscription, _one_item(values, id=item_id, deleted=True))
    return {"id": item_id, "object": "subscription_item", "deleted": True}


@route("GET /v1/subscription_items")
def list_items(account: Account, form: Json) -> Json:
    """List a subscription's items in the order in which the subscription shows them."""
    values = PAGE.with_("subscription", subscription=text).read(form)
    subscription = account.named("subscription", values["subscription"], "subscription")
    known = lifecycle.items_of(account, subscription)
    data, has_more = cut(known, values, lambda each: each["id"], "subscription_item")
    return envelope(data, "/v1/subscription_items", has_more=has_more)


def _matches(subscription: Json, wanted: Json) -> bool:
    status = wanted.get("status")
    if status == "ended" and subscription["status"] not in lifecycle.ENDED:
        return False
    if status is None and subscription["status"] == "canceled":
        return False
    items = subscription["items"]["data"]
    wished = wanted.get("price") or wanted.get("plan")
    if wished and all(item["price"]["id"] != wished for item in items):
        return False
    for field in ("current_period_start", "current_period_end"):
        since, until = wanted.get(field) or (None, None)
        if any((since or 0) > item[field] or (until is not None and until < item[field]) for item in items):
            return False
    return True


retrieval("subscription", "/v1/subscriptions")
retrieval("subscription_item", "/v1/subscription_items")
listing(
    "subscription",
    "/v1/subscriptions",
    keep=_matches,
    customer=text,
    price=text,
    plan=text,
    status=text,
    collection_method=text,
    test_clock=text,
    current_period_start=time_range,
    current_period_end=time_range,
)
