"""One tenant's compliance and usage, from its own file; no query needs to name the tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import polars as pl

    from dashboards.marts import Marts, Row

MOST = 2_000
_DAYS_ONE_BY_ONE = 31


def overview(marts: Marts, today: date, days: int) -> Row:
    """Return runs and pass rate of the last `days` days beside those of as many days before (`…_change`)."""
    return marts.row(
        """
        with counted as (
            select created_at::date > ?::date - ?::integer as is_recent, count(*) as runs,
                count(*) filter (where status = 'PASS') as passed,
                count(*) filter (where status = 'FAIL') as failed,
                count(*) filter (where status = 'NEEDS_REVIEW') as needs_review
            from marts.validation_runs
            where created_at::date > ?::date - 2 * ?::integer and created_at::date <= ?::date
            group by is_recent
        ), compared as (
            select coalesce(any_value(runs) filter (where is_recent), 0) as runs,
                coalesce(any_value(failed) filter (where is_recent), 0) as failed,
                coalesce(any_value(needs_review) filter (where is_recent), 0) as needs_review,
                any_value(passed / runs) filter (where is_recent) as pass_rate,
                coalesce(any_value(runs) filter (where not is_recent), 0) as runs_before,
                coalesce(any_value(failed) filter (where not is_recent), 0) as failed_before,
                coalesce(any_value(needs_review) filter (where not is_recent), 0) as needs_review_before,
                any_value(passed / runs) filter (where not is_recent) as pass_rate_before
            from counted
        )
        select *, runs - runs_before as runs_change, failed - failed_before as failed_change,
            needs_review - needs_review_before as needs_review_change,
            pass_rate - pass_rate_before as pass_rate_change
        from compared
    """,
        today,
        days,
        today,
        days,
        today,
    )


def runs_since(marts: Marts, today: date) -> Row:
    """Return how many validations there are in the last 30, 90 and 365 days, and in all."""
    return marts.row(
        """
        select count(*) as ever, count(*) filter (where created_at::date > ?::date - 30) as days_30,
            count(*) filter (where created_at::date > ?::date - 90) as days_90,
            count(*) filter (where created_at::date > ?::date - 365) as days_365
        from marts.validation_runs
        """,
        today,
        today,
        today,
    )


def trend(marts: Marts, today: date, days: int) -> pl.DataFrame:
    """Return runs and pass rate of the last `days` days, by day up to a month, else by week from its Monday.

    A day or week without runs has no rate.
    """
    bucket = "day" if days <= _DAYS_ONE_BY_ONE else "week"
    return marts.frame(
        f"""
        with buckets as (
            select distinct date_trunc('{bucket}', unnest(
                generate_series(?::date - ?::integer + 1, ?::date, interval 1 day)
            ))::date as day
        ), counted as (
            select date_trunc('{bucket}', created_at)::date as day, count(*) as runs,
                count(*) filter (where status = 'PASS') as passed
            from marts.validation_runs
            where created_at::date > ?::date - ?::integer and created_at::date <= ?::date
            group by all
        )
        select day, coalesce(runs, 0) as runs, coalesce(passed, 0) as passed,
            passed / nullif(runs, 0) as pass_rate
        from buckets left join counted using (day) order by day
        """,
        today,
        days,
        today,
        today,
        days,
        today,
    )


def recent_runs(marts: Marts, statuses: Sequence[str] = (), types: Sequence[str] = ()) -> pl.DataFrame:
    """Return the newest validations, at most `MOST`; only with these statuses and document types."""
    return marts.frame(
        f"""
        select created_at, document_type, status, modules, run_id, ruleset_version, characters, duration_ms
        from marts.validation_runs
        where (len(?::varchar[]) = 0 or list_contains(?::varchar[], status))
            and (len(?::varchar[]) = 0 or list_contains(?::varchar[], document_type))
        order by created_at desc, run_id limit {MOST}
    """,
        list(statuses),
        list(statuses),
        list(types),
        list(types),
    )


def outcomes(marts: Marts, run_id: str) -> pl.DataFrame:
    """Return the gates of one validation, failed ones first; those that did not apply are left out."""
    return marts.frame(
        """
        select module, gate_id, title, severity, verdict, is_waived, findings
        from marts.gate_outcomes
        where run_id = ? and verdict <> 'NOT_APPLICABLE'
        order by list_position(['FAIL', 'NEEDS_REVIEW', 'WARNING', 'PASS'], verdict), module, gate_id
    """,
        run_id,
    )


def violation_months(marts: Marts) -> list[date]:
    """Return the months in which a gate failed, newest first."""
    return list(marts.frame("select distinct month from marts.top_violations order by month desc")["month"])


def violations(marts: Marts, month: date, limit: int) -> pl.DataFrame:
    """Return the gates that failed most in a month."""
    return marts.frame(
        """
        select rank, title, module, gate_id, failures, runs, failures / nullif(runs, 0) as failure_rate,
            waived
        from marts.top_violations where month = ? order by rank limit ?
    """,
        month,
        limit,
    )


def pass_rates(marts: Marts, by: str, today: date, days: int) -> pl.DataFrame:
    """Return pass rates of the last `days` days, most runs first.

    Args:
        marts: The tenant's file.
        by: `module` or `document_type`.
        today: The last day.
        days: How many days.
    """
    column = {"module": "module", "document_type": "document_type"}[by]
    return marts.frame(
        f"""
        select coalesce({column}, 'unknown') as {column}, sum(runs)::bigint as runs,
            sum(passed)::bigint as passed, sum(failed)::bigint as failed,
            sum(needs_review)::bigint as needs_review,
            sum(passed) / nullif(sum(runs), 0) as pass_rate
        from marts.compliance_trend
        where day > ?::date - ?::integer and day <= ?::date
        group by all having sum(runs) > 0 order by runs desc, 1
    """,
        today,
        days,
        today,
    )


def weekly_pass_rates(marts: Marts, by: str, today: date, days: int) -> pl.DataFrame:
    """Return the pass rate of each week by `module` or `document_type`; a week is its Monday."""
    column = {"module": "module", "document_type": "document_type"}[by]
    return marts.frame(
        f"""
        select date_trunc('week', day)::date as week, coalesce({column}, 'unknown') as {column},
            sum(runs)::bigint as runs, sum(passed)::bigint as passed,
            sum(passed) / nullif(sum(runs), 0) as pass_rate
        from marts.compliance_trend
        where day > ?::date - ?::integer and day <= ?::date
        group by all having sum(runs) > 0 order by week, {column}
    """,
        today,
        days,
        today,
    )


def quotas(marts: Marts) -> pl.DataFrame:
    """Return the running period of each meter."""
    return marts.frame("""
        select meter, used, quota, use_percent, is_over_limit, forecast_used, exhausted_on, exhausted_on_low,
            exhausted_on_high, period_start, period_end
        from marts.quota_use where is_current order by quota is null, use_percent desc, meter
    """)


def past_periods(marts: Marts) -> pl.DataFrame:
    """Return the closed periods of each meter, newest first."""
    return marts.frame("""
        select meter, period_start, period_end, used, quota, use_percent, is_over_limit
        from marts.quota_use where not is_current order by period_start desc, meter
    """)


def usage_by_day(marts: Marts, meter: str, today: date, days: int) -> pl.DataFrame:
    """Return a meter's units and requests for each of the last `days` days."""
    return marts.frame(
        """
        with days as (
            select unnest(generate_series(?::date - ?::integer + 1, ?::date, interval 1 day))::date as day
        ), counted as (
            select day, sum(units) as units, sum(succeeded) as succeeded, sum(failed) as failed
            from marts.usage_days where meter = ? group by day
        )
        select day, coalesce(units, 0)::decimal(38, 6) as units, coalesce(succeeded, 0)::bigint as succeeded,
            coalesce(failed, 0)::bigint as failed
        from days left join counted using (day) order by day
    """,
        today,
        days,
        today,
        meter,
    )


def usage_by_module(marts: Marts, meter: str, today: date, days: int) -> pl.DataFrame:
    """Return a meter's requests by module and endpoint over the last `days` days, most used first."""
    return marts.frame(
        """
        select coalesce(module, '–') as module, coalesce(endpoint, '–') as endpoint,
            sum(requests)::bigint as requests,
            sum(units)::decimal(38, 6) as units, sum(failed)::bigint as failed,
            sum(succeeded) / nullif(sum(requests), 0) as success_rate
        from marts.usage_days
        where meter = ? and day > ?::date - ?::integer and day <= ?::date
        group by all order by units desc, module, endpoint
    """,
        meter,
        today,
        days,
        today,
    )


def meters(marts: Marts) -> list[str]:
    """Return the meters with usage or a quota."""
    rows = marts.frame("""
        select meter from marts.usage_days union select meter from marts.quota_use
        order by meter <> 'api_calls', meter
    """)
    return list(rows["meter"])


def document_types(marts: Marts) -> list[str]:
    """Return the document types that were validated."""
    rows = marts.frame(
        "select distinct document_type from marts.validation_runs where document_type is not null order by 1"
    )
    return list(rows["document_type"])
