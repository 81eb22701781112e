"""Subscriptions pause and end as on Stripe."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orchestration.demo.sandbox.errors import ApiError
from tests.orchestration.demo.sandbox.factories import DAY, START, Json, Shop, at


def _end(subscription: Json) -> int:
    return int(subscription["items"]["data"][0]["current_period_end"])


def test_canceling_at_the_end_of_the_period_counts_until_it_ends(shop: Shop) -> None:
    made = shop.subscribe()
    ending = shop.post(f"subscriptions/{made['id']}", cancel_at_period_end=True)
    assert (ending["status"], ending["cancel_at"]) == ("active", _end(made))
    assert ending["cancellation_details"]["reason"] == "cancellation_requested"
    shop.wait(days=28)
    ended = shop.subscription(made)
    assert (ended["status"], ended["ended_at"]) == ("canceled", _end(made))
    assert len(shop.invoices(made)) == 1
    assert shop.event_types()[-1] == "customer.subscription.deleted"


def test_a_cancellation_is_taken_back(shop: Shop) -> None:
    made = shop.subscribe()
    shop.post(f"subscriptions/{made['id']}", cancel_at_period_end=True)
    kept = shop.post(f"subscriptions/{made['id']}", cancel_at_period_end=False)
    assert (kept["cancel_at"], kept["canceled_at"]) == (None, None)
    shop.wait(days=40)
    assert shop.subscription(made)["status"] == "active"


def test_canceling_now_ends_it_and_pays_the_rest_back_if_asked(shop: Shop) -> None:
    customer = shop.customer()
    made = shop.subscribe(shop.price(3000, "day", 30), customer)
    shop.wait(days=10)
    ended = shop.delete(f"subscriptions/{made['id']}", prorate=True, invoice_now=True)
    assert (ended["status"], ended["ended_at"]) == ("canceled", at(shop.sandbox.now))
    assert shop.get(f"customers/{customer}")["balance"] == -2000
    assert shop.get("subscriptions")["data"] == []
    assert [each["id"] for each in shop.get("subscriptions", status="all")["data"]] == [made["id"]]


@pytest.mark.parametrize(
    ("behavior", "status"),
    [("void", "void"), ("mark_uncollectible", "uncollectible"), ("keep_as_draft", "draft")],
)
def test_paused_collection_makes_no_money(shop: Shop, behavior: str, status: str) -> None:
    made = shop.subscribe()
    resumes = at(START + timedelta(days=40))
    shop.post(f"subscriptions/{made['id']}", pause_collection={"behavior": behavior, "resumes_at": resumes})
    shop.wait(days=29)
    assert shop.invoices(made)[-1]["status"] == status
    shop.wait(days=12)
    assert shop.subscription(made)["pause_collection"] is None
    shop.wait(days=20)
    assert shop.invoices(made)[-1]["status"] == "paid"


def test_deleting_a_customer_leaves_nothing_that_would_still_be_collected(shop: Shop) -> None:
    made = shop.subscribe()
    schedule = {"start_date": at(START + 40 * DAY), "phases": [{"items": [{"price": shop.price()}]}]}
    shop.post("subscription_schedules", customer=made["customer"], **schedule)
    shop.post("invoices", customer=made["customer"], auto_advance=True)
    shop.wait(days=28, minutes=5)
    shop.delete(f"customers/{made['customer']}")
    shop.wait(days=60)
    assert [invoice["status"] for invoice in shop.invoices(made)] == ["paid", "draft"]
    assert len(shop.get("subscriptions", status="all")["data"]) == 1


def test_a_planned_end_moves_with_the_period(shop: Shop) -> None:
    made = shop.subscribe(cancel_at_period_end=True)
    change = {"id": made["items"]["data"][0]["id"], "price": shop.price(90000, "year")}
    changed = shop.post(f"subscriptions/{made['id']}", items=[change])
    assert changed["cancel_at"] == _end(changed) == at(START + 365 * DAY)
    shop.wait(days=365)
    assert shop.subscription(made)["status"] == "canceled"


@pytest.mark.parametrize("param", ["cancel_at", "trial_end"])
def test_what_has_passed_cannot_be_planned(shop: Shop, param: str) -> None:
    made = shop.subscribe()
    with pytest.raises(ApiError, match="must be in the future") as refused:
        shop.post(f"subscriptions/{made['id']}", **{param: at(START)})
    assert refused.value.error["param"] == param
    assert shop.subscription(made) == made
