"""Who will upgrade, who is at risk, and who is close to a limit; for staff, over all tenants."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from dashboards.marts import Marts, Row


def upsell(marts: Marts, signals: Sequence[str] = (), plans: Sequence[str] = ()) -> pl.DataFrame:
    """Return the newest scores, best first; only with any of these signals, on any of these plans."""
    return marts.frame(
        """
        select rank, name, tenant_id, plan, recommended_plan, signals, reasons, engagement_score,
            upgrade_probability, potential_additional_mrr, expected_additional_mrr, currency, scored_on
        from marts.upsell_scores
        where scored_on = (select max(scored_on) from marts.upsell_scores)
            and (len(?::varchar[]) = 0 or list_has_any(signals, ?::varchar[]))
            and (len(?::varchar[]) = 0 or list_contains(?::varchar[], plan))
        order by rank
    """,
        list(signals),
        list(signals),
        list(plans),
        list(plans),
    )


def upsell_totals(marts: Marts) -> Row:
    """Return how many prospects there are and what they are worth."""
    return marts.row("""
        select count(*) filter (where len(signals) > 0) as with_signals, count(*) as scored,
            sum(potential_additional_mrr) filter (where len(signals) > 0) as potential,
            sum(expected_additional_mrr) as expected, any_value(currency) as currency,
            max(scored_on) as scored_on,
            list_sort(list(distinct plan)) as plans,
            list_sort(list_distinct(flatten(list(signals)))) as signals
        from marts.upsell_scores
        where scored_on = (select max(scored_on) from marts.upsell_scores)
    """)


def signals(marts: Marts) -> pl.DataFrame:
    """Return how many tenants show each signal and what their upgrades are worth."""
    return marts.frame("""
        select signal, count(*) as tenants, sum(potential_additional_mrr) as potential
        from (
            select unnest(signals) as signal, potential_additional_mrr from marts.upsell_scores
            where scored_on = (select max(scored_on) from marts.upsell_scores)
        ) as opened
        group by signal
        order by tenants desc, signal
    """)


def health(marts: Marts, risks: Sequence[str] = ()) -> pl.DataFrame:
    """Return the newest health of each tenant, most MRR at risk first; only with any of these risks."""
    return marts.frame(
        """
        select name, tenant_id, plan, health, mrr, mrr_at_risk, reporting_currency, risks, reasons, as_of
        from marts.tenant_health
        where as_of = (select max(as_of) from marts.tenant_health)
            and (len(?::varchar[]) = 0 or list_has_any(risks, ?::varchar[]))
        order by mrr_at_risk desc, health, tenant_id
    """,
        list(risks),
        list(risks),
    )


def health_totals(marts: Marts) -> Row:
    """Return how many tenants are at risk and with how much MRR."""
    return marts.row("""
        select count(*) as tenants, count(*) filter (where mrr_at_risk > 0) as at_risk,
            sum(mrr_at_risk) as mrr_at_risk, sum(mrr) as mrr, sum(mrr_at_risk) / nullif(sum(mrr), 0) as share,
            avg(health) as health, any_value(reporting_currency) as currency
        from marts.tenant_health
        where as_of = (select max(as_of) from marts.tenant_health)
    """)


def risks(marts: Marts) -> pl.DataFrame:
    """Return how many tenants show each risk and the MRR behind it."""
    return marts.frame("""
        select risk, count(*) as tenants, sum(mrr) as mrr
        from (
            select unnest(risks) as risk, mrr from marts.tenant_health
            where as_of = (select max(as_of) from marts.tenant_health)
        ) as opened
        group by risk
        order by mrr desc, risk
    """)


def quotas(marts: Marts, meter: str, at_least: float = 0) -> pl.DataFrame:
    """Return the running period of each tenant for a meter, fullest first.

    Args:
        marts: The build to read.
        meter: Which meter.
        at_least: Only tenants from this percentage of their limit on.
    """
    return marts.frame(
        """
        select scores.name, quota_use.tenant_id, scores.plan, meter, used, quota, use_percent, is_over_limit,
            forecast_used, 100 * forecast_used / nullif(quota, 0) as forecast_percent, exhausted_on,
            exhausted_on_low, exhausted_on_high, period_end
        from marts.quota_use
        left join marts.upsell_scores as scores
            on quota_use.tenant_id = scores.tenant_id
            and scores.scored_on = (select max(scored_on) from marts.upsell_scores)
        where is_current and meter = ? and use_percent >= ?
        order by use_percent desc, used desc, quota_use.tenant_id
    """,
        meter,
        at_least,
    )


def quota_bands(marts: Marts, meter: str) -> pl.DataFrame:
    """Return how many tenants are in each band of use in the running period."""
    return marts.frame(
        """
        select case
                when quota is null then 'unlimited' when use_percent >= 100 then '100 % and more'
                when use_percent >= 80 then '80–100 %' when use_percent >= 50 then '50–80 %' else 'below 50 %'
            end as band, count(*) as tenants
        from marts.quota_use
        where is_current and meter = ?
        group by band
        order by min(case when quota is null then -1 else use_percent end) desc
    """,
        meter,
    )


def meters(marts: Marts) -> list[str]:
    """Return the meters that have a running period, the most used first."""
    rows = marts.frame("""
        select meter from marts.quota_use where is_current group by meter order by meter <> 'api_calls', meter
    """)
    return list(rows["meter"])
