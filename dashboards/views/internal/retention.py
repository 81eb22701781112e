"""Retention: what each month's new customers are worth today, and what was kept over a quarter and a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import columns, elements, numbers
from dashboards.charts import revenue as lines
from dashboards.charts import shares as charts
from dashboards.definitions import MEANINGS
from dashboards.queries import revenue as queries

if TYPE_CHECKING:
    from dashboards.context import Context

_WINDOWS = {"12 months": 12, "3 months": 3}
_RATES = {"net_revenue_retention": "NRR", "gross_revenue_retention": "GRR"}
_LOSSES = {"logo_churn_rate": "Customer churn", "gross_revenue_churn": "Gross revenue churn"}
_KEPT = {"Customers": "customer_share", "MRR": "mrr_share"}


def render(context: Context) -> None:
    """Show the page."""
    elements.header(
        context,
        "Retention cohorts",
        "Of the customers who first paid in a month: how many still pay, and how much.",
    )
    cohorts = queries.cohorts(context.marts)
    if cohorts.is_empty():
        elements.nothing("No cohort yet", "The first one appears with the first paying customer.")
        return
    kept = st.segmented_control("Kept", list(_KEPT), default="Customers", required=True, key="kept")
    spec = charts.cohorts(cohorts, _KEPT[kept])
    height = charts.cohorts_height(cohorts)
    elements.drawing(
        context,
        f"{kept} kept, in percent",
        spec,
        cohorts,
        "cohorts",
        meaning=MEANINGS["cohorts"],
        height=height,
    )
    currency = queries.reporting_currency(context.marts)
    elements.table(
        context,
        "Cohorts in numbers",
        numbers.shown(cohorts, ["mrr_at_start", "mrr_kept"], currency),
        "cohort-rows",
        numbers=cohorts,
        height=420,
        columns={
            "cohort_month": columns.month("Cohort"),
            "months_since": columns.count("Months since"),
            "customers_at_start": columns.count("Customers at start"),
            "customers_kept": columns.count("Customers kept"),
            "customer_share": columns.share("Kept"),
            "mrr_at_start": columns.money("MRR at start", currency),
            "mrr_kept": columns.money("MRR kept", currency),
            "mrr_share": columns.share("MRR kept, share"),
        },
    )
    _trailing(context)


def _trailing(context: Context) -> None:
    """Show what became, over a window, of the customers who paid at its start."""
    length = st.segmented_control("Window", list(_WINDOWS), default="12 months", required=True, key="window")
    months = queries.trailing(context.marts, _WINDOWS[length])
    if months.is_empty():
        elements.nothing("No window yet", f"The first one appears once there are {length} of revenue.")
        return
    left, right = st.columns(2)
    with left:
        elements.drawing(
            context,
            f"Retention over {length}",
            lines.rates_by_month(months, _RATES),
            months,
            "trailing-retention",
            meaning=MEANINGS["trailing"],
        )
    with right:
        elements.drawing(
            context,
            f"Churn over {length}",
            lines.rates_by_month(months, _LOSSES),
            months.select("month", "window_months", *_LOSSES),
            "trailing-churn",
            meaning=MEANINGS["trailing"],
        )
