"""Objects as an auditor would make them up: each customer's ledger, added up by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.dbt_project.revenue.account import Account, Json, moment, seconds
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

START, LATER, NOW = moment("2025-01-15"), moment("2025-03-10 09:00:00"), moment("2025-06-30 12:00:00")
Rows = list[tuple[str, str, str, str]]


def one(account: Account, price: Json, quantity: int | None = 1, **fields: Any) -> Json:
    return account.subscribe(START, [account.item(price, quantity)], **fields)


def trial_extended_twice(account: Account) -> Json:
    body = one(account, account.price("5000"), status="trialing", trial_end=seconds(moment("2025-02-01")))
    for told, ends in [("2025-01-30", "2025-02-15"), ("2025-02-14", "2025-03-01")]:
        account.change(body, moment(told), trial_end=seconds(moment(ends)))
    account.change(body, moment("2025-03-01"), status="active")
    return body


def coupon_taken_off_and_put_on_again_in_one_second(account: Account) -> Json:
    first, second = (account.discount(when, percent_off=20, max_redemptions=1) for when in (START, LATER))
    body = one(account, account.price("5000"), discounts=[first])
    account.change(body, LATER, discounts=[])
    account.change(body, LATER, discounts=[second])
    return body


def item_deleted_and_another_added_on_one_day(account: Account) -> Json:
    body = one(account, account.price("5000"))
    kept = account.item(account.price("100"))
    account.change(body, moment("2025-02-01"), items=[*body["items"]["data"], kept])
    account.change(body, LATER, items=[kept])
    account.change(body, LATER + timedelta(hours=3), items=[kept, account.item(account.price("8000"))])
    return body


def quantity_down_to_zero_and_up_again(account: Account) -> Json:
    item = account.item(account.price("5000"), 2)
    body = account.subscribe(START, [item])
    account.change(body, LATER, items=[item | {"quantity": 0}])
    account.change(body, LATER + timedelta(days=5), items=[item | {"quantity": 1}])
    return body


def negative_price(account: Account) -> Json:
    return one(account, account.price("-5000"))


def negative_add_on(account: Account) -> Json:
    items = [account.item(account.price("5000")), account.item(account.price("-700"))]
    return account.subscribe(START, items)


def another_currency_by_a_new_subscription(account: Account) -> Json:
    body = one(account, account.price("5000"))
    account.cancel(body, LATER)
    euros = account.item(account.price("6000", currency="eur"))
    account.subscribe(LATER, [euros], body["customer"])
    return body


def end_moved_earlier(account: Account) -> Json:
    body = one(account, account.price("5000"), cancel_at=seconds(moment("2025-12-01")))
    account.change(body, moment("2025-02-01"), cancel_at=seconds(LATER))
    account.cancel(body, LATER, reason="cancellation_requested")
    return body


def customer_deleted_while_past_due(account: Account) -> Json:
    customer = account.customer(START)
    body = one(account, account.price("5000"), customer=customer["id"])
    account.change(body, moment("2025-03-01"), status="past_due")
    gone = {"id": customer["id"], "object": "customer", "deleted": True}
    account.tell(gone, "customer.deleted", LATER, is_deleted=True)
    account.cancel(body, LATER + timedelta(seconds=1))
    return body


def billing_date_moved(account: Account) -> Json:
    body = one(account, account.price("5000"), billing_cycle_anchor=seconds(START))
    account.change(body, LATER, billing_cycle_anchor=seconds(LATER))
    return body


def one_endless_tier_with_a_flat_fee(account: Account) -> Json:
    tiers = [{"up_to": None, "unit_amount": 300, "flat_amount": 1000}]
    return one(account, account.price(tiers=tiers, tiers_mode="graduated"), 4)


def packages_rounded_up(account: Account) -> Json:
    price = account.price("5000", transform_quantity={"divide_by": 5, "round": "up"})
    return one(account, price, 11)


def packages_of_nothing(account: Account) -> Json:
    price = account.price("5000", transform_quantity={"divide_by": 0, "round": "up"})
    return one(account, price, 11)


def packages_rounded_as_nobody_knows(account: Account) -> Json:
    price = account.price("5000", transform_quantity={"divide_by": 5, "round": "nearest"})
    return one(account, price, 11)


def yen_and_an_amount_off(account: Account) -> Json:
    discount = account.discount(START, amount_off=300, currency="jpy")
    return one(account, account.price("12000", "year", currency="jpy"), discounts=[discount])


def dinars_and_a_percentage(account: Account) -> Json:
    discount = account.discount(START, percent_off=33.33)
    return one(account, account.price("12345", currency="kwd"), discounts=[discount])


def start_put_back_by_two_months(account: Account) -> Json:
    item = account.item(account.price("5000"))
    return account.subscribe(moment("2025-03-01"), [item], start_date=seconds(moment("2025-01-01")))


def intervals_of_their_own_share_an_amount_off_by_their_amounts(account: Account) -> Json:
    discount = account.discount(START, amount_off=1300, currency="usd")
    items = [account.item(account.price("1000")), account.item(account.price("12000", "year"))]
    return account.subscribe(START, items, discounts=[discount], billing_mode={"type": "flexible"})


def quantity_changed_while_past_due(account: Account) -> Json:
    body = one(account, account.price("5000"))
    account.change(body, moment("2025-02-15"), status="past_due")
    account.change(body, moment("2025-03-01"), items=[body["items"]["data"][0] | {"quantity": 2}])
    return body


def given_up_and_paid_after_all(account: Account) -> Json:
    body = one(account, account.price("5000"))
    for status, when in [("past_due", "2025-02-15"), ("unpaid", LATER), ("active", "2025-04-05")]:
        account.change(body, moment(when) if isinstance(when, str) else when, status=status)
    return body


def cancellation_taken_back(account: Account) -> Json:
    body = one(account, account.price("5000"))
    told = {"cancel_at_period_end": True, "canceled_at": seconds(LATER)}
    account.change(body, LATER, **told)
    account.change(body, LATER + timedelta(days=1), **dict.fromkeys(told))
    return body


def left_and_back_on_a_larger_plan_on_one_day(account: Account) -> Json:
    body = one(account, account.price("5000"))
    account.cancel(body, LATER)
    larger = account.item(account.price("8000"))
    account.subscribe(LATER + timedelta(hours=6), [larger], customer=body["customer"])
    return body


def begun_and_ended_within_a_day(account: Account) -> Json:
    body = one(account, account.price("5000"))
    account.cancel(body, START + timedelta(hours=3))
    return body


def tax_put_into_the_price_of_an_item(account: Account) -> Json:
    body = one(account, account.price("6000"))
    rate = {"id": "txr_1", "object": "tax_rate", "percentage": 20, "inclusive": True}
    account.change(body, LATER, items=[body["items"]["data"][0] | {"tax_rates": [rate]}])
    return body


def began(amount: str, currency: str = "usd", day: str = "2025-01-15") -> Rows:
    return [(day, currency, "new", amount)]


STORIES: list[tuple[Callable[[Account], Json], Rows]] = [
    (trial_extended_twice, began("50", day="2025-03-01")),
    (coupon_taken_off_and_put_on_again_in_one_second, began("40")),
    (
        item_deleted_and_another_added_on_one_day,
        [*began("50"), ("2025-02-01", "usd", "expansion", "1"), ("2025-03-10", "usd", "expansion", "30")],
    ),
    (
        quantity_down_to_zero_and_up_again,
        [
            *began("100"),
            ("2025-03-10", "usd", "contraction", "-100"),
            ("2025-03-15", "usd", "expansion", "50"),
        ],
    ),
    (negative_price, []),
    (negative_add_on, began("50")),
    (
        another_currency_by_a_new_subscription,
        [
            *began("50"),
            ("2025-03-10", "eur", "expansion", "60"),
            ("2025-03-10", "usd", "expansion", "-50"),
        ],
    ),
    (end_moved_earlier, [*began("50"), ("2025-03-10", "usd", "churn", "-50")]),
    (customer_deleted_while_past_due, [*began("50"), ("2025-03-10", "usd", "churn", "-50")]),
    (billing_date_moved, began("50")),
    (one_endless_tier_with_a_flat_fee, began("22")),
    (packages_rounded_up, began("150")),
    (packages_of_nothing, []),
    (packages_rounded_as_nobody_knows, []),
    (yen_and_an_amount_off, began("975", "jpy")),
    (dinars_and_a_percentage, began("8.23041150", "kwd")),
    (start_put_back_by_two_months, began("50", day="2025-01-01")),
    (intervals_of_their_own_share_an_amount_off_by_their_amounts, began("18")),
    (
        quantity_changed_while_past_due,
        [
            *began("50"),
            ("2025-03-01", "usd", "expansion", "50"),
            ("2025-03-17", "usd", "churn", "-100"),
        ],
    ),
    (
        given_up_and_paid_after_all,
        [*began("50"), ("2025-03-10", "usd", "churn", "-50"), ("2025-04-05", "usd", "reactivation", "50")],
    ),
    (cancellation_taken_back, began("50")),
    (
        left_and_back_on_a_larger_plan_on_one_day,
        [*began("50"), ("2025-03-10", "usd", "expansion", "30")],
    ),
    (begun_and_ended_within_a_day, []),
    (tax_put_into_the_price_of_an_item, [*began("60"), ("2025-03-10", "usd", "contraction", "-10")]),
]
Told = tuple["duckdb.DuckDBPyConnection", list[Json]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Tell all stories on one account and build it once."""
    account = Account()
    for currency, rate in [("eur", "1.1"), ("jpy", "0.007"), ("kwd", "3.25")]:
        account.rate("2025-01-01", currency, "usd", rate)
    bodies = [story(account) for story, _ in STORIES]
    return compiled().build(account.land(tmp_path_factory.mktemp("odd")), NOW), bodies


@pytest.mark.parametrize("number", range(len(STORIES)), ids=[story.__name__ for story, _ in STORIES])
def test_an_odd_life_is_worth_what_the_rules_say(number: int, told: Told) -> None:
    con, bodies = told
    rows = con.execute(
        "select movement_date, currency, movement_type, amount from marts.mrr_movements "
        "where customer_id = ? and movement_type != 'fx' order by 1, 2",
        [bodies[number]["customer"]],
    )
    found = [(str(day), currency, kind, amount) for day, currency, kind, amount in rows.fetchall()]
    assert found == [(*row, Decimal(amount)) for *row, amount in STORIES[number][1]]


@pytest.mark.parametrize(
    ("check", "stories"),
    [
        ("negative_amount", {"negative_price", "negative_add_on"}),
        ("missing_amount", {"packages_of_nothing", "packages_rounded_as_nobody_knows"}),
    ],
)
def test_what_an_amount_cannot_be_is_a_finding(check: str, stories: set[str], told: Told) -> None:
    con, bodies = told
    names = {story.__name__: body["id"] for (story, _), body in zip(STORIES, bodies, strict=True)}
    rows = con.execute("select object_id from intermediate.dq_revenue__flaws where check_name = ?", [check])
    assert {name for (name,) in rows.fetchall()} == {names[story] for story in stories}


def test_a_trial_that_was_extended_ends_once(told: Told) -> None:
    con, _ = told
    rows = con.execute("""
        select strftime(month, '%m'), trials_ended from marts.trial_months
        where trials_started + trials_ended > 0 order by month
    """)
    assert rows.fetchall() == [("01", 0), ("03", 1)]
