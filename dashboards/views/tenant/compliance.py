"""Compliance: pass rates by module and document type, and which rules are violated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import columns, elements, numbers
from dashboards.charts import shares as charts
from dashboards.queries import tenant as queries
from dashboards.views.tenant import parts

if TYPE_CHECKING:
    from dashboards.context import Context

_BY = {"Module": "module", "Document type": "document_type"}
_RATE = "Documents passed ÷ documents to which at least one gate of the module applied."


def render(context: Context) -> None:
    """Show the page."""
    elements.header(
        context, "Compliance", "Where your documents pass and where they fail, and by which rule."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = _BY[
            st.segmented_control(
                "By", list(_BY), default="Module", required=True, key="by", label_visibility="collapsed"
            )
        ]
        today = parts.today(context)
        days = parts.period(queries.runs_since(context.marts, today))
    rates = queries.pass_rates(context.marts, by, today, days)
    if rates.is_empty():
        elements.nothing(
            "No validation in this period",
            "Choose a longer one, or send a document to `POST /v1/validations`.",
        )
        return
    weekly = queries.weekly_pass_rates(context.marts, by, today, days)
    elements.drawing(
        context,
        "Pass rate by week",
        charts.lines(weekly, "week", by, "pass_rate"),
        weekly,
        "pass-rate-by-week",
        meaning=_RATE,
    )
    elements.table(
        context,
        "Pass rates",
        rates,
        "pass-rates",
        columns={
            by: columns.text("Module" if by == "module" else "Document type", width="medium"),
            "runs": columns.count("Runs"),
            "passed": columns.count("Passed"),
            "failed": columns.count("Failed"),
            "needs_review": columns.count("To review"),
            "pass_rate": columns.share("Pass rate", _RATE),
        },
    )
    _violations(context)


def _violations(context: Context) -> None:
    months = queries.violation_months(context.marts)
    if not months:
        return
    month = st.selectbox("Month", months, format_func=numbers.month_name, key="month", width=220)
    found = queries.violations(context.marts, month, 500)
    elements.table(
        context,
        f"Violations, {numbers.month_name(month)}",
        found,
        "violations",
        height=420,
        meaning="Documents in which the gate failed; waived findings are not counted.",
        columns={
            "rank": columns.count("Rank"),
            "title": columns.text("Gate", width="large"),
            "module": columns.text("Module"),
            "failures": columns.count("Failed"),
            "runs": columns.count("Applied"),
            "failure_rate": columns.share("Failure rate"),
            "waived": columns.count("Waived"),
            "gate_id": columns.text("Gate id", width="medium"),
        },
    )
