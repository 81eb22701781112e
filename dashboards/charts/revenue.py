"""Drawings of MRR: what it was, what moved it, and how two amounts lead to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.charts.parts import (
    ACCENT,
    BAD,
    GOOD,
    MOVEMENTS,
    NAMES,
    NEUTRAL,
    PRIMARY,
    SERIES,
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
from dashboards.numbers import money_format, symbol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from dashboards.numbers import Step


def movements_by_month(months: pl.DataFrame, currency: str) -> Spec:
    """Return stacked movements, gains up and losses down."""
    labels = month_labels(list(months["month"]), list(months["is_complete"]))
    bars = [
        bar(NAMES[kind], list(months[kind]), colour, stack="movements") for kind, colour in MOVEMENTS.items()
    ]
    return {
        "legend": legend(),
        "tooltip": axis_tooltip(money_format(currency)),
        "grid": grid(),
        "xAxis": categories(labels),
        "yAxis": values(),
        "series": bars,
    }


def balance_by_month(months: pl.DataFrame, currency: str) -> Spec:
    """Return the closing MRR of each month as an area."""
    labels = month_labels(list(months["month"]), list(months["is_complete"]))
    area = line("MRR", list(months["closing_mrr"]), PRIMARY, areaStyle={"opacity": 0.12}, smooth=0.2)
    return {
        "tooltip": axis_tooltip(money_format(currency), "line"),
        "grid": grid(top=16),
        "xAxis": categories(labels, boundaryGap=False),
        "yAxis": values(min=0),
        "series": [area],
    }


def rates_by_month(months: pl.DataFrame, columns: dict[str, str]) -> Spec:
    """Return ratios over time, in percent.

    Args:
        months: One row a month.
        columns: Column name to the name shown.
    """
    drawn = [
        line(name, as_percent(list(months[column])), colour)
        for (column, name), colour in zip(columns.items(), SERIES, strict=False)
    ]
    return {
        "legend": legend(),
        "tooltip": axis_tooltip("%.1f %%", "line"),
        "grid": grid(),
        "xAxis": categories(
            month_labels(list(months["month"]), list(months["is_complete"])), boundaryGap=False
        ),
        "yAxis": fractions(scale=True),
        "series": drawn,
    }


def stacked_by_month(frame: pl.DataFrame, group: str, amount: str, currency: str) -> Spec:
    """Return one stacked bar a month, a colour per group, from rows (month, group, amount)."""
    months = sorted(set(frame["month"]))
    groups = list(dict.fromkeys(frame[group]))
    cells = {(row["month"], row[group]): row[amount] for row in frame.iter_rows(named=True)}
    drawn = [
        bar(str(name), [cells.get((month, name), 0) for month in months], colour, stack="total")
        for name, colour in zip(groups, _colours(len(groups)), strict=True)
    ]
    return {
        "legend": legend(),
        "tooltip": axis_tooltip(money_format(currency)),
        "grid": grid(),
        "xAxis": categories(month_labels(months)),
        "yAxis": values(),
        "series": drawn,
    }


def waterfall(steps: Sequence[Step], currency: str) -> Spec:
    """Return a bridge from one total to the next.

    Args:
        steps: What it is called, its amount in minor-unit precision, and whether it is a total
            (drawn from zero) rather than a change (drawn from where the last one ended).
        currency: The amounts' currency.
    """
    bars: list[Spec] = []
    labels: list[str] = []
    level = 0.0
    for name, amount, is_total in steps:
        size = float(amount or 0)
        start, end = (0.0, size) if is_total else (level, level + size)
        level = end
        colour = PRIMARY if is_total else GOOD if size >= 0 else BAD
        style = {"color": colour, "color0": colour, "borderColor": colour, "borderColor0": colour}
        bars.append({"value": [start, end, min(start, end), max(start, end)], "itemStyle": style})
        labels.append(f"{name}\n{_label(size, currency, is_total=is_total)}")
    return {
        "grid": grid(top=16),
        "xAxis": categories(labels, axisLabel={"interval": 0, "lineHeight": 16, "hideOverlap": False}),
        "yAxis": values(min=_floor([bound for drawn in bars for bound in drawn["value"] if bound])),
        "series": [{"type": "candlestick", "data": bars, "barWidth": "55%", "silent": True}],
    }


def _floor(levels: Sequence[float]) -> float | None:
    """Return where the axis begins: above zero where changes would be too small to see beside the totals."""
    low, high = min(levels, default=0.0), max(levels, default=0.0)
    if low < 0 or high == low or high - low > high / 2:
        return None
    step = 10.0 ** max(0, len(str(int(high))) - 2)
    return max(0.0, (low - 2 * (high - low)) // step * step)


def _label(amount: float, currency: str, *, is_total: bool) -> str:
    sign = "−" if amount < 0 else "" if is_total else "+"
    return f"{sign}{symbol(currency)}{abs(amount):,.0f}"


def _colours(number: int) -> list[str]:
    return [SERIES[index % len(SERIES)] for index in range(number)]


def compared(months: pl.DataFrame, other: str, currency: str) -> Spec:
    """Return two policies' MRR as lines and the gap as bars."""
    return {
        "legend": legend(),
        "tooltip": axis_tooltip(money_format(currency)),
        "grid": grid(),
        "xAxis": categories(month_labels(list(months["month"]))),
        "yAxis": values(),
        "series": [
            line("Ours", list(months["configured_mrr"]), PRIMARY),
            line(other, list(months["other_mrr"]), ACCENT),
            bar("Gap", list(months["gap"]), NEUTRAL),
        ],
    }
