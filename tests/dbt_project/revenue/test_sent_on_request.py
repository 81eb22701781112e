"""Prices and coupons, of which Stripe sends the products and other currencies only on request."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.dbt_project.revenue.account import Account, Json, moment
from tests.dbt_project.revenue.test_odd_objects import NOW, START, one
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb


def coupon_for_one_product_that_only_the_coupon_names(account: Account) -> Json:
    coupon = {"id": "co_product", "object": "coupon", "duration": "forever", "percent_off": 50}
    account.list_object(coupon | {"applies_to": {"products": ["prod_cheap"]}}, moment("2025-01-02"))
    account.list_object(coupon, moment("2025-02-02"))  # an event leaves the products out
    discount = account.discount(START, id="co_product", percent_off=50)
    prices = [account.price("4000", product="prod_cheap"), account.price("10000", product="prod_dear")]
    return account.subscribe(START, [account.item(price) for price in prices], discounts=[discount])


def coupon_with_an_amount_in_euros_that_only_the_coupon_names(account: Account) -> Json:
    coupon = {
        "id": "co_amount",
        "object": "coupon",
        "duration": "forever",
        "amount_off": 500,
        "currency": "usd",
    }
    options = {"usd": {"amount_off": 500}, "eur": {"amount_off": 450}}
    account.list_object(coupon | {"currency_options": options}, moment("2025-01-02"))
    account.list_object(coupon, moment("2025-02-02"))
    discount = account.discount(START, id="co_amount", amount_off=500, currency="usd")
    return one(account, account.price("6000", currency="eur"), discounts=[discount])


def euros_of_a_price_in_dollars(account: Account) -> Json:
    shown = account.price("5000")
    options = {"usd": {"unit_amount_decimal": "5000"}, "eur": {"unit_amount_decimal": "4525.5"}}
    account.list_object(shown | {"currency_options": options}, moment("2025-01-02"))
    account.list_object(shown, moment("2025-02-02"))  # an event leaves the other currencies out
    return one(account, shown, 2, currency="eur")


def euros_of_a_price_that_tells_only_dollars(account: Account) -> Json:
    return one(account, account.price("5000"), currency="eur")


def tiers_in_another_currency_than_the_subscription_s(account: Account) -> Json:
    tiers = [{"up_to": None, "unit_amount": 300, "flat_amount": 1000}]
    return one(account, account.price(tiers=tiers, tiers_mode="graduated"), 4, currency="eur")


STORIES: list[tuple[Callable[[Account], Json], list[tuple[str, str]]]] = [
    (coupon_for_one_product_that_only_the_coupon_names, [("usd", "120")]),
    (coupon_with_an_amount_in_euros_that_only_the_coupon_names, [("eur", "55.50")]),
    (euros_of_a_price_in_dollars, [("eur", "90.51")]),
    (euros_of_a_price_that_tells_only_dollars, []),
    (tiers_in_another_currency_than_the_subscription_s, []),
]
Told = tuple["duckdb.DuckDBPyConnection", list[Json]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Tell all stories on one account and build it once."""
    account = Account()
    account.rate("2025-01-01", "eur", "usd", "1.1")
    bodies = [story(account) for story, _ in STORIES]
    return compiled().build(account.land(tmp_path_factory.mktemp("on-request")), NOW), bodies


@pytest.mark.parametrize("number", range(len(STORIES)), ids=[story.__name__ for story, _ in STORIES])
def test_what_a_list_told_once_counts_whatever_events_leave_out(number: int, told: Told) -> None:
    con, bodies = told
    query = "select currency, amount from marts.mrr_movements where customer_id = ?"
    found = con.execute(query, [bodies[number]["customer"]]).fetchall()
    assert found == [(currency, Decimal(amount)) for currency, amount in STORIES[number][1]]


def test_amounts_in_a_currency_nobody_tells_are_findings(told: Told) -> None:
    con, bodies = told
    names = {body["id"]: story.__name__ for (story, _), body in zip(STORIES, bodies, strict=True)}
    rows = con.execute("select check_name, object_id from intermediate.dq_revenue__flaws").fetchall()
    assert {(check, names[subscription]) for check, subscription in rows} == {
        ("price_in_another_currency", "euros_of_a_price_that_tells_only_dollars"),
        ("price_in_another_currency", "tiers_in_another_currency_than_the_subscription_s"),
    }
