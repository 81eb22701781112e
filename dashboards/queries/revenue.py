"""MRR by month, plan and customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenants.errors import InvalidInput

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from dashboards.marts import Marts, Row

CONFIGURED = "marts"


def schemas(marts: Marts) -> dict[str, str]:
    """Return the policies of the build by name: the configured one first, then those beside it."""
    return {"configured": CONFIGURED} | {policy: f"marts_{policy}" for policy in marts.policies()}


def months(marts: Marts, schema: str = CONFIGURED, *, constant: bool = False) -> pl.DataFrame:
    """Return one row a month, oldest first, in the reporting currency.

    Args:
        marts: The build to read.
        schema: `marts`, or the schema of another policy.
        constant: One exchange rate for the whole report, instead of each day's as booked.
    """
    return marts.frame(f"select * from {_table(marts, schema, constant=constant)} order by month")


def headline(marts: Marts, month: date, schema: str = CONFIGURED, *, constant: bool = False) -> Row:
    """Return a month's numbers beside their change since the month before (`…_change`)."""
    table = _table(marts, schema, constant=constant)
    names = (
        "closing_mrr",
        "arr",
        "paying_customers",
        "active_subscriptions",
        "arpu",
        "arpu_per_subscription",
        "growth_rate",
        "logo_churn_rate",
        "gross_revenue_churn",
        "net_revenue_retention",
        "gross_revenue_retention",
        "quick_ratio",
        "ltv",
    )
    changes = ", ".join(f"{name} - lag({name}) over (order by month) as {name}_change" for name in names)
    sql = f"select * from (select *, {changes} from {table}) as compared where month = ?"
    return marts.row(sql, month)


def plans(marts: Marts, schema: str = CONFIGURED) -> pl.DataFrame:
    """Return MRR by month and plan, the largest plan first, in each plan's own currency."""
    return marts.frame(f"""
        select month, plan, upper(currency) as currency, sum(mrr) as mrr, sum(customers)::bigint as customers,
            sum(subscriptions)::bigint as subscriptions
        from {checked_schema(marts, schema)}.plan_months
        group by month, plan, currency
        order by month, sum(sum(mrr)) over (partition by plan) desc, plan
    """)


def plans_of_month(marts: Marts, month: date, schema: str = CONFIGURED) -> pl.DataFrame:
    """Return one month's plans by billing interval and currency."""
    return marts.frame(
        f"""
        select plan, billing_interval, upper(currency) as currency, subscriptions, customers, mrr,
            mrr / nullif(sum(mrr) over (partition by currency), 0) as share
        from {checked_schema(marts, schema)}.plan_months
        where month = ? and subscriptions > 0
        order by currency, mrr desc
    """,
        month,
    )


def cohorts(marts: Marts, schema: str = CONFIGURED) -> pl.DataFrame:
    """Return what each cohort kept, as counts, amounts and fractions."""
    return marts.frame(f"""
        select *, customers_kept / nullif(customers_at_start, 0) as customer_share,
            mrr_kept / nullif(mrr_at_start, 0) as mrr_share
        from {checked_schema(marts, schema)}.retention_cohorts
        order by cohort_month, months_since
    """)


def trailing(marts: Marts, window_months: int, schema: str = CONFIGURED) -> pl.DataFrame:
    """Return growth, churn and retention over the window that ends with each month, oldest first.

    Args:
        marts: The build to read.
        window_months: The length of the window.
        schema: `marts`, or the schema of another policy.
    """
    return marts.frame(
        f"""
        select * from {checked_schema(marts, schema)}.mrr_months_trailing
        where window_months = ? and opening_mrr is not null
        order by month
    """,
        window_months,
    )


def reporting_currency(marts: Marts) -> str:
    """Return the currency of the month tables."""
    return str(marts.row("select reporting_currency from marts.build_info")["reporting_currency"]).upper()


def _table(marts: Marts, schema: str, *, constant: bool) -> str:
    return f"{checked_schema(marts, schema)}.{'mrr_months_constant' if constant else 'mrr_months'}"


def checked_schema(marts: Marts, schema: str) -> str:
    """Return a schema name that the build itself lists; anything else never gets into SQL."""
    if schema not in schemas(marts).values():
        message = f"This build holds no policy schema {schema!r}."
        raise InvalidInput(message, code="unknown_policy")
    return schema
