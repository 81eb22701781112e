"""Prices and coupons that cannot be: worth nothing and a finding, never an amount that looks plausible."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.dbt_project.revenue.account import Account, Json, moment
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    import duckdb

START, NOW = moment("2025-01-15"), moment("2025-06-30 12:00:00")
# Each price's terms, and the finding that tells it.
PRICES: dict[str, tuple[Json, str]] = {
    "more than the last tier holds": (
        {"tiers": [{"up_to": 3, "unit_amount": 1000}], "tiers_mode": "graduated"},
        "missing_amount",
    ),
    "packages of nothing": ({"transform_quantity": {"divide_by": 0, "round": "up"}}, "missing_amount"),
    "packages rounded as nobody knows": (
        {"transform_quantity": {"divide_by": 5, "round": "nearest"}},
        "missing_amount",
    ),
    "every minus two months": ({"count": -2}, "unknown_interval"),
    "tiers in a mode of their own": (
        {"tiers": [{"up_to": None, "unit_amount": 1000}], "tiers_mode": "spiral"},
        "unknown_price_model",
    ),
    "neither licensed nor metered": ({"usage_type": "borrowed"}, "unknown_price_model"),
}
# Coupons that run for some months, and how many.
ENDS: dict[str, Json] = {
    "neither months nor an end": {},
    "no months": {"duration_in_months": 0},
}
Told = tuple["duckdb.DuckDBPyConnection", dict[str, Json]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Sell five of each on one account and build it once."""
    account = Account()
    sold = {
        name: account.subscribe(START, [account.item(account.price("5000", **terms), 5)])
        for name, (terms, _) in PRICES.items()
    }
    endless: Any = {"duration": "repeating", "duration_in_months": 10**9, "percent_off": 20}
    item = account.item(account.price("5000"))
    coupon = account.discount(START, **endless)
    sold["more months than the calendar has"] = account.subscribe(START, [item], discounts=[coupon])
    for name, terms in ENDS.items():
        coupon = account.discount(START, duration="repeating", percent_off=20, **terms)
        sold[name] = account.subscribe(START, [account.item(account.price("5000"))], discounts=[coupon])
    tiers: Any = {"tiers": [{"up_to": None, "unit_amount": 100, "flat_amount": 9000}], "tiers_mode": "volume"}
    sold["fewer than none"] = account.subscribe(START, [account.item(account.price(**tiers), -2)])
    return compiled().build(account.land(tmp_path_factory.mktemp("impossible")), NOW), sold


@pytest.mark.parametrize("name", PRICES)
def test_an_impossible_price_is_worth_nothing_and_a_finding(name: str, told: Told) -> None:
    con, sold = told
    body = sold[name]
    query = "select check_name from intermediate.dq_revenue__flaws where object_id = ?"
    assert con.execute(query, [body["id"]]).fetchall() == [(PRICES[name][1],)]
    query = "select amount from marts.mrr_movements where customer_id = ?"
    assert con.execute(query, [body["customer"]]).fetchall() == []


def test_a_coupon_of_more_months_than_the_calendar_has_never_ends(told: Told) -> None:
    con, sold = told
    customer = sold["more months than the calendar has"]["customer"]
    query = "select amount from marts.mrr_movements where customer_id = ?"
    assert con.execute(query, [customer]).fetchall() == [(Decimal(40),)]


@pytest.mark.parametrize("name", ENDS)
def test_a_coupon_for_some_months_that_tells_no_end_is_a_finding_while_it_is_deducted(
    name: str, told: Told
) -> None:
    con, sold = told
    body = sold[name]
    query = (
        "select check_name, flawed_from, flawed_until from intermediate.dq_revenue__flaws where object_id = ?"
    )
    assert con.execute(query, [body["id"]]).fetchall() == [("unknown_coupon_end", START.date(), NOW.date())]
    query = "select amount from marts.mrr_movements where customer_id = ?"
    assert con.execute(query, [body["customer"]]).fetchall() == [(Decimal(40),)]


def test_fewer_than_none_is_worth_nothing_also_in_tiers_with_a_flat_fee(told: Told) -> None:
    con, sold = told
    body = sold["fewer than none"]
    query = "select check_name from intermediate.dq_revenue__flaws where object_id = ?"
    assert ("negative_amount",) in con.execute(query, [body["id"]]).fetchall()
    query = "select amount from marts.mrr_movements where customer_id = ?"
    assert con.execute(query, [body["customer"]]).fetchall() == []
