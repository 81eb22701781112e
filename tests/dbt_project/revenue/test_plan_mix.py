"""Counts and MRR by plan, billing interval and currency, and what a plan is called, added up by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.dbt_project.revenue.account import Account, Json, moment
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    import duckdb

BEGAN, NOW = moment("2025-01-10"), moment("2025-04-15")
MIX = """
    select plan, billing_interval, currency, subscriptions, customers, mrr from marts.plan_months
    where month = ? order by all
"""


def product(account: Account, name: str, plan: str | None = None) -> str:
    body = {"id": account.new_id("prod"), "object": "product", "name": name}
    account.list_object(body | {"metadata": {"plan": plan} if plan else {}}, BEGAN)
    return str(body["id"])


@pytest.fixture(scope="module")
def mix(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Sell gold in several intervals and currencies, and three prices that name no plan themselves."""
    account = Account()
    account.rate("2025-01-01", "eur", "usd", "1.1")

    def subscribe(*prices: Json, customer: str | None = None, **fields: object) -> Json:
        return account.subscribe(BEGAN, [account.item(price) for price in prices], customer, **fields)

    gold = account.price("10000", plan="gold", currency_options={"eur": {"unit_amount": 9000}})
    first = subscribe(gold)
    subscribe(gold, customer=first["customer"])
    subscribe(gold, account.price("500", plan="extras"))
    subscribe(gold, currency="eur")
    for amount, interval, count in [("120000", "year", 1), ("30000", "month", 3), ("240000", "year", 2)]:
        subscribe(account.price(amount, interval, count, plan="gold"))
    for amount, interval, count in [("300", "week", 2), ("1200", "day", 1)]:
        subscribe(account.price(amount, interval, count, plan="gold"))
    subscribe(account.price("100", product=product(account, "Silver", "silver")))
    subscribe(account.price("200", product=product(account, "Bronze")))
    subscribe(account.price("300", id="price_nameless"))
    subscribe(account.price("10000", plan="gold"), status="trialing")
    account.cancel(subscribe(account.price("700", plan="gone")), moment("2025-02-10"))
    return compiled().build(account.land(tmp_path_factory.mktemp("mix")), NOW)


def test_each_plan_interval_and_currency_has_its_count_and_mrr(mix: duckdb.DuckDBPyConnection) -> None:
    assert mix.execute(MIX, ["2025-03-01"]).fetchall() == [
        ("Bronze", "month", "usd", 1, 1, 2),
        ("extras", "month", "usd", 1, 1, 5),
        ("gold", "2 weeks", "usd", 1, 1, Decimal("6.5")),
        ("gold", "2 years", "usd", 1, 1, 100),
        ("gold", "3 months", "usd", 1, 1, 100),
        ("gold", "day", "usd", 1, 1, 365),
        ("gold", "month", "eur", 1, 1, 90),
        ("gold", "month", "usd", 3, 2, 300),
        ("gold", "year", "usd", 1, 1, 100),
        ("price_nameless", "month", "usd", 1, 1, 3),
        ("silver", "month", "usd", 1, 1, 1),
    ]


def test_a_plan_that_ended_is_in_the_months_before_only(mix: duckdb.DuckDBPyConnection) -> None:
    rows = mix.execute("select month(month), mrr from marts.plan_months where plan = 'gone' and mrr > 0")
    assert rows.fetchall() == [(1, 7)]


def test_a_month_has_arpu_by_customer_and_by_subscription(mix: duckdb.DuckDBPyConnection) -> None:
    query = """
        select paying_customers, active_subscriptions, closing_mrr, arpu, arpu_per_subscription
        from marts.mrr_months where month = '2025-03-01'
    """
    customers, subscriptions, mrr, arpu, per_subscription = mix.execute(query).fetchall()[0]
    assert (customers, subscriptions, mrr) == (11, 12, Decimal("1081.5"))
    assert (arpu, per_subscription) == (round(mrr / 11, 8), round(mrr / 12, 8))


def test_committed_arr_is_twelve_times_committed_mrr(mix: duckdb.DuckDBPyConnection) -> None:
    rows = mix.execute("select committed_mrr, committed_arr from marts.committed_mrr_months").fetchall()
    assert rows
    assert all(arr == 12 * mrr > 0 for mrr, arr in rows)
