"""Pipeline: how far each stream has come, and how the published build was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import columns, elements, numbers
from dashboards.elements import Figure
from dashboards.queries import operations as queries

if TYPE_CHECKING:
    from dashboards.context import Context


def render(context: Context) -> None:
    """Show the page."""
    elements.header(
        context, "Pipeline", "From Stripe, the logs and the stores to the marts: until when we are complete."
    )
    totals = queries.stream_totals(context.marts)
    build = context.build
    elements.figures(
        [
            Figure(
                "Age of the build",
                numbers.age(build.built_at, context.now),
                meaning=numbers.moment(build.built_at),
            ),
            Figure("Streams", numbers.count(totals.get("streams"))),
            Figure("Rows landed", numbers.count(totals.get("rows"))),
            Figure(
                "Gaps",
                numbers.count(totals.get("gaps") or 0),
                meaning="Stretches of time not read and not yet healed.",
            ),
            Figure(
                "In quarantine",
                numbers.count(totals.get("quarantined") or 0),
                meaning="Rows that did not fit; see Data quality.",
            ),
        ]
    )
    if not totals.get("streams"):
        elements.nothing("Nothing was pulled yet", "Set `LOKI_STRIPE_API_KEY` and run `loki refresh`.")
        return
    if totals["troubled"]:
        st.warning(
            f"{totals['troubled']} streams ended their last pull with a gap or error; they stand first below."
        )
    streams = queries.streams(context.marts)
    elements.table(
        context,
        "Streams",
        streams,
        "streams",
        height=560,
        columns={
            "stream": columns.text("Stream", width="medium"),
            "last_status": columns.text("Last pull", "ok, gap or error."),
            "rows": columns.count("Rows"),
            "last_asked_at": columns.moment("Last pulled"),
            "last_observed_at": columns.moment("Last brought rows"),
            "complete_until": columns.moment("Complete until"),
            "gaps": columns.count("Gaps"),
            "quarantined": columns.count("Quarantined"),
        },
    )
