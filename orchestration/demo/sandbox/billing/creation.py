"""Starting a subscription: items, trial or first invoice, first payment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.billing import collection, discounts, invoicing, lifecycle, lines, proration
from orchestration.demo.sandbox.errors import ApiError, Json, required
from orchestration.demo.sandbox.periods import DAY
from orchestration.demo.sandbox.shapes import subscriptions as shapes

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


def tax_rates(account: Account, ids: list[str], param: str) -> list[Json]:
    """Return the tax rates named by a parameter."""
    return [account.named("tax_rate", each, param) for each in ids]


def add_item(account: Account, subscription: Json, customer: Json, wish: Json, place: int) -> Json:
    """Add an item to a subscription; its period is still to be set."""
    path = f"items[{place}][price]"
    if not wish.get("price"):
        raise required(param=path)
    price = account.named("price", wish["price"], path)
    account.enter(customer["id"])
    _require_fitting(price, subscription, path)
    item = shapes.item(
        account.ids.new("si"), subscription["id"], price, account.plans[price["id"]], account.now
    )
    item["metadata"] = wish.get("metadata") or {}
    if "quantity" in item and wish.get("quantity") is not None:
        item["quantity"] = wish["quantity"]
    item["tax_rates"] = tax_rates(account, wish.get("tax_rates") or [], f"items[{place}][tax_rates]")
    account.add(item)
    item["discounts"] = discounts.take(
        account, wish.get("discounts") or [], customer, subscription_item=item["id"]
    )
    return item


def _require_fitting(price: Json, subscription: Json, path: str) -> None:
    if price["recurring"] is None:
        message = f"This field only accepts prices with `type=recurring`: {price['id']} is `type=one_time`."
        raise ApiError(message, param=path)
    if not price["active"]:
        message = f"The price specified is inactive. This field only accepts active prices: {price['id']}"
        raise ApiError(message, code="price_inactive", param=path)
    if price["currency"] != subscription["currency"]:
        message = "All prices on a subscription must have the same currency."
        raise ApiError(message, param=path)


def create(account: Account, wish: Json) -> Json:
    """Start a subscription as the parameters of `POST /v1/subscriptions` say."""
    customer = account.named("customer", wish["customer"], "customer")
    first = account.named("price", (wish["items"][0].get("price") or ""), "items[0][price]")
    account.enter(customer["id"])
    method = wish.get("default_payment_method")
    if method:
        account.named("payment_method", method, "default_payment_method")
    subscription = shapes.subscription(account.ids.new("sub"), customer["id"], first["currency"], account.now)
    subscription["test_clock"] = customer["test_clock"]
    subscription["metadata"] = wish.get("metadata") or {}
    for field in _PLAIN:
        if wish.get(field) is not None:
            held = subscription[field]
            subscription[field] = {**held, **wish[field]} if isinstance(held, dict) else wish[field]
    if wish.get("default_tax_rates"):
        subscription["default_tax_rates"] = tax_rates(account, wish["default_tax_rates"], "default_tax_rates")
    trial_end = _trial_end(account, wish)
    _require_payable(account, subscription, customer, wish, trial_end)
    account.add(subscription)
    account.secret(subscription["id"])["is_untold"] = True
    for place, item in enumerate(wish["items"]):
        add_item(account, subscription, customer, item, place)
    subscription["discounts"] = discounts.take(
        account, wish.get("discounts") or [], customer, subscription=subscription["id"]
    )
    lifecycle.show_items(account, subscription)
    if trial_end is not None:
        _begin_trial(account, subscription, wish, trial_end)
    else:
        _begin_paid(account, subscription, wish)
    set_cancellation(account, subscription, wish)
    lifecycle.plan_next(account, subscription)
    account.secret(subscription["id"]).pop("is_untold")
    account.tell(subscription, "customer.subscription.created")
    return subscription


def _trial_end(account: Account, wish: Json) -> int | None:
    end = wish.get("trial_end")
    if wish.get("trial_period_days"):
        return account.now + int(wish["trial_period_days"]) * DAY
    if end is None or end == "now" or end <= account.now:
        return None
    return int(end)


def _require_payable(
    account: Account, subscription: Json, customer: Json, wish: Json, trial_end: int | None
) -> None:
    behavior = wish.get("payment_behavior") or "allow_incomplete"
    automatic = subscription["collection_method"] == "charge_automatically"
    if trial_end is not None or not automatic or behavior == "default_incomplete":
        return
    if collection.method_for(account, customer, subscription) is None:
        message = (
            "This customer has no attached payment source or default payment method. "
            "Please consider adding a default payment method."
        )
        raise ApiError(message, code="resource_missing")


def _begin_trial(account: Account, subscription: Json, wish: Json, end: int) -> None:
    lifecycle.start_trial(account, subscription, end)
    period = (account.now, end)
    free = [lines.for_trial(account, item, period) for item in lifecycle.items_of(account, subscription)]
    invoice = lifecycle.bill(account, subscription, free + extra_lines(account, wish), "subscription_create")
    collection.finalize_and_collect(account, invoice)


def _begin_paid(account: Account, subscription: Json, wish: Json) -> None:
    anchor = wish.get("billing_cycle_anchor")
    subscription["billing_cycle_anchor"] = anchor if isinstance(anchor, int) else account.now
    for item in lifecycle.items_of(account, subscription):
        lifecycle.set_period(item, account.now, subscription["billing_cycle_anchor"])
    made = lifecycle.period_lines(account, subscription, {})
    if subscription["billing_cycle_anchor"] != account.now:
        proration.shorten(account, subscription, made, wish.get("proration_behavior") or "create_prorations")
    made += extra_lines(account, wish)
    invoice = lifecycle.bill(account, subscription, made, "subscription_create")
    if wish.get("payment_behavior") == "default_incomplete" and invoice["amount_due"]:
        invoicing.finalize(account, invoice)
        collection.open_payment(account, invoice)
        is_paid = False
    else:
        is_paid = collection.finalize_and_collect(account, invoice)
    if is_paid or subscription["collection_method"] == "send_invoice":
        subscription["status"] = "active"
    elif wish.get("payment_behavior") == "error_if_incomplete":
        message = "Your card was declined."
        raise ApiError(message, code="card_declined", status=402, kind="card_error")
    else:
        account.schedule("subscription.expire", subscription["id"], account.now + lifecycle.FIRST_PAYMENT)


def set_cancellation(account: Account, subscription: Json, wish: Json) -> None:
    """Set or lift the end of a subscription as `cancel_at_period_end` or `cancel_at` say."""
    ends = [item["current_period_end"] for item in lifecycle.items_of(account, subscription)]
    if wish.get("cancel_at_period_end") is not None:
        subscription["cancel_at_period_end"] = wish["cancel_at_period_end"]
        subscription["cancel_at"] = max(ends) if wish["cancel_at_period_end"] else None
    elif "cancel_at" in wish:
        subscription["cancel_at"] = _moment_of(account, ends, wish["cancel_at"])
        subscription["cancel_at_period_end"] = False
    else:
        if subscription["cancel_at_period_end"]:
            subscription["cancel_at"] = max(ends)
        return
    is_ending = subscription["cancel_at"] is not None
    subscription["canceled_at"] = account.now if is_ending else None
    subscription["cancellation_details"] = {
        **subscription["cancellation_details"],
        "reason": "cancellation_requested" if is_ending else None,
    }


def _moment_of(account: Account, ends: list[int], wish: int | str | None) -> int | None:
    """Return the end that a word such as `max_period_end` names; a timestamp is itself."""
    if isinstance(wish, int):
        require_future(account, wish, "cancel_at")
    words = {"min_period_end": min(ends), "max_period_end": max(ends), "now": account.now}
    return words[wish] if isinstance(wish, str) else wish


def require_future(account: Account, moment: int, param: str) -> None:
    """Refuse a timestamp that has passed."""
    if moment <= account.now:
        message = f"The timestamp {moment} must be in the future."
        raise ApiError(message, code="parameter_invalid_integer", param=param)


def extra_lines(account: Account, wish: Json) -> list[Json]:
    """Return the one-time lines that `add_invoice_items` puts on the invoice made at once."""
    made = []
    for place, item in enumerate(wish.get("add_invoice_items") or []):
        price = account.named("price", item.get("price") or "", f"add_invoice_items[{place}][price]")
        made += lines.for_price(account, price, item.get("quantity") or 1)
    return made
