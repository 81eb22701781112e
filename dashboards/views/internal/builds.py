"""Builds: those that are kept, which one is shown, and what each was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboards import columns, elements
from dashboards.queries import builds as queries

if TYPE_CHECKING:
    from dashboards.context import Context


def render(context: Context) -> None:
    """Show the page."""
    elements.header(
        context,
        "Builds",
        "A build is one warehouse, tested and never changed after. Readers get the published one.",
    )
    kept = queries.kept(context.live.warehouse)
    chosen = elements.table(
        context,
        "Kept builds",
        kept,
        "builds",
        selectable=True,
        columns={
            "is_published": columns.flag("Published"),
            "build_id": columns.text("Build", width="medium"),
            "built_at": columns.moment("Built at"),
            "as_known_at": columns.text("As known at", "Empty: everything observed."),
            "policy": columns.text("Policy"),
            "rows": columns.count("Rows in marts"),
            "tests_passed": columns.count("Tests passed"),
            "warnings": columns.text("Warnings", "Tests that found rows to look at, and how many."),
        },
    )
    build_id = kept["build_id"][chosen] if chosen is not None else context.build.id
    counts = queries.row_counts(context.live.warehouse, build_id)
    if isinstance(counts, pl.DataFrame) and not counts.is_empty():
        elements.table(
            context,
            f"Rows of {elements.plain(build_id)}",
            counts,
            "row-counts",
            height=480,
            columns={"table": columns.text("Table", width="large"), "rows": columns.count("Rows")},
        )
    with st.expander("All facts of the build", icon=":material/data_object:"):
        st.json(context.live.warehouse.build(build_id).facts, expanded=1)
