"""Reconciliation: from MRR to what was invoiced to what was collected, item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import columns, elements, numbers
from dashboards.charts import revenue as charts
from dashboards.definitions import MEANINGS
from dashboards.queries import billing as queries

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    import polars as pl

    from dashboards.context import Context

_TOTALS = {"mrr": "MRR", "invoiced": "Invoiced", "collected": "Collected"}


def render(context: Context) -> None:
    """Show the page."""
    elements.header(
        context,
        "Reconciliation",
        "Why the money that came in is not the MRR: every item between the two, to the invoice line.",
    )
    months = queries.bridge_months(context.marts)
    if not months:
        elements.nothing(
            "No bridge yet", "It appears once a month with invoices has been pulled from Stripe."
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        month = st.selectbox("Month", months, format_func=numbers.month_name, key="month", width=200)
        currencies = queries.bridge_currencies(context.marts, month)
        currency = st.selectbox("Currency", currencies, key="currency", width=140)
    bridge = queries.bridge(context.marts, month, currency)
    steps = [
        (_name(row["item"]), row["amount"], row["item"] in _TOTALS) for row in bridge.iter_rows(named=True)
    ]
    elements.drawing(
        context,
        f"From MRR to collected, {numbers.month_name(month)}",
        charts.waterfall(numbers.steps(steps, currency), currency),
        bridge,
        "bridge",
        meaning=MEANINGS["bridge"],
        height=400,
    )
    _left_over(queries.left_over(context.marts, month, currency), currency)
    _items(context, bridge, month, currency)


def _left_over(amount: Decimal, currency: str) -> None:
    if amount:
        missing = elements.plain(numbers.money(amount, currency))
        remedy = "choose its item below for the invoices."
        st.warning(f"{missing} is unexplained: {remedy}", icon=":material/error:")
    else:
        st.success("Every amount is explained; nothing is left over.", icon=":material/verified:")


def _items(context: Context, bridge: pl.DataFrame, month: date, currency: str) -> None:
    chosen = elements.table(
        context,
        "Items",
        numbers.shown(bridge, ["amount"], currency),
        "bridge-items",
        numbers=bridge,
        selectable=True,
        meaning="Choose an item to see its customers and invoice lines.",
        columns={
            "item": columns.text("Item", width="medium"),
            "stage": columns.text("Stage"),
            "amount": columns.money("Amount", currency),
            "customers": columns.count("Customers"),
        },
    )
    if chosen is None:
        return
    item = bridge["item"][chosen]
    rows = queries.bridge_rows(context.marts, month, currency, item)
    elements.table(
        context,
        f"Behind {elements.plain(_name(item))}",
        numbers.shown(rows, ["amount"], currency),
        "bridge-rows",
        numbers=rows,
        columns={
            "customer_id": columns.text("Customer"),
            "tenant_id": columns.text("Tenant"),
            "amount": columns.money("Amount", currency),
            "invoice_ids": columns.words("Invoices"),
            "invoice_line_ids": columns.words("Invoice lines"),
        },
    )


def _name(item: str) -> str:
    return _TOTALS.get(item) or item.replace("_", " ").capitalize()
