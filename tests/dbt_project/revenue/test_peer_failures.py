"""What the most used open model of Stripe revenue (fivetran/dbt_stripe 1.10.1) gets wrong, and ours not."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.dbt_project.revenue.account import Account, Json, moment
from tests.dbt_project.revenue.bills import bill, line
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

START, NOW = moment("2025-01-25"), moment("2025-12-20 12:00:00")
TIERS = [
    {"up_to": 3, "unit_amount": 1000, "flat_amount": 500},
    {"up_to": None, "unit_amount": 800, "flat_amount": None},
]


class Told:
    """An account on which each failure is provoked by a customer of its own, built once."""

    def __init__(self, folder: Path) -> None:
        self.account = Account()
        self.customers: dict[str, str] = {}
        self._simple()
        self._changing()
        self._invoiced()
        self.con: duckdb.DuckDBPyConnection = compiled().build(self.account.land(folder), NOW)

    def _one(self, name: str, price: Json, quantity: int = 1, **fields: Any) -> Json:
        body = self.account.subscribe(START, [self.account.item(price, quantity)], **fields)
        self.customers[name] = body["customer"]
        return body

    def _simple(self) -> None:
        price, off = self.account.price, self.account.discount
        self._one("monthly", price("10000"))
        self._one("daily", price("1000", "day"))
        self._one("graduated", price(tiers=TIERS, tiers_mode="graduated"), 5)
        self._one("volume", price(tiers=TIERS, tiers_mode="volume"), 5)
        self._one("trial", price("10000"), status="trialing")
        discounts = [off(START, percent_off=percent) for percent in (10, 20)]
        self._one("discounted", price("10000"), discounts=discounts)
        self._one("weekly", price("1000", "week"))
        self._one("quarterly", price("30000", "month", 3))
        self._one("fortnightly", price("1000", "week", 2))
        rate = {"id": "txr_1", "object": "tax_rate", "percentage": 20, "inclusive": True}
        self._one("taxed", price("12000", tax_behavior="inclusive"), default_tax_rates=[rate])

    def _changing(self) -> None:
        account, price = self.account, self.account.price
        expired = self._one("expired", price("10000"), status="incomplete")
        account.change(expired, START + timedelta(hours=23), status="incomplete_expired")
        swapped = self._one("swapped", price("10000", plan="basic"))
        changed = {**swapped["items"]["data"][0], "price": price("25000", plan="pro")}
        account.change(swapped, moment("2025-06-10"), items=[changed])
        back = self._one("back", price("10000"))
        account.cancel(back, moment("2025-03-10"))
        again = account.item(price("10000"))
        account.subscribe(moment("2025-07-01"), [again], customer=back["customer"])
        grown = self._one("grown", price("10000"), 2)
        more = {**grown["items"]["data"][0], "quantity": 9}
        account.change(grown, moment("2025-12-01"), items=[more])

    def _invoiced(self) -> None:
        items = [self.account.item(self.account.price("100")) for _ in range(15)]
        many = self.account.subscribe(START, items)
        self.customers["many"] = many["customer"]
        lines = [line(self.account, {**many, "items": {"data": [item]}}, START, 100) for item in items]
        bill(self.account, many, "2025-01-25", "2025-01-25", total=1500, lines={"data": lines})

    def movements(self, name: str) -> list[tuple[str, str, Decimal | int]]:
        rows = self.con.execute(
            "select movement_date, movement_type, amount from marts.mrr_movements where customer_id = ? order by 1",  # noqa: E501
            [self.customers[name]],
        )
        return [(str(day), kind, amount) for day, kind, amount in rows.fetchall()]

    def mrr(self, name: str, day: str) -> Decimal:
        row = self.con.execute(
            """
            select coalesce(sum(mrr), 0) from marts.customer_days
            where customer_id = $1 and valid_from <= $2 and coalesce(valid_to > $2, true)
            """,
            [self.customers[name], date.fromisoformat(day)],
        ).fetchone()
        assert row is not None
        return Decimal(row[0])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return Told(tmp_path_factory.mktemp("peer"))


def test_a_monthly_fee_that_renews_on_the_25th_is_no_less_before_it_renews(told: Told) -> None:
    days = [START.date() + timedelta(days=n) for n in range((NOW - START).days)]
    assert {told.mrr("monthly", str(day)) for day in days} == {100}
    assert told.movements("monthly") == [("2025-01-25", "new", 100)]


@pytest.mark.parametrize(
    ("name", "expected"), [("daily", "304.16666667"), ("graduated", "51"), ("volume", "40")]
)
def test_daily_and_tiered_prices_are_not_zero(name: str, expected: str, told: Told) -> None:
    assert told.movements(name) == [("2025-01-25", "new", Decimal(expected))]


@pytest.mark.parametrize("name", ["trial", "expired"])
def test_trials_and_expired_incomplete_subscriptions_do_not_count(name: str, told: Told) -> None:
    assert told.movements(name) == []


def test_ten_and_twenty_percent_off_make_72_and_not_80(told: Told) -> None:
    assert told.mrr("discounted", "2025-05-05") == 72


def test_a_plan_swap_is_one_expansion_and_not_churn_and_new(told: Told) -> None:
    assert told.movements("swapped") == [("2025-01-25", "new", 100), ("2025-06-10", "expansion", 150)]


def test_a_customer_who_comes_back_is_a_reactivation(told: Told) -> None:
    assert told.movements("back") == [
        ("2025-01-25", "new", 100),
        ("2025-03-10", "churn", -100),
        ("2025-07-01", "reactivation", 100),
    ]


def test_today_s_quantity_does_not_rewrite_the_past(told: Told) -> None:
    assert [told.mrr("grown", day) for day in ("2025-02-01", "2025-11-30", "2025-12-01")] == [200, 200, 900]


def test_weekly_fees_count_by_weeks_in_a_month_and_not_by_invoices(told: Told) -> None:
    assert told.movements("weekly") == [("2025-01-25", "new", Decimal("43.33333333"))]


@pytest.mark.parametrize(("name", "expected"), [("quarterly", "100"), ("fortnightly", "21.66666667")])
def test_a_count_of_intervals_divides_and_does_not_multiply(name: str, expected: str, told: Told) -> None:
    assert told.movements(name) == [("2025-01-25", "new", Decimal(expected))]


def test_more_than_ten_items_and_lines_all_count(told: Told) -> None:
    assert told.movements("many") == [("2025-01-25", "new", 15)]
    bridge = told.con.execute(
        "select item, amount from marts.mrr_invoice_bridge where customer_id = ? and month = '2025-01-01'",
        [told.customers["many"]],
    )
    assert sorted(bridge.fetchall()) == [("collected", 15), ("invoiced", 15), ("mrr", 15)]


def test_tax_inside_a_price_is_no_revenue(told: Told) -> None:
    assert told.movements("taxed") == [("2025-01-25", "new", 100)]
