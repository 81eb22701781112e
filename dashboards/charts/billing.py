"""Drawings of trials, failed payments and committed revenue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.charts.parts import (
    ACCENT,
    BAD,
    GOOD,
    NEUTRAL,
    PRIMARY,
    Spec,
    as_percent,
    axis_tooltip,
    bar,
    categories,
    fractions,
    grid,
    legend,
    line,
    month_labels,
    values,
)
from dashboards.numbers import money_format

if TYPE_CHECKING:
    import polars as pl


def trials(months: pl.DataFrame) -> Spec:
    """Return trials that ended and converted as bars, the conversion rate as a line."""
    rate = line("Conversion, %", as_percent(list(months["conversion_rate"])), GOOD, yAxisIndex=1)
    return {
        "legend": legend(),
        "tooltip": axis_tooltip("localized"),
        "grid": grid(),
        "xAxis": categories(month_labels(list(months["month"]))),
        "yAxis": [values(minInterval=1), fractions(min=0, max=100, splitLine={"show": False})],
        "series": [
            bar("Ended", list(months["trials_ended"]), NEUTRAL),
            bar("Converted", list(months["trials_converted"]), PRIMARY),
            rate,
        ],
    }


def outcomes(attempts: pl.DataFrame, currency: str) -> Spec:
    """Return recovered, lost and open amounts by the number of attempts."""
    colours = {"recovered": ("Recovered", GOOD), "lost": ("Lost", BAD), "at_risk": ("At risk", ACCENT)}
    names = [f"{number} attempt{'' if number == 1 else 's'}" for number in attempts["attempts"]]
    return {
        "legend": legend(),
        "tooltip": axis_tooltip(money_format(currency)),
        "grid": grid(),
        "xAxis": categories(names),
        "yAxis": values(),
        "series": [
            bar(name, list(attempts[column]), colour, stack="outcome")
            for column, (name, colour) in colours.items()
        ],
    }


def ages(frame: pl.DataFrame, currency: str) -> Spec:
    """Return open amounts by age."""
    return {
        "tooltip": axis_tooltip(money_format(currency)),
        "grid": grid(top=16),
        "xAxis": categories(list(frame["age"])),
        "yAxis": values(),
        "series": [bar("At risk", list(frame["at_risk"]), ACCENT)],
    }


def committed(months: pl.DataFrame, currency: str) -> Spec:
    """Return MRR by month with what falls due, expected trials on top, and committed MRR."""
    return {
        "legend": legend(),
        "tooltip": axis_tooltip(money_format(currency)),
        "grid": grid(),
        "xAxis": categories(
            month_labels(list(months["month"]), [not ahead for ahead in months["is_forecast"]])
        ),
        "yAxis": values(),
        "series": [
            bar("MRR at the end", list(months["opening_mrr"]), PRIMARY, stack="mrr"),
            bar("Trials, weighted", list(months["weighted_trial_mrr"]), "#90CAF9", stack="mrr"),
            bar("Changes due", list(months["due_changes"]), GOOD, stack="changes"),
            bar("Cancellations due", list(months["due_cancellations"]), BAD, stack="changes"),
            bar("Committed MRR", list(months["committed_mrr"]), ACCENT),
        ],
    }
