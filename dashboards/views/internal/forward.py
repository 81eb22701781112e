"""Forward: what is already certain to change MRR, and what trials are expected to bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import columns, elements, numbers
from dashboards.charts import billing as charts
from dashboards.charts import revenue
from dashboards.definitions import MEANINGS
from dashboards.elements import Figure
from dashboards.queries import billing as queries
from dashboards.queries.revenue import reporting_currency

if TYPE_CHECKING:
    import polars as pl

    from dashboards.context import Context

_NAMES = {
    "opening_mrr": "MRR at the end",
    "due_changes": "Changes due",
    "due_cancellations": "Cancellations due",
    "scheduled_changes": "Scheduled for later",
    "scheduled_cancellations": "Cancellations later",
    "committed_mrr": "Committed MRR",
    "committed_arr": "Committed ARR",
    "trial_mrr": "Trial MRR",
    "weighted_trial_mrr": "Trials, weighted",
}


def render(context: Context) -> None:
    """Show the page."""
    elements.header(
        context,
        "Forward",
        "MRR with all that is already scheduled, and trials weighted by how they convert.",
    )
    months = queries.committed(context.marts)
    currency = reporting_currency(context.marts)
    if months.is_empty():
        elements.nothing(
            "Nothing is scheduled", "Changes and cancellations appear here when Stripe has them scheduled."
        )
    else:
        _committed(context, months, currency)
    _usage(context)


def _committed(context: Context, months: pl.DataFrame, currency: str) -> None:
    row = queries.committed_until(context.marts)
    elements.figures(
        [
            Figure("Committed MRR", numbers.money(row["committed_mrr"], currency), meaning=MEANINGS["cmrr"]),
            Figure(
                "Committed ARR", numbers.money(row["committed_arr"], currency), meaning="12 × committed MRR."
            ),
            Figure("Scheduled changes", numbers.money(row["scheduled_changes"], currency)),
            Figure("Scheduled cancellations", numbers.money(row["scheduled_cancellations"], currency)),
            Figure(
                "Trials, weighted",
                numbers.money(row["weighted_trial_mrr"], currency),
                meaning="MRR of running trials × the measured conversion.",
            ),
        ]
    )
    steps = [
        ("ARR today", row["opening_arr"], True),
        ("Scheduled changes", row["arr_changes"], False),
        ("Cancellations", row["arr_cancellations"], False),
        ("Committed ARR", row["committed_arr"], True),
    ]
    elements.drawing(
        context,
        "ARR waterfall",
        revenue.waterfall(numbers.steps(steps, currency), currency),
        months,
        "arr-waterfall",
        meaning=MEANINGS["cmrr"],
    )
    shown = numbers.shown(months, list(_NAMES), currency)
    elements.drawing(
        context,
        "Committed MRR by month",
        charts.committed(shown, currency),
        months,
        "committed-mrr",
        meaning="With all scheduled by a month's end, whenever due. An asterisk marks months still to come.",
    )
    elements.table(
        context,
        "In numbers",
        shown,
        "committed-rows",
        numbers=months,
        columns={
            "month": columns.month("Month"),
            "is_forecast": columns.flag("To come"),
            **{name: columns.money(title, currency) for name, title in _NAMES.items()},
        },
    )


def _usage(context: Context) -> None:
    charges = queries.usage_charges(context.marts)
    st.subheader("Usage revenue", anchor=False, help="Metered and overage charges; beside MRR, never in it.")
    if charges.is_empty():
        elements.nothing("No usage charge", "Metered prices and overage appear here once they are invoiced.")
        return
    elements.table(
        context,
        "Charges by month",
        numbers.shown_by_row(charges, ["amount"]),
        "usage-charges",
        numbers=charges,
        columns={
            "month": columns.month("Month"),
            "kind": columns.text("Kind"),
            "currency": columns.text("Currency"),
            "amount": columns.amount("Amount"),
            "customers": columns.count("Customers"),
        },
    )
