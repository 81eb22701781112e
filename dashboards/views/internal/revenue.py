"""Revenue: the headline of a month, what moved it, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboards import elements, numbers
from dashboards.charts import revenue as charts
from dashboards.charts.parts import NAMES
from dashboards.definitions import MEANINGS
from dashboards.elements import Figure
from dashboards.queries import revenue as queries
from dashboards.views.internal import plan_mix

if TYPE_CHECKING:
    from datetime import date

    from dashboards.context import Context
    from dashboards.marts import Row

_AMOUNTS = [
    "opening_mrr",
    "new",
    "expansion",
    "contraction",
    "churn",
    "reactivation",
    "fx",
    "closing_mrr",
    "arr",
]
_RATES = {"net_revenue_retention": "NRR", "gross_revenue_retention": "GRR"}
_LOSSES = {"logo_churn_rate": "Customer churn", "gross_revenue_churn": "Gross revenue churn"}


def render(context: Context) -> None:
    """Show the page."""
    elements.header(context, "Revenue", "What we earn every month, what changed it, and on which plans.")
    chosen_month = st.container(horizontal=True, vertical_alignment="bottom")
    with chosen_month:
        schema, constant = _choices(context)
    months = queries.months(context.marts, schema, constant=constant)
    if months.is_empty():
        elements.nothing(
            "No revenue yet", "It appears once Stripe has a subscription and `loki refresh` has run."
        )
        return
    currency = queries.reporting_currency(context.marts)
    with chosen_month:
        month = _month(list(months["month"]))
    shown = numbers.shown(months, _AMOUNTS, currency)
    until = shown.filter(pl.col("month") <= month)
    _headline(queries.headline(context.marts, month, schema, constant=constant), currency, until)
    _incomplete(months)
    _month_bridge(context, until.row(-1, named=True), months.filter(pl.col("month") == month), currency)
    recent = shown.tail(24)
    exact = months.tail(24)
    elements.drawing(
        context,
        "What moved MRR",
        charts.movements_by_month(recent, currency),
        exact,
        "mrr-movements-by-month",
        meaning="Gains above the line, losses below; the grey line is the closing balance.",
    )
    elements.drawing(
        context,
        "MRR over time",
        charts.balance_by_month(shown, currency),
        months,
        "mrr-by-month",
        meaning=MEANINGS["closing_mrr"],
    )
    _rates(context, exact)
    plan_mix.chart(context, schema, currency)
    plan_mix.table(context, schema, month)


def _rates(context: Context, months: pl.DataFrame) -> None:
    left, right = st.columns(2)
    with left:
        elements.drawing(
            context,
            "Retention",
            charts.rates_by_month(months, _RATES),
            months.select("month", *_RATES),
            "retention-by-month",
            meaning=f"NRR: {MEANINGS['net_revenue_retention']}",
        )
    with right:
        elements.drawing(
            context,
            "Churn",
            charts.rates_by_month(months, _LOSSES),
            months.select("month", *_LOSSES),
            "churn-by-month",
            meaning=MEANINGS["gross_revenue_churn"],
        )


def _choices(context: Context) -> tuple[str, bool]:
    """Return the schema and whether in constant currency, as chosen above the numbers."""
    schemas = queries.schemas(context.marts)
    rates = st.segmented_control(
        "Exchange rates",
        ["As booked", "Constant"],
        default="As booked",
        required=True,
        key="rates",
        help="As booked: the rate of the day of each movement, with an fx row per month. "
        "Constant: one rate for the whole report.",
    )
    policy = "configured"
    if len(schemas) > 1:
        policy = st.selectbox("Policy", list(schemas), key="policy", width=200)
    return schemas[policy], rates == "Constant"


def _month(months: list[date]) -> date:
    newest_first = list(reversed(months))
    return st.selectbox("Month", newest_first, format_func=numbers.month_name, key="month", width=200)


def _headline(row: Row, currency: str, until: pl.DataFrame) -> None:
    def amount(name: str, label: str) -> Figure:
        change = numbers.signed_money(row.get(f"{name}_change"), currency)
        return Figure(
            label, numbers.money(row.get(name), currency), change, MEANINGS[name], trend=trend(name)
        )

    def trend(name: str) -> list[float]:
        return list(until[name].tail(12).drop_nulls().cast(pl.Float64))

    def fraction(name: str, label: str, *, up_is_good: bool = True) -> Figure:
        change = numbers.points(row.get(f"{name}_change"))
        return Figure(label, numbers.percent(row.get(name)), change, MEANINGS[name], up_is_good)

    def whole(name: str, label: str) -> Figure:
        change = numbers.signed_count(row.get(f"{name}_change"))
        return Figure(label, numbers.count(row.get(name)), change, MEANINGS[name], trend=trend(name))

    elements.figures(
        [
            amount("closing_mrr", "MRR"),
            amount("arr", "ARR"),
            amount("arpu", "ARPU"),
            amount("arpu_per_subscription", "ARPU a subscription"),
            whole("paying_customers", "Paying customers"),
            amount("ltv", "Lifetime value"),
        ]
    )
    elements.figures(
        [
            fraction("growth_rate", "Growth"),
            fraction("net_revenue_retention", "NRR"),
            fraction("gross_revenue_retention", "GRR"),
            fraction("logo_churn_rate", "Logo churn", up_is_good=False),
            fraction("gross_revenue_churn", "MRR churn", up_is_good=False),
            Figure("Quick ratio", numbers.ratio(row.get("quick_ratio")), None, MEANINGS["quick_ratio"]),
        ]
    )
    st.caption("Changes are against the month before.")


def _incomplete(months: pl.DataFrame) -> None:
    open_months = [numbers.month_name(month) for month in months.filter(~pl.col("is_complete"))["month"]]
    if open_months:
        names = ", ".join(open_months[-6:])
        st.caption(
            f":material/flag: Not complete (marked *): {names}. A running month counts up to now; "
            "an earlier one has a known gap in its data, listed under Data quality."
        )


def _month_bridge(context: Context, month: Row, exact: pl.DataFrame, currency: str) -> None:
    steps = [("Opening", month["opening_mrr"], True)]
    steps += [
        (NAMES[kind], month[kind], False)
        for kind in ("new", "expansion", "reactivation", "fx", "contraction", "churn")
    ]
    steps.append(("Closing", month["closing_mrr"], True))
    elements.drawing(
        context,
        f"MRR waterfall, {numbers.month_name(month['month'])}",
        charts.waterfall(steps, currency),
        exact,
        "mrr-waterfall",
        meaning="Opening + all movements = closing, exactly.",
    )
