"""Schedules move subscriptions through their phases."""

from __future__ import annotations

import pytest

from orchestration.demo.sandbox.errors import ApiError
from tests.orchestration.demo.sandbox.factories import DAY, START, Json, Shop, at


def _two_phases(shop: Shop, made: Json, **form: object) -> Json:
    schedule = shop.post("subscription_schedules", from_subscription=made["id"])
    phase = schedule["phases"][0]
    now = {
        "items": [{"price": phase["items"][0]["price"]}],
        **{key: phase[key] for key in ("start_date", "end_date")},
    }
    later = {
        "items": [{"price": shop.price(5000), "quantity": 2}],
        "duration": {"interval": "month", "interval_count": 1},
    }
    return shop.post(f"subscription_schedules/{schedule['id']}", phases=[now, later], **form)


def test_the_next_phase_bills_its_own_price_from_the_first_day(shop: Shop) -> None:
    made = shop.subscribe(shop.price(1000))
    schedule = _two_phases(shop, made)
    assert shop.subscription(made)["schedule"] == schedule["id"]
    shop.wait(days=28, hours=1)
    last = shop.invoices(made)[-1]
    assert [amount for _, amount in shop.lines(last)] == [10000]
    assert last["status"] == "paid"
    assert (
        shop.get(f"subscription_schedules/{schedule['id']}")["current_phase"]["start_date"] == last["created"]
    )


def test_after_the_last_phase_the_subscription_runs_on(shop: Shop) -> None:
    made = shop.subscribe(shop.price(1000))
    schedule = _two_phases(shop, made)
    shop.wait(days=60)
    ended = shop.get(f"subscription_schedules/{schedule['id']}")
    assert (ended["status"], ended["released_subscription"], ended["subscription"]) == (
        "released",
        made["id"],
        None,
    )
    kept = shop.subscription(made)
    assert (kept["status"], kept["schedule"]) == ("active", None)
    assert shop.invoices(made)[-1]["total"] == 10000


def test_a_schedule_can_end_its_subscription(shop: Shop) -> None:
    made = shop.subscribe(shop.price(1000))
    schedule = _two_phases(shop, made, end_behavior="cancel")
    shop.wait(days=60)
    assert shop.get(f"subscription_schedules/{schedule['id']}")["status"] == "completed"
    assert shop.subscription(made)["status"] == "canceled"
    assert {"subscription_schedule.completed", "customer.subscription.deleted"} <= set(shop.event_types())


def test_a_schedule_starts_a_subscription_later(shop: Shop) -> None:
    phases = [{"items": [{"price": shop.price(1000)}]}]
    start = at(START + 10 * DAY)
    schedule = shop.post("subscription_schedules", customer=shop.customer(), start_date=start, phases=phases)
    assert (schedule["status"], schedule["subscription"]) == ("not_started", None)
    shop.wait(days=10)
    begun = shop.get(f"subscription_schedules/{schedule['id']}")
    assert begun["status"] == "active"
    assert shop.get(f"subscriptions/{begun['subscription']}")["start_date"] == start


def test_released_and_canceled_schedules_take_no_more_changes(shop: Shop) -> None:
    first, second = shop.subscribe(), shop.subscribe()
    released = shop.post("subscription_schedules", from_subscription=first["id"])
    assert shop.post(f"subscription_schedules/{released['id']}/release")["status"] == "released"
    assert shop.subscription(first)["status"] == "active"
    canceled = shop.post("subscription_schedules", from_subscription=second["id"])
    assert shop.post(f"subscription_schedules/{canceled['id']}/cancel")["status"] == "canceled"
    assert shop.subscription(second)["status"] == "canceled"
    with pytest.raises(ApiError, match="released"):
        shop.post(f"subscription_schedules/{released['id']}", metadata={"a": "b"})
