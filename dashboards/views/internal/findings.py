"""Data quality: everything that did not fit or is missing, with the object's id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import columns, elements, numbers
from dashboards.charts import shares as charts
from dashboards.charts.parts import ACCENT
from dashboards.queries import operations as queries

if TYPE_CHECKING:
    from dashboards.context import Context


def render(context: Context) -> None:
    """Show the page."""
    elements.header(
        context,
        "Data quality",
        "What Stripe, the logs or the stores told us that we could not count, and why.",
    )
    counts = queries.finding_counts(context.marts)
    if counts.is_empty():
        elements.nothing(
            "Nothing found", "Every row of every stream fitted. Nothing to do.", ":material/verified:"
        )
        return
    names = [check.replace("_", " ") for check in counts["check"]]
    elements.drawing(
        context,
        "Findings by check",
        charts.ranking(names, list(counts["findings"]), "%,d findings", ACCENT),
        counts,
        "findings-by-check",
        height=80 + 34 * len(names),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        checks = st.multiselect("Checks", list(counts["check"]), key="checks", placeholder="All", width=420)
        words = st.text_input(
            "Search", key="words", placeholder="Object id or words of the detail", width=360
        )
    found = queries.findings(context.marts, checks, words.strip())
    if found.is_empty():
        elements.nothing("No finding fits", "Take a filter away.", ":material/filter_alt_off:")
        return
    elements.table(
        context,
        numbers.several(found.height, "finding"),
        found,
        "findings",
        height=520,
        columns={
            "check": columns.text("Check", width="medium"),
            "object_id": columns.text("Object", width="medium"),
            "detail": columns.text("Detail", width="large"),
            "first_seen_at": columns.moment("First seen"),
        },
    )
