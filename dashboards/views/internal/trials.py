"""Trials and dunning: how many trials convert, and what failed payments cost us."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import columns, elements, numbers
from dashboards.charts import billing as charts
from dashboards.definitions import MEANINGS
from dashboards.elements import Figure
from dashboards.queries import billing as queries

if TYPE_CHECKING:
    from dashboards.context import Context
    from dashboards.marts import Row

_STATES = ["at_risk", "recovered", "lost", "credited"]
_AMOUNTS = ["amount_due", "recovered_amount", "lost_amount", "at_risk_amount", "mrr_at_risk"]
_OUTCOMES = ["recovered", "lost", "at_risk"]


def render(context: Context) -> None:
    """Show the page."""
    elements.header(
        context,
        "Trials & dunning",
        "How many trials become customers, and what became of payments that failed.",
    )
    _trials(context)
    totals = queries.dunning_totals(context.marts)
    if totals.is_empty():
        elements.nothing(
            "No failed payment", "No invoice's payment has failed so far.", ":material/verified:"
        )
        return
    currencies = list(totals["currency"])
    currency = currencies[0]
    if len(currencies) > 1:
        currency = st.segmented_control(
            "Currency", currencies, default=currency, required=True, key="currency"
        )
    _dunning_figures(totals.row(currencies.index(currency), named=True))
    left, right = st.columns(2)
    with left:
        attempts = queries.dunning_by_attempt(context.marts, currency)
        shown = numbers.shown(attempts, _OUTCOMES, currency)
        elements.drawing(
            context,
            "Outcome by attempts",
            charts.outcomes(shown, currency),
            attempts,
            "dunning-by-attempt",
            meaning="What became of the amount, by how often payment was tried.",
        )
    with right:
        _ages(context, currency)
    _invoices(context)


def _ages(context: Context, currency: str) -> None:
    ages = queries.dunning_by_age(context.marts, currency)
    if ages.is_empty():
        elements.nothing(
            "Nothing is at risk", "Every failed invoice was paid or given up.", ":material/verified:"
        )
        return
    elements.drawing(
        context,
        "At risk by age",
        charts.ages(numbers.shown(ages, ["at_risk"], currency), currency),
        ages,
        "dunning-by-age",
        meaning="Open amounts by days since the first failure.",
    )


def _trials(context: Context) -> None:
    trials = queries.trials(context.marts)
    if trials.is_empty():
        elements.nothing("No trial has ended", "Trials appear here with the month in which they end.")
        return
    total = queries.trial_totals(context.marts)
    elements.figures(
        [
            Figure("Trials ended", numbers.count(total["ended"])),
            Figure("Converted", numbers.count(total["converted"]), meaning="Their first invoice was paid."),
            Figure(
                "Conversion", numbers.percent(total["conversion_rate"]), meaning=MEANINGS["trial_conversion"]
            ),
        ]
    )
    elements.drawing(
        context,
        "Trials by month of their end",
        charts.trials(trials),
        trials,
        "trials",
        meaning=MEANINGS["trial_conversion"],
    )


def _dunning_figures(total: Row) -> None:
    currency = total["currency"]
    elements.figures(
        [
            Figure(
                "Failed",
                numbers.money(total["failed"], currency),
                meaning="Amounts due of invoices whose payment failed.",
            ),
            Figure("Recovered", numbers.money(total["recovered"], currency)),
            Figure("Lost", numbers.money(total["lost"], currency)),
            Figure(
                "At risk now", numbers.money(total["at_risk"], currency), meaning="Still open, still tried."
            ),
            Figure("MRR at risk", numbers.money(total["mrr_at_risk"], currency)),
            Figure("Recovery rate", numbers.percent(total["recovery_rate"]), meaning="Recovered ÷ failed."),
        ]
    )


def _invoices(context: Context) -> None:
    states = st.multiselect(
        "State",
        _STATES,
        key="states",
        placeholder="Any",
        format_func=lambda state: state.replace("_", " "),
        width=420,
    )
    found = queries.dunning(context.marts, states)
    if found.is_empty():
        elements.nothing("No invoice fits", "Take a filter away.", ":material/filter_alt_off:")
        return
    elements.table(
        context,
        numbers.several(found.height, "invoice"),
        numbers.shown_by_row(found, _AMOUNTS),
        "dunning-invoices",
        numbers=found,
        columns={
            "invoice_id": columns.text("Invoice"),
            "customer_id": columns.text("Customer"),
            "tenant_id": columns.text("Tenant"),
            "state": columns.text("State"),
            "attempts": columns.count("Attempts"),
            "age_days": columns.count("Age, days"),
            "currency": columns.text("Currency"),
            "amount_due": columns.amount("Due"),
            "recovered_amount": columns.amount("Recovered"),
            "lost_amount": columns.amount("Lost"),
            "at_risk_amount": columns.amount("At risk"),
            "mrr_at_risk": columns.amount("MRR at risk"),
            "first_failed_at": columns.moment("First failed"),
            "last_failed_at": columns.moment("Last failed"),
        },
    )
