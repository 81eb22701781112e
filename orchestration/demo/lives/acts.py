"""What customers do, each through the API: sign up, change, pause, leave, return."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.demo.lives.life import Json, Life
    from orchestration.demo.lives.world import World

Act = Callable[["World", "Life"], None]
_CARDS = ("pm_card_visa", "pm_card_visa", "pm_card_mastercard", "pm_card_amex")


def subscription(world: World, life: Life) -> Json:
    """Return the customer's newest subscription."""
    found = world.call("GET", f"/v1/subscriptions/{life.subscription_id}")
    life.status = found["status"]
    return found


def refresh(world: World, life: Life) -> str:
    """Bring a customer's status up to date with Stripe's."""
    if life.subscription_id:
        life.status = world.sandbox.status_of(life.subscription_id)
    return life.status


def sign_up(world: World, life: Life) -> None:
    """Become a customer, on trial where the plan has one."""
    metadata = {"tenant_id": life.tenant_id, "slug": life.slug} if life.tenant_id else {"source": "partner"}
    customer = world.call(
        "POST", "/v1/customers", {"name": life.name, "email": life.email, "metadata": metadata}
    )
    life.customer_id = customer["id"]
    trial_days = world.trial_days(life)
    if not trial_days or life.rng.random() < world.habits.card_at_sign_up:
        add_card(world, life)
    form: Json = {"customer": life.customer_id, "items": [{"price": world.price(life)}], "metadata": metadata}
    if trial_days:
        ending = "pause" if life.rng.random() < world.habits.pause_after_trial else "cancel"
        form["trial_period_days"] = trial_days
        form["trial_settings"] = {"end_behavior": {"missing_payment_method": ending}}
    form.update(world.habits.extras(world, life))
    life.subscription_id = world.call("POST", "/v1/subscriptions", form)["id"]
    if trial_days and not life.method_id and life.rng.random() < world.habits.conversion:
        world.plan(life, timedelta(days=trial_days * life.rng.uniform(0.2, 0.95)), add_card)


def add_card(world: World, life: Life) -> None:
    """Leave a card that works."""
    card = world.call(
        "POST", f"/v1/payment_methods/{life.rng.choice(_CARDS)}/attach", {"customer": life.customer_id}
    )
    life.method_id = card["id"]
    settings = {"default_payment_method": card["id"]}
    world.call("POST", f"/v1/customers/{life.customer_id}", {"invoice_settings": settings})


def _main_item(found: Json) -> Json:
    return next(item for item in found["items"]["data"] if item["price"]["metadata"].get("interval"))


def _move(world: World, life: Life, step: int) -> None:
    plans = [plan.id for plan in world.catalogue.plans]
    place = plans.index(life.plan) + step
    if not 0 <= place < len(plans):
        return
    life.plan = plans[place]
    _switch(world, life)


def _switch(world: World, life: Life) -> None:
    item = _main_item(subscription(world, life))
    behavior = life.rng.choice(("create_prorations", "create_prorations", "always_invoice", "none"))
    world.update(life, items=[{"id": item["id"], "price": world.price(life)}], proration_behavior=behavior)


def upgrade(world: World, life: Life) -> None:
    """Take the next plan."""
    _move(world, life, 1)


def downgrade(world: World, life: Life) -> None:
    """Take the plan below."""
    _move(world, life, -1)


def go_annual(world: World, life: Life) -> None:
    """Pay for longer at a time."""
    if life.interval != "month" or len(subscription(world, life)["items"]["data"]) > 1:
        return
    life.interval = life.rng.choice([each for each in world.catalogue.intervals if each != "month"])
    _switch(world, life)


def change_seats(world: World, life: Life) -> None:
    """Add, grow, shrink or drop additional seats."""
    price = world.shop.seats[life.interval, life.currency]
    held = next(
        (item for item in subscription(world, life)["items"]["data"] if item["price"]["id"] == price), None
    )
    if held is None:
        world.update(life, items=[{"price": price, "quantity": life.rng.randint(1, 6)}])
        return
    wished = held["quantity"] + life.rng.choice((-3, -1, 1, 2, 4))
    change = {"quantity": wished} if wished > 0 else {"deleted": True}
    world.update(life, items=[{"id": held["id"], **change}])


def add_archive(world: World, life: Life) -> None:
    """Add the graduated add-on, or another unit of it."""
    if life.interval != "month":
        return
    price = world.shop.archive[life.currency]
    held = next(
        (item for item in subscription(world, life)["items"]["data"] if item["price"]["id"] == price), None
    )
    change = {"id": held["id"], "quantity": held["quantity"] + 2} if held else {"price": price, "quantity": 2}
    world.update(life, items=[change])


def use_over_quota(world: World, life: Life) -> None:
    """Use more than the plan holds, metered."""
    if life.interval != "month":
        return
    meter = life.rng.choice(sorted({name for name, _ in world.shop.metered}))
    price = world.shop.metered[meter, life.currency]
    if all(item["price"]["id"] != price for item in subscription(world, life)["items"]["data"]):
        world.update(life, items=[{"price": price}])
    world.call(
        "POST",
        "/v1/billing/meter_events",
        {
            "event_name": meter,
            "payload": {"stripe_customer_id": life.customer_id, "value": str(life.rng.randint(5, 900))},
            "identifier": f"{life.slug}-{world.now:%Y%m%d%H%M%S}-{meter}",
        },
    )


def take_coupon(world: World, life: Life) -> None:
    """Get a discount for staying."""
    if subscription(world, life)["discounts"]:
        return
    usable = [
        name for name in world.shop.coupons if name != "fixed" or life.currency == world.shop.currencies[0]
    ]
    world.update(life, discounts=[{"coupon": world.shop.coupons[life.rng.choice(sorted(usable))]}])


def pause(world: World, life: Life) -> None:
    """Ask for a pause of billing for some months."""
    months = life.rng.randint(1, 3)
    until = int(world.now.timestamp()) + months * 30 * 86_400
    behavior = life.rng.choice(("void", "keep_as_draft", "mark_uncollectible"))
    world.update(life, pause_collection={"behavior": behavior, "resumes_at": until})


def cancel_at_end(world: World, life: Life) -> None:
    """Give notice to the end of the period; some think better of it."""
    details = {
        "feedback": life.rng.choice(("too_expensive", "unused", "missing_features", "switched_service"))
    }
    world.update(life, cancel_at_period_end=True, cancellation_details=details)
    if life.rng.random() < world.habits.stays_after_all:
        world.plan(life, timedelta(days=life.rng.uniform(1, 9)), stay)
    else:
        world.plan(life, timedelta(days=life.rng.uniform(60, 200)), come_back)


def stay(world: World, life: Life) -> None:
    """Take the notice back."""
    if subscription(world, life)["status"] != "canceled":
        world.update(life, cancel_at_period_end=False)


def cancel_now(world: World, life: Life) -> None:
    """Leave at once, some with the unused time paid back."""
    wish = {"prorate": life.rng.random() < 1 / 2, "invoice_now": True}
    world.call("DELETE", f"/v1/subscriptions/{life.subscription_id}", wish)
    world.plan(life, timedelta(days=life.rng.uniform(40, 200)), come_back)


def come_back(world: World, life: Life) -> None:
    """Subscribe again after having left."""
    if not subscription(world, life)["ended_at"] or life.rng.random() > world.habits.returns or life.returns:
        return
    life.returns += 1
    add_card(world, life)
    life.interval = "month"
    form = {"customer": life.customer_id, "items": [{"price": world.price(life)}]}
    life.subscription_id = world.call("POST", "/v1/subscriptions", form)["id"]


def resume(world: World, life: Life) -> None:
    """Wake up a subscription that was paused when its trial ended without a card."""
    add_card(world, life)
    world.call("POST", f"/v1/subscriptions/{life.subscription_id}/resume", {})


def plan_ahead(world: World, life: Life) -> None:
    """Agree on a change of plan at the end of the period, by a schedule."""
    found = subscription(world, life)
    if found["schedule"] or life.interval != "month" or len(found["items"]["data"]) > 1:
        return
    plans = [plan.id for plan in world.catalogue.plans]
    place = plans.index(life.plan)
    life.plan = plans[place + 1] if place + 1 < len(plans) else plans[place - 1]
    made = world.call("POST", "/v1/subscription_schedules", {"from_subscription": found["id"]})
    phase = made["phases"][0]
    first = {
        "items": [{"price": item["price"], "quantity": item["quantity"]} for item in phase["items"]],
        "start_date": phase["start_date"],
        "end_date": phase["end_date"],
    }
    second = {"items": [{"price": world.price(life), "quantity": 1}], "duration": {"interval": "month"}}
    world.call("POST", f"/v1/subscription_schedules/{made['id']}", {"phases": [first, second]})
