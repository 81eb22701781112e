"""Subscriptions start, renew, change and end as on Stripe."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orchestration.demo.sandbox.errors import ApiError
from tests.orchestration.demo.sandbox.factories import DAY, START, Shop, at


def _period(subscription: dict[str, object]) -> tuple[int, int]:
    item = subscription["items"]["data"][0]  # type: ignore[index]
    return item["current_period_start"], item["current_period_end"]


def test_a_first_payment_makes_a_subscription_active(shop: Shop) -> None:
    made = shop.subscribe(shop.price(9900), items=None)
    [invoice] = shop.invoices(made)
    assert made["status"] == "active"
    assert _period(made) == (at(START), at(datetime(2026, 2, 28, 10, tzinfo=UTC)))
    assert (invoice["status"], invoice["total"], invoice["billing_reason"]) == (
        "paid",
        9900,
        "subscription_create",
    )
    assert invoice["parent"]["subscription_details"]["subscription"] == made["id"]
    assert made["latest_invoice"] == invoice["id"]


def test_renewals_keep_to_the_anchors_day_through_short_months(shop: Shop) -> None:
    made = shop.subscribe()
    shop.wait(days=95)
    ends = [invoice["lines"]["data"][0]["period"]["end"] for invoice in shop.invoices(made)]
    assert [datetime.fromtimestamp(end, UTC).strftime("%m-%d") for end in ends] == [
        "02-28",
        "03-31",
        "04-30",
        "05-31",
    ]
    assert {invoice["status"] for invoice in shop.invoices(made)} == {"paid"}


@pytest.mark.parametrize(
    ("every", "times", "expected"),
    [("day", 10, 10 * 86400), ("week", 2, 14 * 86400), ("month", 3, 89 * 86400), ("year", 1, 365 * 86400)],
)
def test_every_interval_is_billed_in_its_own_rhythm(
    shop: Shop, every: str, times: int, expected: int
) -> None:
    made = shop.subscribe(shop.price(1000, every, times))
    start, end = _period(made)
    assert end - start == expected
    shop.wait(seconds=expected)
    assert len(shop.invoices(made)) == 2


def test_a_renewal_invoice_waits_an_hour_as_a_draft(shop: Shop) -> None:
    made = shop.subscribe()
    shop.wait(days=28, minutes=30)
    assert shop.invoices(made)[-1]["status"] == "draft"
    assert shop.subscription(made)["status"] == "active"
    shop.wait(minutes=30)
    last = shop.invoices(made)[-1]
    assert last["status"] == "paid"
    assert last["status_transitions"]["finalized_at"] == last["created"] + 3600
    assert (last["period_start"], last["period_end"]) == (at(START), last["created"])


def test_a_trial_warns_three_days_before_and_then_converts(shop: Shop) -> None:
    made = shop.subscribe(trial_period_days=14)
    assert made["status"] == "trialing"
    assert [invoice["total"] for invoice in shop.invoices(made)] == [0]
    shop.wait(days=10, hours=23)
    assert "customer.subscription.trial_will_end" not in shop.event_types()
    shop.wait(hours=1)
    assert "customer.subscription.trial_will_end" in shop.event_types()
    shop.wait(days=3)
    assert shop.subscription(made)["status"] == "active"
    shop.wait(hours=1)
    assert [(each["total"], each["status"]) for each in shop.invoices(made)] == [(0, "paid"), (9900, "paid")]


@pytest.mark.parametrize(
    ("wish", "status"), [("cancel", "canceled"), ("pause", "paused"), ("create_invoice", "active")]
)
def test_a_trial_without_a_card_ends_as_agreed(shop: Shop, wish: str, status: str) -> None:
    settings = {"end_behavior": {"missing_payment_method": wish}}
    made = shop.subscribe(customer=shop.customer(None), trial_period_days=14, trial_settings=settings)
    shop.wait(days=14)
    assert shop.subscription(made)["status"] == status


def test_a_paused_subscription_is_resumed_with_a_new_cycle(shop: Shop) -> None:
    customer = shop.customer(None)
    settings = {"end_behavior": {"missing_payment_method": "pause"}}
    made = shop.subscribe(customer=customer, trial_period_days=14, trial_settings=settings)
    shop.wait(days=40)
    assert "customer.subscription.paused" in shop.event_types()
    card = shop.post("payment_methods/pm_card_visa/attach", customer=customer)
    shop.post(f"customers/{customer}", invoice_settings={"default_payment_method": card["id"]})
    resumed = shop.post(f"subscriptions/{made['id']}/resume")
    assert resumed["status"] == "active"
    assert _period(resumed)[0] == at(shop.sandbox.now)
    assert "customer.subscription.resumed" in shop.event_types()
    assert shop.invoices(made)[-1]["amount_paid"] == 9900


def test_a_first_payment_that_fails_leaves_it_incomplete_for_23_hours(shop: Shop) -> None:
    made = shop.subscribe(customer=shop.customer("pm_card_chargeCustomerFail"))
    assert made["status"] == "incomplete"
    shop.wait(hours=22)
    assert shop.subscription(made)["status"] == "incomplete"
    shop.wait(hours=1)
    ended = shop.subscription(made)
    assert (ended["status"], ended["ended_at"]) == ("incomplete_expired", at(START) + 23 * 3600)
    assert shop.invoices(made)[-1]["status"] == "void"
    shop.wait(days=60)
    assert len(shop.invoices(made)) == 1


def test_paying_in_time_completes_an_incomplete_subscription(shop: Shop) -> None:
    made = shop.subscribe(customer=shop.customer("pm_card_chargeCustomerFail"))
    shop.post(f"invoices/{made['latest_invoice']}/pay", payment_method="pm_card_visa")
    assert shop.subscription(made)["status"] == "active"
    shop.wait(days=2)
    assert shop.subscription(made)["status"] == "active"


def test_no_card_at_all_is_an_error(shop: Shop) -> None:
    with pytest.raises(ApiError, match="no attached payment source"):
        shop.subscribe(customer=shop.customer(None))
    assert shop.get("subscriptions", status="all")["data"] == []


def test_an_upgrade_within_the_period_leaves_a_credit_and_a_debit(shop: Shop) -> None:
    made = shop.subscribe(shop.price(1000, "day", 30))
    shop.wait(days=15)
    item = made["items"]["data"][0]["id"]
    shop.post(f"subscriptions/{made['id']}", items=[{"id": item, "price": shop.price(2000, "day", 30)}])
    shop.wait(days=15, hours=1)
    last = shop.invoices(made)[-1]
    assert [amount for _, amount in shop.lines(last)] == [-500, 1000, 2000]
    assert (last["total"], last["status"]) == (2500, "paid")
    prorated = [line["parent"]["subscription_item_details"]["proration"] for line in last["lines"]["data"]]
    assert prorated == [True, True, False]
    credited = last["lines"]["data"][0]["parent"]["subscription_item_details"]["proration_details"][
        "credited_items"
    ]
    assert credited["invoice"] == shop.invoices(made)[0]["id"]


@pytest.mark.parametrize(("behavior", "totals"), [("none", [2000]), ("always_invoice", [500, 2000])])
def test_prorations_can_be_left_out_or_billed_at_once(shop: Shop, behavior: str, totals: list[int]) -> None:
    made = shop.subscribe(shop.price(1000, "day", 30))
    shop.wait(days=15)
    change = {"id": made["items"]["data"][0]["id"], "price": shop.price(2000, "day", 30)}
    shop.post(f"subscriptions/{made['id']}", items=[change], proration_behavior=behavior)
    shop.wait(days=15, hours=1)
    assert [invoice["total"] for invoice in shop.invoices(made)[1:]] == totals


def test_another_interval_starts_a_new_cycle_and_credits_the_old(shop: Shop) -> None:
    made = shop.subscribe(shop.price(1000, "day", 30))
    shop.wait(days=15)
    item = made["items"]["data"][0]["id"]
    changed = shop.post(
        f"subscriptions/{made['id']}", items=[{"id": item, "price": shop.price(9000, "year")}]
    )
    assert changed["billing_cycle_anchor"] == at(START + 15 * DAY)
    assert _period(changed) == (at(START + 15 * DAY), at(START + 380 * DAY))
    last = shop.invoices(made)[-1]
    assert ([amount for _, amount in shop.lines(last)], last["status"]) == ([-500, 9000], "paid")


def test_a_downgrade_becomes_credit_on_the_customers_balance(shop: Shop) -> None:
    customer = shop.customer()
    made = shop.subscribe(shop.price(3000, "day", 30), customer)
    shop.wait(days=15)
    change = {"id": made["items"]["data"][0]["id"], "price": shop.price(1000, "day", 30)}
    shop.post(f"subscriptions/{made['id']}", items=[change], proration_behavior="always_invoice")
    assert shop.invoices(made)[-1]["total"] == -1000
    assert shop.get(f"customers/{customer}")["balance"] == -1000
    shop.wait(days=15, hours=1)
    last = shop.invoices(made)[-1]
    assert (last["total"], last["starting_balance"], last["ending_balance"], last["amount_due"]) == (
        1000,
        -1000,
        0,
        0,
    )
    assert shop.get(f"customers/{customer}")["balance"] == 0
    moves = shop.get(f"customers/{customer}/balance_transactions")["data"]
    assert [each["amount"] for each in moves] == [1000, -1000]


def test_an_anchor_in_the_future_bills_the_part_until_then(shop: Shop) -> None:
    made = shop.subscribe(shop.price(3000, "day", 30), billing_cycle_anchor=at(START + 10 * DAY))
    assert shop.invoices(made)[0]["total"] == 1000
    assert _period(made)[1] == at(START + 10 * DAY)
    shop.wait(days=10, hours=1)
    assert shop.invoices(made)[-1]["total"] == 3000


def test_items_are_added_changed_and_deleted_on_their_own_routes(shop: Shop) -> None:
    made = shop.subscribe(shop.price(1000, "day", 30))
    added = shop.post(
        "subscription_items", subscription=made["id"], price=shop.price(500, "day", 30), quantity=2
    )
    shop.post(f"subscription_items/{added['id']}", quantity=4)
    assert [each["quantity"] for each in shop.get("subscription_items", subscription=made["id"])["data"]] == [
        1,
        4,
    ]
    assert shop.delete(f"subscription_items/{added['id']}")["deleted"]
    shop.wait(days=30, hours=1)
    assert shop.invoices(made)[-1]["total"] == 1000
    with pytest.raises(ApiError, match="at least one"):
        shop.delete(f"subscription_items/{made['items']['data'][0]['id']}")
    assert len(shop.get("subscription_items", subscription=made["id"])["data"]) == 1


def test_a_subscription_is_not_told_of_before_it_is_created(shop: Shop) -> None:
    code = shop.post("coupons", percent_off=50, duration="once")["id"]
    shop.subscribe(discounts=[{"coupon": code}])
    told = [each for each in shop.event_types() if each.startswith("customer.subscription.")]
    assert told == ["customer.subscription.created"]


def test_a_one_time_price_joins_the_first_invoice_and_a_later_one(shop: Shop) -> None:
    product = shop.post("products", name="Set-up")["id"]
    once = shop.post("prices", product=product, currency="gbp", unit_amount=5000)["id"]
    made = shop.subscribe(shop.price(1000), add_invoice_items=[{"price": once}])
    assert sorted(amount for _, amount in shop.lines(shop.invoices(made)[0])) == [1000, 5000]
    shop.post(f"subscriptions/{made['id']}", add_invoice_items=[{"price": once, "quantity": 2}])
    assert shop.invoices(made)[-1]["total"] == 10000


def test_the_last_and_the_first_period_to_end_can_be_named_as_the_end(shop: Shop) -> None:
    made = shop.subscribe(items=[{"price": shop.price(1000)}, {"price": shop.price(9000, "year")}])
    ends = sorted(item["current_period_end"] for item in made["items"]["data"])
    assert ends[0] < ends[1]
    for word, end in (("min_period_end", ends[0]), ("max_period_end", ends[1])):
        assert shop.post(f"subscriptions/{made['id']}", cancel_at=word)["cancel_at"] == end


def test_items_of_two_intervals_renew_each_in_its_own_time(shop: Shop) -> None:
    made = shop.subscribe(items=[{"price": shop.price(1000)}, {"price": shop.price(9000, "year")}])
    shop.wait(days=366)
    totals = [invoice["total"] for invoice in shop.invoices(made)]
    assert (totals[0], totals[1:12], totals[12]) == (10000, [1000] * 11, 10000)
