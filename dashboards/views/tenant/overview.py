"""Overview: how many documents passed, what failed most, and how much of the plan is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import columns, elements, numbers
from dashboards.charts import shares as charts
from dashboards.charts.parts import BAD
from dashboards.definitions import MEANINGS
from dashboards.elements import Figure
from dashboards.queries import tenant as queries
from dashboards.views.tenant import parts

if TYPE_CHECKING:
    import polars as pl

    from dashboards.context import Context


def render(context: Context) -> None:
    """Show the page."""
    elements.header(
        context, "Overview", "Your documents against the rules: what passed, what failed, how it develops."
    )
    today = parts.today(context)
    runs = queries.runs_since(context.marts, today)
    if not runs["ever"]:
        elements.nothing(
            "No validation yet",
            "Send your first document to `POST /v1/validations`; it appears with the next refresh.",
        )
        _quotas(context)
        return
    days = parts.period(runs)
    row = queries.overview(context.marts, today, days)
    elements.figures(
        [
            Figure("Validations", numbers.count(row["runs"]), numbers.signed_count(row["runs_change"])),
            Figure(
                "Pass rate",
                numbers.percent(row["pass_rate"]),
                numbers.points(row["pass_rate_change"]),
                MEANINGS["pass_rate"],
            ),
            Figure(
                "Failed",
                numbers.count(row["failed"]),
                numbers.signed_count(row["failed_change"]),
                up_is_good=False,
            ),
            Figure(
                "To review",
                numbers.count(row["needs_review"]),
                numbers.signed_count(row["needs_review_change"]),
                "The engine could not decide; a person should.",
                up_is_good=False,
            ),
        ]
    )
    st.caption(f"The last {days} days; changes are against the {days} days before.")
    trend = queries.trend(context.marts, today, days)
    elements.drawing(
        context,
        "Compliance trend",
        charts.pass_rate(trend),
        trend,
        "compliance-trend",
        meaning=MEANINGS["pass_rate"],
    )
    left, right = st.columns([3, 2])
    with left:
        _violations(context)
    with right:
        _quotas(context)
    _recent(context)


def _violations(context: Context) -> None:
    months = queries.violation_months(context.marts)
    if not months:
        elements.nothing("No violation", "No gate has failed so far.", ":material/verified:")
        return
    top = queries.violations(context.marts, months[0], 10)
    elements.drawing(
        context,
        f"Top violations, {numbers.month_name(months[0])}",
        charts.ranking(
            list(top["title"].fill_null(top["gate_id"])), list(top["failures"]), "%,d documents", BAD
        ),
        top,
        "top-violations",
        meaning="Documents in which the gate failed; waived findings are not counted.",
        height=60 + 34 * top.height,
    )


def _quotas(context: Context) -> None:
    quotas = queries.quotas(context.marts)
    if not quotas.is_empty():
        with st.container(border=True):
            elements.title_row(context, "Quota use", quotas, "quota-use", MEANINGS["use_percent"])
            for quota in quotas.iter_rows(named=True):
                parts.quota_line(quota)


def _recent(context: Context) -> None:
    recent: pl.DataFrame = queries.recent_runs(context.marts).head(10)
    elements.table(
        context,
        "Newest validations",
        recent,
        "newest-validations",
        columns=parts.RUN_COLUMNS
        | {
            "run_id": columns.text("Id", "For `GET /v1/validations/{id}`.", width="medium"),
        },
    )
