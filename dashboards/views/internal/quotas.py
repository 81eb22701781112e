"""Quota use: who is close to a limit now, and when it will be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import columns, elements, numbers
from dashboards.charts import shares as charts
from dashboards.definitions import MEANINGS
from dashboards.queries import growth as queries

if TYPE_CHECKING:
    from dashboards.context import Context

_METERS = {
    "api_calls": "API calls",
    "conversations": "Conversations",
    "storage_gb": "Storage, GB",
    "users": "Users",
}


def render(context: Context) -> None:
    """Show the page."""
    elements.header(
        context,
        "Quota use",
        "Who is close to a limit in the running period, and when it is forecast to be reached.",
    )
    meters = queries.meters(context.marts)
    if not meters:
        elements.nothing("No usage yet", "It appears after a tenant's first call and the next refresh.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        meter = st.segmented_control(
            "Meter",
            meters,
            default=meters[0],
            required=True,
            format_func=lambda name: _METERS.get(name, name),
            key="meter",
        )
        at_least = st.slider("At least, % of the limit", 0, 100, 0, 5, key="at_least", width=320)
    bands = queries.quota_bands(context.marts, meter)
    elements.drawing(
        context,
        "Tenants by use of their limit",
        charts.ranking(list(bands["band"]), list(bands["tenants"]), "%,d tenants"),
        bands,
        "quota-bands",
        meaning=MEANINGS["use_percent"],
        height=240,
    )
    found = queries.quotas(context.marts, meter, at_least)
    if found.is_empty():
        elements.nothing("No tenant that far", "Lower the percentage.", ":material/filter_alt_off:")
        return
    elements.table(
        context,
        numbers.several(found.height, "tenant"),
        found,
        "quota-use",
        height=560,
        columns={
            "name": columns.text("Tenant", width="medium"),
            "plan": columns.text("Plan"),
            "used": columns.count("Used"),
            "quota": columns.count("Limit", "Empty: unlimited."),
            "use_percent": columns.level("Used, %", 100, MEANINGS["use_percent"]),
            "forecast_used": columns.count("Forecast", "Expected at the end of the period."),
            "forecast_percent": columns.level("Forecast, %", 100),
            "exhausted_on": columns.day("Used up on", MEANINGS["exhausted_on"]),
            "exhausted_on_low": columns.day("Earliest"),
            "exhausted_on_high": columns.day("Latest"),
            "period_end": columns.moment("Period ends"),
            "tenant_id": columns.text("Tenant id"),
        },
    )
