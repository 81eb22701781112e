"""Restatements: what today's build tells differently of a past that was reported before, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import columns, elements, numbers
from dashboards.charts import revenue as charts
from dashboards.queries import restatements as queries
from dashboards.queries.revenue import reporting_currency

if TYPE_CHECKING:
    from dashboards.context import Context
    from tenants.warehouse import Build

_AMOUNTS = ["reporting_before", "reporting_after", "change"]
_CAUSES = (
    "late_event: it had happened, but the earlier build did not know; backdated_change: it happened since "
    "and takes effect before; merge: of customers; exchange_rate; policy: the builds follow different ones."
)


def render(context: Context) -> None:
    """Show the page."""
    elements.header(
        context,
        "Restatements",
        "How the past has changed since an earlier build, movement by movement, with the cause.",
    )
    builds = queries.earlier_builds(context.live.warehouse, context.build)
    if not builds:
        elements.nothing(
            "No other build to compare with",
            "Older builds stay a while; `loki rebuild --as-known-at` makes one of what was known then.",
            ":material/history:",
        )
        return
    before = st.selectbox("Compare with", builds, format_func=_name, key="before", width=460)
    changes = queries.restated(context.live.warehouse, before, context.build)
    if changes.is_empty():
        elements.nothing(
            "Nothing was restated",
            "Both builds tell the same past, movement for movement.",
            ":material/verified:",
        )
        return
    currency = reporting_currency(context.marts)
    months = queries.by_month(changes)
    elements.drawing(
        context,
        "Change of each month's movements",
        charts.stacked_by_month(numbers.shown(months, ["change"], currency), "cause", "change", currency),
        months,
        "restated-months",
        meaning=_CAUSES,
    )
    elements.table(
        context,
        f"{numbers.several(changes.height, 'movement')} restated",
        numbers.shown(changes, _AMOUNTS, currency),
        "restated-movements",
        numbers=changes,
        meaning="In the reporting currency.",
        columns={
            "movement_date": columns.day("Day"),
            "customer_id": columns.text("Customer"),
            "cause": columns.text("Cause", _CAUSES),
            "movement_type": columns.text("Type"),
            "reason": columns.text("Reason"),
            "reporting_before": columns.money("Before", currency),
            "reporting_after": columns.money("Now", currency),
            "change": columns.money("Change", currency),
            "known_at": columns.moment("Known at"),
        },
    )


def _name(build: Build) -> str:
    known = build.facts.get("as_known_at")
    return f"{numbers.moment(build.built_at)} · {build.id}{f' · as known at {known}' if known else ''}"
