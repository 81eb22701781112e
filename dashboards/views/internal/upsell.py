"""Upsell: which tenants are ready for their next plan, why, and what it is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboards import audit, columns, elements, numbers
from dashboards.charts import shares as charts
from dashboards.definitions import MEANINGS
from dashboards.elements import Figure
from dashboards.queries import growth as queries

if TYPE_CHECKING:
    import polars as pl

    from dashboards.context import Context

_AMOUNTS = ["potential_additional_mrr", "expected_additional_mrr"]


def render(context: Context) -> None:
    """Show the page."""
    elements.header(
        context,
        "Upsell",
        "Tenants ready for their next plan, ranked by what an upgrade is expected to bring.",
    )
    totals = queries.upsell_totals(context.marts)
    if not totals.get("scored"):
        elements.nothing(
            "No tenant is scored yet",
            "Scores come with the first refresh after a tenant exists: `loki tenants create`.",
        )
        return
    currency = str(totals["currency"] or "GBP").upper()
    _figures(totals, currency)
    left, right = st.columns([1, 1])
    found = _filtered(context, totals)
    signals = queries.signals(context.marts)
    with left:
        elements.drawing(
            context,
            "Signals",
            charts.ranking(_words(signals["signal"]), list(signals["tenants"]), "%,d tenants"),
            signals,
            "upsell-signals",
            meaning=MEANINGS["signals"],
            height=240,
        )
    with right:
        _prospects(context, found, currency)
    if found.is_empty():
        elements.nothing("No tenant fits", "Take a filter away.", ":material/filter_alt_off:")
        return
    chosen = _list(context, found, currency)
    if chosen is not None:
        tenant = found.row(chosen, named=True)
        audit.looked_into(context, tenant["tenant_id"], "upsell")
        _why(tenant, currency)


def _figures(totals: dict[str, Any], currency: str) -> None:
    elements.figures(
        [
            Figure(
                "Tenants with a signal", numbers.count(totals["with_signals"]), meaning=MEANINGS["signals"]
            ),
            Figure("Tenants scored", numbers.count(totals["scored"])),
            Figure(
                "Potential MRR",
                numbers.money(totals["potential"], currency),
                meaning=f"Over tenants with a signal. {MEANINGS['potential_additional_mrr']}",
            ),
            Figure(
                "Expected MRR",
                numbers.money(totals["expected"], currency),
                meaning=MEANINGS["expected_additional_mrr"],
            ),
        ]
    )


def _filtered(context: Context, totals: dict[str, Any]) -> pl.DataFrame:
    with st.container(horizontal=True):
        signals = st.multiselect(
            "Signals", totals["signals"], key="signals", placeholder="Any", format_func=_word, width=420
        )
        plans = st.multiselect("Present plan", totals["plans"], key="plans", placeholder="Any", width=320)
    return queries.upsell(context.marts, signals, plans)


def _prospects(context: Context, found: pl.DataFrame, currency: str) -> None:
    """Draw the best by expected MRR; with too little history for a probability, by potential MRR."""
    is_learned = found["expected_additional_mrr"].null_count() < found.height
    worth = "expected_additional_mrr" if is_learned else "potential_additional_mrr"
    best = found.drop_nulls(worth).head(8)
    shown = numbers.shown(best, _AMOUNTS, currency)
    names = list(shown["name"].fill_null(shown["tenant_id"]))
    elements.drawing(
        context,
        f"Best prospects by {'expected' if is_learned else 'potential'} MRR",
        charts.ranking(names, list(shown[worth]), numbers.money_format(currency)),
        best,
        "upsell-prospects",
        meaning=MEANINGS[worth],
        height=240,
    )


def _list(context: Context, found: pl.DataFrame, currency: str) -> int | None:
    return elements.table(
        context,
        numbers.several(found.height, "tenant"),
        numbers.shown(found, _AMOUNTS, currency),
        "upsell",
        numbers=found,
        selectable=True,
        height=520,
        meaning="Choose a row to read all its reasons.",
        columns={
            "rank": columns.count("Rank"),
            "name": columns.text("Tenant", width="medium"),
            "plan": columns.text("Plan"),
            "recommended_plan": columns.text("Next plan"),
            "signals": columns.words("Signals", MEANINGS["signals"]),
            "engagement_score": columns.level("Engagement", 100, MEANINGS["engagement_score"], "%.0f"),
            "upgrade_probability": columns.share("Probability", MEANINGS["upgrade_probability"]),
            "potential_additional_mrr": columns.money(
                "Potential", currency, MEANINGS["potential_additional_mrr"]
            ),
            "expected_additional_mrr": columns.money(
                "Expected", currency, MEANINGS["expected_additional_mrr"]
            ),
            "reasons": columns.words("Reasons"),
            "tenant_id": columns.text("Tenant id"),
        },
    )


def _why(tenant: dict[str, Any], currency: str) -> None:
    with st.container(border=True):
        name = elements.plain(tenant["name"] or tenant["tenant_id"])
        st.subheader(f"Why {name}", anchor=False)
        plan, following = (
            elements.plain(tenant["plan"]),
            elements.plain(tenant["recommended_plan"] or "top plan"),
        )
        worth = elements.plain(numbers.money(tenant["potential_additional_mrr"], currency))
        st.markdown(f"{plan} → {following} · {worth} more a month")
        for reason in tenant["reasons"]:
            st.markdown(f"- {elements.plain(reason)}")


def _word(signal: str) -> str:
    return signal.replace("_", " ")


def _words(signals: pl.Series) -> list[str]:
    return [_word(signal) for signal in signals]
