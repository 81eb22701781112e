"""Changing a running subscription: items, anchor, trial, discounts, pause, planned end."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from orchestration.demo.sandbox.billing import (
    collection,
    creation,
    discounts,
    invoicing,
    lifecycle,
    lines,
    proration,
)
from orchestration.demo.sandbox.errors import ApiError, Json
from orchestration.demo.sandbox.params import merge_metadata

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

_PLAIN = [
    "collection_method",
    "days_until_due",
    "default_payment_method",
    "description",
    "payment_settings",
    "trial_settings",
]


def update(account: Account, subscription: Json, wish: Json) -> Json:
    """Change a subscription as the parameters of `POST /v1/subscriptions/{id}` say."""
    if subscription["status"] in lifecycle.ENDED:
        message = "A canceled subscription can only update its cancellation_details and metadata."
        if set(wish) - {"metadata", "cancellation_details"}:
            raise ApiError(message)
    before = account.snapshot(subscription)
    account.dirty.add(subscription["id"])
    _set_fields(account, subscription, wish)
    _set_pause(account, subscription, wish)
    invoice = _rebill(account, subscription, wish)
    creation.set_cancellation(account, subscription, wish)
    if subscription["status"] not in lifecycle.ENDED | {"paused"}:
        lifecycle.plan_next(account, subscription)
    account.saved(subscription, before, "customer.subscription.updated")
    if invoice is not None:
        collection.finalize_and_collect(account, invoice)
    return subscription


def _set_fields(account: Account, subscription: Json, wish: Json) -> None:
    for field in _PLAIN:
        if field in wish:
            held = subscription[field]
            subscription[field] = (
                {**held, **wish[field]} if isinstance(held, dict) and wish[field] else wish[field]
            )
    if wish.get("default_payment_method"):
        account.named("payment_method", wish["default_payment_method"], "default_payment_method")
    if "metadata" in wish:
        subscription["metadata"] = merge_metadata(subscription["metadata"], wish["metadata"])
    if "default_tax_rates" in wish:
        rates = creation.tax_rates(account, wish["default_tax_rates"], "default_tax_rates")
        subscription["default_tax_rates"] = rates
    if wish.get("cancellation_details"):
        subscription["cancellation_details"] = {
            **subscription["cancellation_details"],
            **wish["cancellation_details"],
        }


def _set_pause(account: Account, subscription: Json, wish: Json) -> None:
    if "pause_collection" not in wish:
        return
    pause = wish["pause_collection"]
    subscription["pause_collection"] = pause and {
        "behavior": pause["behavior"],
        "resumes_at": pause.get("resumes_at"),
    }
    account.unschedule("subscription.unpause", subscription["id"])
    if pause and pause.get("resumes_at"):
        account.schedule("subscription.unpause", subscription["id"], pause["resumes_at"])


def _rebill(account: Account, subscription: Json, wish: Json) -> Json | None:
    """Change items, discounts, trial and anchor, prorate, and return the invoice to collect now, if any."""
    old = {item["id"]: copy(item) for item in lifecycle.items_of(account, subscription)}
    rates = proration.net_rates(account, subscription)
    was_trial = subscription["status"] == "trialing"
    _change_items(account, subscription, wish)
    _change_discounts(account, subscription, wish)
    lifecycle.show_items(account, subscription)
    if wish.get("trial_end") not in (None, "now"):
        creation.require_future(account, wish["trial_end"], "trial_end")
        lifecycle.start_trial(account, subscription, wish["trial_end"])
        return None
    ends_trial = was_trial and wish.get("trial_end") == "now"
    if was_trial and not ends_trial:
        _keep_trial(account, subscription)
        return None
    restarts = ends_trial or wish.get("billing_cycle_anchor") == "now"
    if ends_trial:
        subscription["status"], subscription["trial_end"] = "active", account.now
    return _prorate(account, subscription, wish, (old, {} if ends_trial else rates), restarts=restarts)


def _keep_trial(account: Account, subscription: Json) -> None:
    for item in lifecycle.items_of(account, subscription):
        item["current_period_start"] = subscription["trial_start"]
        item["current_period_end"] = subscription["trial_end"]
        account.dirty.add(item["id"])
    lifecycle.show_items(account, subscription)


def _change_items(account: Account, subscription: Json, wish: Json) -> None:
    customer = collection.customer_of(account, subscription)
    for place, change in enumerate(wish.get("items") or []):
        if not change.get("id"):
            creation.add_item(account, subscription, customer, change, place)
            continue
        item = account.named("subscription_item", change["id"], f"items[{place}][id]")
        if item["subscription"] != subscription["id"]:
            message = f"Subscription item {item['id']} does not belong to subscription {subscription['id']}."
            raise ApiError(message, param=f"items[{place}][id]")
        if change.get("deleted"):
            account.remove(item)
            continue
        change_item(account, item, change, customer)
    if not lifecycle.items_of(account, subscription):
        message = (
            "A subscription must have at least one active plan. In order to delete a subscription, cancel it."
        )
        raise ApiError(message, param="items")


def change_item(account: Account, item: Json, change: Json, customer: Json) -> None:
    """Give an item another price, quantity, metadata, discounts or tax rates."""
    account.dirty.add(item["id"])
    if change.get("price"):
        price = account.named("price", change["price"], "price")
        account.enter(customer["id"])
        item["price"], item["plan"] = price, account.plans[price["id"]]
        if lifecycle.is_metered(item):
            item.pop("quantity", None)
        else:
            item.setdefault("quantity", 1)
    if change.get("quantity") is not None:
        item["quantity"] = change["quantity"]
    if "metadata" in change:
        item["metadata"] = merge_metadata(item["metadata"], change["metadata"])
    if "tax_rates" in change:
        item["tax_rates"] = creation.tax_rates(account, change["tax_rates"], "tax_rates")
    if "discounts" in change:
        item["discounts"] = _exchange(
            account, item["discounts"], change["discounts"], customer, item["id"], None
        )
    account.dirty.add(item["id"])


def _change_discounts(account: Account, subscription: Json, wish: Json) -> None:
    if "discounts" in wish:
        customer = collection.customer_of(account, subscription)
        held = subscription["discounts"]
        subscription["discounts"] = _exchange(
            account, held, wish["discounts"], customer, None, subscription["id"]
        )


def _exchange(
    account: Account,
    held: list[str],
    wishes: list[Json],
    customer: Json,
    item_id: str | None,
    owner_id: str | None,
) -> list[str]:
    """Replace discounts: what is not named again is gone."""
    owner = {"subscription_item": item_id} if item_id else {"subscription": owner_id or ""}
    kept = {wish.get("discount") for wish in wishes} | {_same(account, held, wish) for wish in wishes}
    resolved = [{"discount": same} if (same := _same(account, held, wish)) else wish for wish in wishes]
    for discount_id in held:
        if discount_id not in kept and discount_id in account.store.by_id:
            account.remove(account.store.by_id[discount_id], "customer.discount.deleted")
    return discounts.take(
        account, resolved, customer, **{key: value for key, value in owner.items() if value}
    )


def _same(account: Account, held: list[str], wish: Json) -> str | None:
    """Return the discount in place that redeems the coupon wished for already."""
    for discount_id in held:
        discount = account.store.by_id.get(discount_id)
        if discount and wish.get("coupon") == discount["source"]["coupon"]:
            return discount_id
    return None


def _interval(item: Json) -> tuple[str, int]:
    recurring = item["price"]["recurring"]
    return recurring["interval"], recurring["interval_count"]


def _prorate(
    account: Account,
    subscription: Json,
    wish: Json,
    past: tuple[dict[str, Json], dict[str, int]],
    *,
    restarts: bool,
) -> Json | None:
    old, old_rates = past
    behavior = wish.get("proration_behavior") or "create_prorations"
    at = wish.get("proration_date") or account.now
    items = lifecycle.items_of(account, subscription)
    anew = [
        item
        for item in items
        if restarts or (item["id"] in old and _interval(item) != _interval(old[item["id"]]))
    ]
    if len(anew) == len(items):
        subscription["billing_cycle_anchor"] = account.now
    rates = proration.net_rates(account, subscription)
    added = [item for item in items if item["id"] not in old and item not in anew]
    for item in added:
        _join_cycle(subscription, item, list(old.values()))
    if behavior != "none":
        changed = {item_id for item_id, item in old.items() if _differs(account, item, rates, old_rates)}
        _leave_prorations(account, subscription, (old, old_rates, rates), changed, anew, added, at)
    made: list[Json] = []
    if anew:
        for item in anew:
            lifecycle.set_period(item, account.now, subscription["billing_cycle_anchor"])
            account.dirty.add(item["id"])
            if not lifecycle.is_metered(item):
                made += lines.for_item(
                    account, item, (item["current_period_start"], item["current_period_end"])
                )
    lifecycle.show_items(account, subscription)
    extras = creation.extra_lines(account, wish)
    made += extras
    if not anew and not extras and behavior != "always_invoice":
        return None
    waiting = invoicing.pending(
        account, collection.customer_of(account, subscription), subscription["currency"], subscription
    )
    if not made and not waiting:
        return None
    return lifecycle.bill(account, subscription, made, "subscription_update")


def _differs(account: Account, item: Json, rates: dict[str, int], old_rates: dict[str, int]) -> bool:
    now = account.store.of("subscription_item").objects.get(item["id"])
    same_deal = (
        now is not None and now["price"] is item["price"] and now.get("quantity") == item.get("quantity")
    )
    return not same_deal or rates.get(item["id"]) != old_rates.get(item["id"])


def _join_cycle(subscription: Json, item: Json, siblings: list[Json]) -> None:
    same = next((each for each in siblings if _interval(each) == _interval(item)), None)
    if same is not None:
        for field in ("current_period_start", "current_period_end"):
            item[field] = same[field]
    else:
        lifecycle.set_period(item, item["created"], subscription["billing_cycle_anchor"])


def _leave_prorations(
    account: Account,
    subscription: Json,
    deals: tuple[dict[str, Json], dict[str, int], dict[str, int]],
    changed: set[str],
    anew: list[Json],
    added: list[Json],
    at: int,
) -> None:
    old, old_rates, rates = deals
    restarted = {item["id"] for item in anew}
    for item_id in [each for each in old if each in changed | restarted and each in old_rates]:
        was = old[item_id]
        start, end = was["current_period_start"], was["current_period_end"]
        if at >= end:
            continue
        credit = proration.share(old_rates[item_id], at, start, end)
        proration.adjust(account, subscription, was, -credit, at, old=was)
        if item_id in rates and item_id not in restarted:
            item = account.store.by_id[item_id]
            debit = proration.share(rates[item_id], at, start, end)
            proration.adjust(account, subscription, item, debit, at, old=None)
    for item in added:
        if item["id"] in rates:
            start, end = item["current_period_start"], item["current_period_end"]
            debit = proration.share(rates[item["id"]], at, start, end)
            if debit:
                proration.adjust(account, subscription, item, debit, at, old=None)
