"""Usage: what was used of each meter, by day and module, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import columns, elements
from dashboards.charts import shares as charts
from dashboards.charts.parts import PRIMARY
from dashboards.definitions import MEANINGS
from dashboards.queries import tenant as queries
from dashboards.views.tenant import parts

if TYPE_CHECKING:
    from dashboards.context import Context

_COUNTED = {"units": ("Units", PRIMARY)}


def render(context: Context) -> None:
    """Show the page."""
    elements.header(
        context, "Usage", "What you have used of your plan, day by day, and when a limit would be reached."
    )
    meters = queries.meters(context.marts)
    if not meters:
        elements.nothing("No usage yet", "It appears after your first call and the next refresh.")
        return
    quotas = queries.quotas(context.marts)
    with st.container(border=True):
        elements.title_row(context, "This period", quotas, "this-period", MEANINGS["use_percent"])
        for quota in quotas.iter_rows(named=True):
            parts.quota_line(quota)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        meter = st.segmented_control(
            "Meter",
            meters,
            default=meters[0],
            required=True,
            format_func=parts.meter_name,
            key="meter",
            label_visibility="collapsed",
        )
        days = parts.period()
    _chart(context, meter, days)
    modules = queries.usage_by_module(context.marts, meter, parts.today(context), days)
    if not modules.is_empty():
        elements.table(
            context,
            "By module and endpoint",
            modules,
            "usage-by-module",
            columns={
                "module": columns.text("Module"),
                "endpoint": columns.text("Endpoint", width="medium"),
                "requests": columns.count("Requests"),
                "units": columns.count(
                    "Units", "What counts against the quota; a batch counts its documents."
                ),
                "failed": columns.count("Failed"),
                "success_rate": columns.share("Success rate"),
            },
        )
    _past(context)


def _chart(context: Context, meter: str, days: int) -> None:
    usage = queries.usage_by_day(context.marts, meter, parts.today(context), days)
    elements.drawing(
        context,
        f"{parts.meter_name(meter)} by day",
        charts.counts_by_day(usage, "day", _COUNTED),
        usage,
        "usage-by-day",
        meaning="What counted against the quota on each day in UTC.",
    )


def _past(context: Context) -> None:
    past = queries.past_periods(context.marts)
    if past.is_empty():
        return
    elements.table(
        context,
        "Earlier periods",
        past,
        "earlier-periods",
        height=360,
        columns={
            "meter": columns.text("Meter"),
            "period_start": columns.moment("From"),
            "period_end": columns.moment("Until"),
            "used": columns.count("Used"),
            "quota": columns.count("Limit", "Empty: unlimited."),
            "use_percent": columns.level("Used, %", 100, MEANINGS["use_percent"]),
            "is_over_limit": columns.flag("Over the limit"),
        },
    )
