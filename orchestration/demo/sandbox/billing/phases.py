"""Subscription schedules: phases that begin and end by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.account import duty
from orchestration.demo.sandbox.billing import changes, collection, creation, lifecycle
from orchestration.demo.sandbox.errors import ApiError, Json, required
from orchestration.demo.sandbox.periods import step
from orchestration.demo.sandbox.shapes import subscriptions as shapes

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

RUNNING = {"active", "not_started"}


def from_subscription(account: Account, subscription: Json) -> Json:
    """Return the phase that a subscription is in."""
    items = lifecycle.items_of(account, subscription)
    phase = shapes.phase(
        subscription["currency"],
        min(item["current_period_start"] for item in items),
        max(item["current_period_end"] for item in items),
    )
    phase["items"] = [_item(item["price"], item.get("quantity"), item["metadata"]) for item in items]
    phase["discounts"] = [_discount(discount=each) for each in subscription["discounts"]]
    phase["trial_end"] = subscription["trial_end"] if subscription["status"] == "trialing" else None
    return phase


def _item(price: Json, quantity: int | None, metadata: dict[str, str]) -> Json:
    made = {
        "billing_thresholds": None,
        "discounts": [],
        "metadata": metadata,
        "plan": price["id"],
        "price": price["id"],
        "quantity": quantity,
        "tax_rates": [],
    }
    if quantity is None:
        del made["quantity"]
    return made


def _discount(
    coupon: str | None = None, discount: str | None = None, promotion_code: str | None = None
) -> Json:
    return {"coupon": coupon, "discount": discount, "promotion_code": promotion_code}


def laid_out(account: Account, wishes: list[Json], start: int) -> list[Json]:
    """Return phases with all their dates, each beginning where the one before ends."""
    phases = []
    for place, wish in enumerate(wishes):
        begin = wish.get("start_date") if isinstance(wish.get("start_date"), int) else start
        phase = _phase(account, wish, place, begin or start)
        phases.append(phase)
        start = phase["end_date"]
    return phases


def _phase(account: Account, wish: Json, place: int, begin: int) -> Json:
    if not wish.get("items"):
        raise required(param=f"phases[{place}][items]")
    prices = [
        account.named("price", item.get("price") or "", f"phases[{place}][items]") for item in wish["items"]
    ]
    phase = shapes.phase(prices[0]["currency"], begin, _end(wish, place, begin, prices[0]))
    phase["items"] = [
        _item(price, None if _by_usage(price) else item.get("quantity") or 1, item.get("metadata") or {})
        for price, item in zip(prices, wish["items"], strict=True)
    ]
    for field in (
        "proration_behavior",
        "description",
        "default_payment_method",
        "collection_method",
        "trial_end",
    ):
        if wish.get(field) is not None:
            phase[field] = wish[field]
    if wish.get("trial"):
        phase["trial_end"] = phase["end_date"]
    phase["metadata"] = wish.get("metadata") or {}
    phase["discounts"] = [_discount(**each) for each in wish.get("discounts") or []]
    phase["default_tax_rates"] = creation.tax_rates(account, wish.get("default_tax_rates") or [], "phases")
    return phase


def _by_usage(price: Json) -> bool:
    return bool(price["recurring"]["usage_type"] == "metered")


def _end(wish: Json, place: int, begin: int, price: Json) -> int:
    length, recurring = wish.get("duration"), price["recurring"]
    if wish.get("end_date"):
        end = int(wish["end_date"])
    elif length:
        end = step(begin, length["interval"], length.get("interval_count") or 1, 1)
    else:
        end = step(begin, recurring["interval"], recurring["interval_count"], wish.get("iterations") or 1)
    if end <= begin:
        message = "The end date of a phase must lie after its start date."
        raise ApiError(message, param=f"phases[{place}][end_date]")
    return end


def place_of(schedule: Json, moment: int) -> int | None:
    """Return which phase a moment falls into."""
    for place, phase in enumerate(schedule["phases"]):
        if phase["start_date"] <= moment < phase["end_date"]:
            return place
    return None


def follow(account: Account, schedule: Json) -> None:
    """Note the phase the schedule is in, and appoint the next change."""
    place = place_of(schedule, account.now)
    if place is None:
        account.schedule("schedule.phase", schedule["id"], schedule["phases"][0]["start_date"])
        return
    phase = schedule["phases"][place]
    schedule["current_phase"] = {"end_date": phase["end_date"], "start_date": phase["start_date"]}
    account.schedule("schedule.phase", schedule["id"], phase["end_date"])


@duty("schedule.phase")
def turn(account: Account, schedule: Json) -> None:
    """Begin the next phase, or end the schedule after the last."""
    if schedule["status"] not in RUNNING:
        return
    before = account.snapshot(schedule)
    place = place_of(schedule, account.now)
    if place is None:
        finish(account, schedule, before)
        return
    if schedule["status"] == "not_started":
        begin(account, schedule)
    else:
        _apply(account, schedule, schedule["phases"][place])
    follow(account, schedule)
    account.saved(schedule, before, "subscription_schedule.updated")


def begin(account: Account, schedule: Json) -> None:
    """Start the subscription of a schedule's first phase."""
    phase = schedule["phases"][0]
    subscription = creation.create(
        account,
        {
            "payment_behavior": _behavior(account, schedule, phase),
            "customer": schedule["customer"],
            "items": [{"price": item["price"], "quantity": item.get("quantity")} for item in phase["items"]],
            "discounts": _wishes(phase),
            "trial_end": phase["trial_end"],
            "default_payment_method": phase["default_payment_method"],
            "default_tax_rates": [rate["id"] for rate in phase["default_tax_rates"]],
            "metadata": phase["metadata"],
        },
    )
    subscription["schedule"] = schedule["id"]
    schedule["subscription"], schedule["status"] = subscription["id"], "active"


def _behavior(account: Account, schedule: Json, phase: Json) -> str:
    """Return how the first payment is taken: a schedule begins even where there is no card yet."""
    customer = account.named("customer", schedule["customer"], "customer")
    found = collection.method_for(account, customer, phase)
    return "allow_incomplete" if found else "default_incomplete"


def _wishes(phase: Json) -> list[Json]:
    return [{name: value for name, value in each.items() if value} for each in phase["discounts"]]


def _apply(account: Account, schedule: Json, phase: Json) -> None:
    subscription = account.store.of("subscription").objects[schedule["subscription"]]
    change: Json = {
        "items": matched(lifecycle.items_of(account, subscription), phase["items"]),
        "proration_behavior": phase["proration_behavior"],
    }
    if phase["discounts"]:
        change["discounts"] = _wishes(phase)
    changes.update(account, subscription, change)


def matched(held: list[Json], wished: list[Json]) -> list[Json]:
    """Return the changes that lead from the held items to the wished ones; the same price keeps its item."""
    free = list(held)
    found: list[Json] = []
    left: list[Json] = []
    for wish in wished:
        same = next((item for item in free if item["price"]["id"] == wish["price"]), None)
        if same is None:
            left.append(wish)
            continue
        free.remove(same)
        found.append({"id": same["id"], "quantity": wish.get("quantity")})
    for wish in left:
        change = {"price": wish["price"], "quantity": wish.get("quantity")}
        found.append({"id": free.pop(0)["id"], **change} if free else change)
    return found + [{"id": item["id"], "deleted": True} for item in free]


def finish(account: Account, schedule: Json, before: bytes) -> None:
    """End a schedule after its last phase as it wished: release the subscription or cancel it."""
    subscription = account.store.of("subscription").objects.get(schedule["subscription"] or "")
    if schedule["end_behavior"] == "cancel":
        schedule.update(status="completed", completed_at=account.now, current_phase=None)
        account.saved(schedule, before, "subscription_schedule.updated", "subscription_schedule.completed")
        if subscription is not None and subscription["status"] not in lifecycle.ENDED:
            lifecycle.cancel(account, subscription, reason="cancellation_requested")
    else:
        release(account, schedule, before)


def release(account: Account, schedule: Json, before: bytes) -> None:
    """Let the subscription run on without its schedule."""
    account.unschedule("schedule.phase", schedule["id"])
    subscription = account.store.of("subscription").objects.get(schedule["subscription"] or "")
    schedule.update(
        status="released",
        released_at=account.now,
        released_subscription=schedule["subscription"],
        subscription=None,
        current_phase=None,
    )
    account.saved(schedule, before, "subscription_schedule.updated", "subscription_schedule.released")
    if subscription is not None:
        was = account.snapshot(subscription)
        subscription["schedule"] = None
        account.saved(subscription, was, "customer.subscription.updated")
