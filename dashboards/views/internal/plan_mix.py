"""The part of the revenue page that tells MRR by plan; each currency apart, for they cannot be summed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboards import columns, elements, numbers
from dashboards.charts import revenue as charts
from dashboards.definitions import MEANINGS
from dashboards.queries import revenue as queries

if TYPE_CHECKING:
    from datetime import date

    from dashboards.context import Context


def chart(context: Context, schema: str, preferred: str) -> None:
    """Draw MRR by month and plan in one currency: the preferred one where it has plans, or a chosen one."""
    plans = queries.plans(context.marts, schema)
    if plans.is_empty():
        elements.nothing("No plans yet", "Plans come from the prices and products of Stripe.")
        return
    currencies = sorted(set(plans["currency"]), key=lambda code: (code != preferred, code))
    currency = currencies[0]
    if len(currencies) > 1:
        currency = st.segmented_control(
            "Plans in",
            currencies,
            default=currency,
            required=True,
            key="plan_currency",
            label_visibility="collapsed",
        )
    own = plans.filter(pl.col("currency") == currency)
    elements.drawing(
        context,
        f"MRR by plan, {currency}",
        charts.stacked_by_month(numbers.shown(own, ["mrr"], currency), "plan", "mrr", currency),
        own,
        "mrr-by-plan",
        meaning="A plan's name is the price's metadata.plan, else the product's, else the product's name.",
    )


def table(context: Context, schema: str, month: date) -> None:
    """List a month's plans by billing interval and currency."""
    plans = queries.plans_of_month(context.marts, month, schema)
    elements.table(
        context,
        f"Plan mix, {numbers.month_name(month)}",
        numbers.shown_by_row(plans, ["mrr"]),
        "plan-mix",
        numbers=plans,
        columns={
            "plan": columns.text("Plan", width="medium"),
            "billing_interval": columns.text("Billed every"),
            "currency": columns.text("Currency"),
            "customers": columns.count("Customers"),
            "subscriptions": columns.count("Subscriptions"),
            "mrr": columns.amount("MRR", MEANINGS["closing_mrr"]),
            "share": columns.share("Share of MRR", "Within the currency."),
        },
    )
