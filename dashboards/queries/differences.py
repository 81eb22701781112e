"""How far another policy's MRR is from the configured one's, by month and customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.queries.revenue import CONFIGURED, checked_schema

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from dashboards.marts import Marts


def by_month(marts: Marts, schema: str) -> pl.DataFrame:
    """Return both policies' closing MRR and the gap for each month, oldest first."""
    other = checked_schema(marts, schema)
    return marts.frame(f"""
        select month, ours.closing_mrr as configured_mrr, theirs.closing_mrr as other_mrr,
            coalesce(theirs.closing_mrr, 0) - coalesce(ours.closing_mrr, 0) as gap
        from {CONFIGURED}.mrr_months as ours full join {other}.mrr_months as theirs using (month)
        order by month
    """)


def by_customer(marts: Marts, schema: str, month: date) -> pl.DataFrame:
    """Return the customers whose MRR at the end of a month differs between the policies, largest first."""
    other = checked_schema(marts, schema)
    return marts.frame(
        f"""
        select customer_id, coalesce(ours.tenant_id, theirs.tenant_id) as tenant_id,
            upper(currency) as currency,
            coalesce(ours.closing_mrr, 0) as configured_mrr, coalesce(theirs.closing_mrr, 0) as other_mrr,
            coalesce(theirs.closing_mrr, 0) - coalesce(ours.closing_mrr, 0) as gap
        from (select * from {CONFIGURED}.customer_months where month = ?) as ours
        full join (select * from {other}.customer_months where month = ?) as theirs
            using (customer_id, currency)
        where coalesce(theirs.closing_mrr, 0) <> coalesce(ours.closing_mrr, 0)
        order by abs(gap) desc, customer_id
        """,
        month,
        month,
    )


def by_switch(marts: Marts, start: str, target: str, month: date) -> pl.DataFrame:
    """Return each switch's share of the gap in a month, largest first."""
    return marts.frame(
        """
        select switch, from_value, to_value, count(distinct customer_id) as customers,
            sum(amount) as gap, upper(currency) as currency
        from marts.policy_gap where from_policy = ? and to_policy = ? and month = ?
        group by all order by abs(sum(amount)) desc, switch, currency
        """,
        start,
        target,
        month,
    )


def shares(marts: Marts, start: str, target: str, month: date, switch: str | None) -> pl.DataFrame:
    """Return what each customer adds to the gap by one switch or by every switch, largest first."""
    return marts.frame(
        """
        select customer_id, tenant_id, switch, amount as gap, upper(currency) as currency
        from marts.policy_gap
        where from_policy = ? and to_policy = ? and month = ? and (?::varchar is null or switch = ?)
        order by abs(amount) desc, customer_id, switch
        """,
        start,
        target,
        month,
        switch,
        switch,
    )
