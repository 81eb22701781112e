"""Evidence for SOC 2: what the platform can prove of itself, to look at and to take away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from dashboards import columns, elements, numbers
from dashboards.queries import trail as queries
from dashboards.session import api_address

if TYPE_CHECKING:
    from dashboards.context import Context

_QUARTER = timedelta(days=91)


def show(context: Context) -> None:
    """Show the records from a day on, by kind, and where they are had."""
    today = context.now.date()
    since = st.date_input("From", today - _QUARTER, max_value=today, key="evidence-since", width=220)
    found = queries.evidence(context.live.control, since)
    kinds = queries.kinds(found)
    elements.table(
        context,
        "Evidence by kind",
        kinds,
        "evidence-kinds",
        meaning="Criteria of the AICPA's Trust Services. An access review is of today.",
        columns={
            "criterion": columns.text("Criterion"),
            "kind": columns.text("Kind", width="medium"),
            "records": columns.count("Records"),
            "newest": columns.moment("Newest"),
        },
    )
    chosen = st.multiselect("Kinds", list(kinds["kind"]), placeholder="All", key="evidence-chosen", width=520)
    shown = queries.of_kinds(found, chosen)
    elements.table(
        context,
        numbers.several(shown.height, "record"),
        shown,
        "soc2-evidence",
        columns={
            "criterion": columns.text("Criterion"),
            "kind": columns.text("Kind"),
            "at": columns.moment("At"),
            "tenant": columns.text("Tenant"),
            "subject": columns.text("Who", width="medium"),
            "action": columns.text("Did"),
            "facts": columns.text("Facts", width="large"),
        },
    )
    query = urlencode({"since": f"{since}T00:00:00Z"})
    elements.leave(
        "Download all as NDJSON", f"{api_address(context.live.settings)}/v1/audit/evidence?{query}"
    )
