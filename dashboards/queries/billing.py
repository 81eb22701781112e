"""Trials, failed payments, what is committed, usage charges, and the bridge from MRR to money collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    import polars as pl

    from dashboards.marts import Marts, Row


def trials(marts: Marts) -> pl.DataFrame:
    """Return trials by the month in which they ended, oldest first."""
    return marts.frame("select * from marts.trial_months order by month")


def trial_totals(marts: Marts) -> Row:
    """Return trials of all months."""
    return marts.row("""
        select sum(trials_started) as started, sum(trials_ended) as ended, sum(trials_converted) as converted,
            sum(trials_converted) / nullif(sum(trials_ended), 0) as conversion_rate
        from marts.trial_months
    """)


def dunning(marts: Marts, states: list[str]) -> pl.DataFrame:
    """Return invoices whose payment failed, at risk first, then newest; only in these states."""
    return marts.frame(
        """
        select invoice_id, customer_id, tenant_id, subscription_id, upper(currency) as currency, state,
            attempts, age_days, amount_due, recovered_amount, lost_amount,
            at_risk_amount, mrr_at_risk, first_failed_at,
            last_failed_at, recovered_at, lost_at
        from marts.dunning_invoices
        where len(?::varchar[]) = 0 or list_contains(?::varchar[], state)
        order by at_risk_amount > 0 desc, last_failed_at desc, invoice_id
        """,
        states,
        states,
    )


def dunning_totals(marts: Marts) -> pl.DataFrame:
    """Return failed, recovered, lost and open amounts in each currency, the most used currency first."""
    return marts.frame("""
        select upper(currency) as currency, count(*) as invoices, sum(amount_due) as failed,
            sum(recovered_amount) as recovered, sum(lost_amount) as lost, sum(at_risk_amount) as at_risk,
            sum(mrr_at_risk) as mrr_at_risk,
            sum(recovered_amount) / nullif(sum(amount_due), 0) as recovery_rate
        from marts.dunning_invoices group by all order by invoices desc, currency
    """)


def dunning_by_attempt(marts: Marts, currency: str) -> pl.DataFrame:
    """Return what became of failed invoices by the number of attempts, in one currency."""
    return marts.frame(
        """
        select attempts, count(*) as invoices, sum(recovered_amount) as recovered, sum(lost_amount) as lost,
            sum(at_risk_amount) as at_risk
        from marts.dunning_invoices where upper(currency) = ? group by attempts order by attempts
        """,
        currency,
    )


def dunning_by_age(marts: Marts, currency: str) -> pl.DataFrame:
    """Return what is at risk now by its age, in one currency."""
    return marts.frame(
        """
        select case when age_days < 8 then 'up to 7 days' when age_days < 16 then '8–15 days'
                when age_days < 31 then '16–30 days' else 'over 30 days' end as age,
            count(*) as invoices, sum(at_risk_amount) as at_risk, sum(mrr_at_risk) as mrr_at_risk
        from marts.dunning_invoices where upper(currency) = ? and at_risk_amount > 0
        group by age order by min(age_days)
        """,
        currency,
    )


def committed(marts: Marts) -> pl.DataFrame:
    """Return committed MRR by month, oldest first."""
    return marts.frame("select * from marts.committed_mrr_months order by month")


def committed_until(marts: Marts) -> Row:
    """Return the way from today's MRR to what stays when all that is scheduled has happened."""
    return marts.row("""
        select min_by(opening_mrr, month) as opening_mrr,
            min_by(scheduled_changes, month) as scheduled_changes,
            min_by(scheduled_cancellations, month) as scheduled_cancellations,
            min_by(committed_mrr, month) as committed_mrr,
            min_by(committed_arr, month) as committed_arr, 12 * min_by(opening_mrr, month) as opening_arr,
            12 * min_by(scheduled_changes, month) as arr_changes,
            12 * min_by(scheduled_cancellations, month) as arr_cancellations,
            max_by(trial_mrr, month) as trial_mrr, max_by(weighted_trial_mrr, month) as weighted_trial_mrr,
            max(month) as until
        from marts.committed_mrr_months where is_forecast
    """)


def usage_charges(marts: Marts) -> pl.DataFrame:
    """Return metered and overage charges by month and kind."""
    return marts.frame("""
        select month, kind, upper(currency) as currency, sum(amount) as amount, count(*) as customers
        from marts.usage_revenue_months group by all order by month, kind, currency
    """)


def bridge_months(marts: Marts) -> list[date]:
    """Return the months of the bridge, newest first."""
    return list(
        marts.frame("select distinct month from marts.mrr_invoice_bridge order by month desc")["month"]
    )


def bridge_currencies(marts: Marts, month: date) -> list[str]:
    """Return the currencies of a month's bridge, the most used first."""
    rows = marts.frame(
        """
        select upper(currency) as currency from marts.mrr_invoice_bridge where month = ?
        group by all order by count(*) desc, currency
        """,
        month,
    )
    return list(rows["currency"])


def bridge(marts: Marts, month: date, currency: str) -> pl.DataFrame:
    """Return a month's bridge over all customers in one currency, in its order."""
    return marts.frame(
        """
        select position, stage, item, sum(amount) as amount, count(distinct customer_id) as customers
        from marts.mrr_invoice_bridge where month = ? and upper(currency) = ?
        group by all order by position
        """,
        month,
        currency,
    )


def left_over(marts: Marts, month: date, currency: str) -> Decimal:
    """Return what a month's bridge leaves unexplained, summed without sign: 0 where all is explained."""
    row = marts.row(
        """
        select coalesce(sum(abs(amount)), 0) as amount from marts.mrr_invoice_bridge
        where month = ? and upper(currency) = ? and starts_with(item, 'unexplained')
        """,
        month,
        currency,
    )
    amount: Decimal = row["amount"]
    return amount


def bridge_rows(marts: Marts, month: date, currency: str, item: str) -> pl.DataFrame:
    """Return the customers behind one item of a month's bridge, largest amount first."""
    return marts.frame(
        """
        select customer_id, tenant_id, amount, upper(currency) as currency, invoice_ids, invoice_line_ids
        from marts.mrr_invoice_bridge where month = ? and upper(currency) = ? and item = ?
        order by abs(amount) desc, customer_id
        """,
        month,
        currency,
        item,
    )
