"""Why do we differ: the gap between our MRR and what another tool's rules would show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboards import columns, elements, numbers
from dashboards.charts import revenue as charts
from dashboards.queries import differences as queries
from dashboards.queries import revenue

if TYPE_CHECKING:
    from datetime import date

    from dashboards.context import Context

_AMOUNTS = ["configured_mrr", "other_mrr", "gap"]
_WHOSE = {"customer_id": columns.text("Customer"), "tenant_id": columns.text("Tenant")}


def render(context: Context) -> None:
    """Show the page."""
    elements.header(
        context,
        "Why do we differ",
        "Tools count MRR by different rules. Here is the gap to another one's, rule by rule and customer by "
        "customer.",
    )
    beside = {
        name: schema
        for name, schema in revenue.schemas(context.marts).items()
        if schema != revenue.CONFIGURED
    }
    if not beside:
        elements.nothing(
            "No other policy in this build",
            "Build one beside: `loki rebuild --policy stripe`.",
            ":material/difference:",
        )
        return
    policy = st.segmented_control(
        "Compare with", list(beside), default=next(iter(beside)), required=True, key="policy"
    )
    months = queries.by_month(context.marts, beside[policy])
    currency = revenue.reporting_currency(context.marts)
    elements.drawing(
        context,
        f"MRR: ours and {elements.plain(policy)}",
        charts.compared(numbers.shown(months, _AMOUNTS, currency), policy, currency),
        months,
        "policy-gap",
        meaning="The gap is the other policy's MRR − ours.",
    )
    newest_first = list(months["month"].sort(descending=True))
    month = st.selectbox("Month", newest_first, format_func=numbers.month_name, key="month", width=200)
    gap = months.filter(pl.col("month") == month)["gap"][0]
    found = queries.by_customer(context.marts, beside[policy], month)
    if found.is_empty():
        elements.nothing(
            "No difference",
            "Every customer has the same MRR by both policies in this month.",
            ":material/verified:",
        )
        return
    _switches(context, policy, month)
    total = elements.plain(numbers.money(gap, currency))
    elements.table(
        context,
        f"{numbers.several(found.height, 'customer')} behind the gap of {total}",
        numbers.shown_by_row(found, _AMOUNTS),
        "gap-by-customer",
        numbers=found,
        columns={
            **_WHOSE,
            "currency": columns.text("Currency"),
            "configured_mrr": columns.amount("Ours"),
            "other_mrr": columns.amount("Theirs"),
            "gap": columns.amount("Gap"),
        },
    )


def _switches(context: Context, policy: str, month: date) -> None:
    """Show which rules the gap comes from, and whose amounts a chosen one changes."""
    start = str(context.build.facts.get("policy") or "default")
    shares = queries.by_switch(context.marts, start, policy, month)
    chosen = elements.table(
        context,
        "Which rules the gap comes from",
        numbers.shown_by_row(shares, ["gap"]),
        "gap-by-switch",
        numbers=shares,
        selectable=True,
        meaning="One rule after the other is turned from ours to theirs; what that changes is its share. "
        "Choose a rule to see its customers.",
        columns={
            "switch": columns.text("Rule"),
            "from_value": columns.text("Ours"),
            "to_value": columns.text("Theirs"),
            "customers": columns.count("Customers"),
            "gap": columns.amount("Gap"),
            "currency": columns.text("Currency"),
        },
    )
    if chosen is None:
        return
    switch = shares["switch"][chosen]
    found = queries.shares(context.marts, start, policy, month, switch)
    elements.table(
        context,
        f"Whose MRR {elements.plain(switch)} changes",
        numbers.shown_by_row(found, ["gap"]),
        "gap-shares",
        numbers=found,
        columns={
            **_WHOSE,
            "switch": columns.text("Rule"),
            "gap": columns.amount("Gap"),
            "currency": columns.text("Currency"),
        },
    )
