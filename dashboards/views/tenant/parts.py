"""What the tenant pages share: the period looked at, a quota's line, the columns of a validation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboards import columns, numbers

if TYPE_CHECKING:
    from datetime import date

    from dashboards.context import Context
    from dashboards.marts import Row

METERS = {
    "api_calls": "API calls",
    "conversations": "Conversations",
    "storage_gb": "Storage, GB",
    "users": "Users",
}
_ENOUGH = 10  # validations; with fewer a trend says nothing
_PERIODS = {"30 days": 30, "90 days": 90, "1 year": 365}
RUN_COLUMNS = {
    "created_at": columns.moment("Validated at"),
    "document_type": columns.text("Document"),
    "status": columns.text("Result"),
    "modules": columns.words("Modules"),
}


def period(runs: Row | None = None) -> int:
    """Return the days to look back, as chosen; at first the shortest period with enough to see.

    Args:
        runs: How many validations there are in each period; None takes the shortest.
    """
    told = runs or {"days_30": _ENOUGH}
    first = next(
        (name for name, days in _PERIODS.items() if told.get(f"days_{days}", 0) >= _ENOUGH), "1 year"
    )
    chosen = st.segmented_control(
        "Period", list(_PERIODS), default=first, required=True, key="period", label_visibility="collapsed"
    )
    return _PERIODS[chosen]


def today(context: Context) -> date:
    """Return the last day that the build knows of."""
    return context.build.built_at.date()


def meter_name(meter: str) -> str:
    """Return what a meter is called."""
    return METERS.get(meter, meter.replace("_", " "))


def quota_line(quota: dict[str, Any]) -> None:
    """Show how much of one quota is used, and when it runs out."""
    name = meter_name(quota["meter"])
    if quota["quota"] is None:
        st.markdown(f"**{name}** · {numbers.count(quota['used'])} used, unlimited")
        return
    used = f"{numbers.count(quota['used'])} of {numbers.count(quota['quota'])}"
    st.progress(
        numbers.bar(quota["use_percent"]),
        f"**{name}** · {used} ({numbers.whole_percent(quota['use_percent'])})",
    )
    if quota["is_over_limit"]:
        st.caption(
            f":red[:material/error: Used up; a new period begins on {numbers.moment(quota['period_end'])}.]"
        )
    elif quota["exhausted_on"]:
        st.caption(
            f":orange[:material/warning: Forecast to be used up on {numbers.day(quota['exhausted_on'])}"
            f"{_bounds(quota)}.]"
        )


def _bounds(quota: dict[str, Any]) -> str:
    if not quota["exhausted_on_low"]:
        return ""
    latest = numbers.day(quota["exhausted_on_high"]) if quota["exhausted_on_high"] else "not at all"
    return f", at the earliest on {numbers.day(quota['exhausted_on_low'])}, at the latest {latest}"
