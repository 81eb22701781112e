"""Health: what endangers a tenant's subscription, and the MRR behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import columns, elements, numbers
from dashboards.charts import shares as charts
from dashboards.charts.parts import BAD
from dashboards.definitions import MEANINGS
from dashboards.elements import Figure
from dashboards.queries import growth as queries

if TYPE_CHECKING:
    from dashboards.context import Context


def render(context: Context) -> None:
    """Show the page."""
    elements.header(
        context, "Health", "Tenants whose subscription is in danger, with the reasons and the MRR at risk."
    )
    totals = queries.health_totals(context.marts)
    if not totals.get("tenants"):
        elements.nothing(
            "No tenant yet", "Create one with `loki tenants create`; its health comes with the next refresh."
        )
        return
    currency = str(totals["currency"] or "GBP").upper()
    elements.figures(
        [
            Figure(
                "MRR at risk", numbers.money(totals["mrr_at_risk"], currency), meaning=MEANINGS["mrr_at_risk"]
            ),
            Figure(
                "Share of MRR", numbers.percent(totals["share"]), meaning="MRR at risk ÷ MRR of all tenants."
            ),
            Figure("Tenants at risk", numbers.count(totals["at_risk"])),
            Figure("Average health", numbers.count(totals["health"]), meaning=MEANINGS["health"]),
        ]
    )
    risks = queries.risks(context.marts)
    if not risks.is_empty():
        drawn = numbers.shown(risks, ["mrr"], currency)
        names = [risk.replace("_", " ") for risk in risks["risk"]]
        elements.drawing(
            context,
            "MRR behind each risk",
            charts.ranking(names, list(drawn["mrr"]), numbers.money_format(currency), BAD),
            risks,
            "risks",
            meaning="A tenant with two risks counts in both.",
            height=260,
        )
    wanted = st.multiselect(
        "Risks",
        list(risks["risk"]),
        key="risks",
        placeholder="Any",
        format_func=lambda risk: risk.replace("_", " "),
        width=520,
    )
    _list(context, wanted, currency)


def _list(context: Context, wanted: list[str], currency: str) -> None:
    found = queries.health(context.marts, wanted)
    elements.table(
        context,
        numbers.several(found.height, "tenant"),
        numbers.shown(found, ["mrr", "mrr_at_risk"], currency),
        "health",
        numbers=found,
        height=520,
        columns={
            "name": columns.text("Tenant", width="medium"),
            "plan": columns.text("Plan"),
            "health": columns.level("Health", 100, MEANINGS["health"], "%.0f"),
            "mrr": columns.money("MRR", currency),
            "mrr_at_risk": columns.money("At risk", currency, MEANINGS["mrr_at_risk"]),
            "risks": columns.words("Risks"),
            "reasons": columns.words("Reasons"),
            "tenant_id": columns.text("Tenant id"),
        },
    )
