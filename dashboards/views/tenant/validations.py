"""Validations: every document that was checked, and the verdict of each gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import columns, elements
from dashboards.queries import tenant as queries
from dashboards.views.tenant import parts

if TYPE_CHECKING:
    from dashboards.context import Context


def render(context: Context) -> None:
    """Show the page."""
    elements.header(
        context, "Validations", "Every document that was checked, newest first, and the verdict of each gate."
    )
    with st.container(horizontal=True):
        statuses = st.multiselect(
            "Result", ["FAIL", "NEEDS_REVIEW", "PASS"], key="statuses", placeholder="Any", width=320
        )
        types = st.multiselect(
            "Document type", queries.document_types(context.marts), key="types", placeholder="Any", width=420
        )
    runs = queries.recent_runs(context.marts, statuses, types)
    if runs.is_empty():
        elements.nothing("No validation fits", "Take a filter away.", ":material/filter_alt_off:")
        return
    chosen = elements.table(
        context,
        "Validations",
        runs,
        "validations",
        selectable=True,
        height=420,
        meaning="Choose a row to see its gates.",
        columns=parts.RUN_COLUMNS
        | {
            "run_id": columns.text("Id", "For `GET /v1/validations/{id}`.", width="medium"),
            "ruleset_version": columns.text("Ruleset"),
            "characters": columns.count("Characters"),
        },
    )
    if chosen is not None:
        _gates(context, runs["run_id"][chosen])


def _gates(context: Context, run_id: str) -> None:
    gates = queries.outcomes(context.marts, run_id)
    elements.table(
        context,
        f"Gates of {elements.plain(run_id)}",
        gates,
        "gates",
        meaning="Gates that did not apply are left out.",
        columns={
            "verdict": columns.text("Verdict"),
            "title": columns.text("Gate", width="large"),
            "severity": columns.text("Severity"),
            "module": columns.text("Module"),
            "findings": columns.count("Findings"),
            "is_waived": columns.flag("Waived"),
        },
    )
