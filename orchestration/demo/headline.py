"""The headline table: what the published warehouse says, in a dozen lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboards.numbers import rounded

if TYPE_CHECKING:
    from decimal import Decimal

    from duckdb import DuckDBPyConnection

    from tenants.warehouse import Warehouse

REVENUE = """
    select closing_mrr, arr, arpu, paying_customers, active_subscriptions
    from marts.mrr_months
    order by month desc limit 1
"""
QUOTA = """
    select count(distinct tenant_id), count(distinct tenant_id) filter (use_percent >= 80),
        count(distinct tenant_id) filter (is_over_limit)
    from marts.quota_use
    where is_current and meter <> 'users'
"""
VIOLATIONS = """
    select title, sum(failures) as failures, sum(runs) as runs
    from marts.top_violations
    where tenant_id = 'all'
    group by gate_id, title
    order by failures desc, title limit 3
"""
UPSELL = """
    select name, plan, recommended_plan, potential_additional_mrr, currency
    from marts.upsell_scores
    where recommended_plan is not null
    order by scored_on desc, rank limit 3
"""


def headline(warehouse: Warehouse) -> list[tuple[str, str]]:
    """Return the lines of the table: what, and how much."""
    with warehouse.open() as connection:
        currency = str(_rows(connection, "select reporting_currency from marts.build_info")[0][0])
        return [
            *_revenue(connection, currency),
            *_quota(connection),
            *_listed("Top violations", [_violation(row) for row in _rows(connection, VIOLATIONS)]),
            *_listed("Top upsell", [_prospect(row) for row in _rows(connection, UPSELL)]),
        ]


def _revenue(connection: DuckDBPyConnection, currency: str) -> list[tuple[str, str]]:
    rows = _rows(connection, REVENUE)
    mrr, arr, arpu, customers, subscriptions = rows[0] if rows else (None, None, None, 0, 0)
    return [
        ("MRR", _money(mrr, currency)),
        ("ARR", _money(arr, currency)),
        ("ARPU", _money(arpu, currency)),
        ("Customers", f"{customers:,} paying, {subscriptions:,} subscriptions"),
    ]


def _quota(connection: DuckDBPyConnection) -> list[tuple[str, str]]:
    tenants, near, over = _rows(connection, QUOTA)[0]
    return [("Quota use", f"{near:,} of {tenants:,} tenants at 80 % or more of a quota, {over:,} over it")]


def _violation(row: tuple[Any, ...]) -> str:
    title, failures, runs = row
    return f"{title}: failed in {failures:,} of {runs:,} checks"


def _prospect(row: tuple[Any, ...]) -> str:
    name, plan, next_plan, more, currency = row
    worth = "custom price" if more is None else f"+{_money(more, currency)} a month"
    return f"{name}: {plan} → {next_plan}, {worth}"


def _listed(name: str, lines: list[str]) -> list[tuple[str, str]]:
    return [(name if place == 0 else "", line) for place, line in enumerate(lines or ["none yet"])]


def _money(amount: Decimal | None, currency: str) -> str:
    return "not known yet" if amount is None else f"{rounded(amount, currency):,f} {currency.upper()}"


def _rows(connection: DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql).fetchall()
