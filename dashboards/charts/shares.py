"""Drawings that are not about money over time: rankings, heat maps, levels, trends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.charts.parts import (
    GOOD,
    HEAT,
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
    values,
)

_LABELLED = 25  # months; more numbers side by side would overlap

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl


def ranking(names: Sequence[str], amounts: Sequence[float], value_format: str, colour: str = PRIMARY) -> Spec:
    """Return horizontal bars, the first on top."""
    axis = categories(list(names), inverse=True, axisLabel={"width": 230, "overflow": "truncate"})
    return {
        "tooltip": axis_tooltip(value_format),
        "grid": grid(top=8),
        "xAxis": values(minInterval=1),
        "yAxis": axis,
        "series": [bar("", list(amounts), colour, barMaxWidth=18)],
    }


def cohorts(frame: pl.DataFrame, share: str) -> Spec:
    """Return a heat map of what is kept, cohort by months since its start, in percent.

    Args:
        frame: Rows (cohort_month, months_since, …) in order.
        share: The column with the fraction kept.
    """
    starts = sorted(set(frame["cohort_month"]), reverse=True)
    months = sorted(set(frame["months_since"]))
    kept = [
        [months.index(row["months_since"]), starts.index(row["cohort_month"]), round(float(row[share]) * 100)]
        for row in frame.iter_rows(named=True)
        if row[share] is not None
    ]
    return {
        "tooltip": {"trigger": "item", "formatter": "month {b}: {@[2]} % kept"},
        "grid": grid(top=8, bottom=56),
        "xAxis": categories(
            [str(month) for month in months], name="months since start", nameGap=28, nameLocation="middle"
        ),
        "yAxis": categories([f"{start:%b %Y}" for start in starts]),
        "visualMap": {
            "min": 0,
            "max": max([100, *(cell[2] for cell in kept)]),
            "calculable": False,
            "orient": "horizontal",
            "left": "center",
            "bottom": 0,
            "itemHeight": 160,
            "itemWidth": 10,
            "text": ["more", "0 %"],
            "inRange": {"color": HEAT},
        },
        "series": [
            {
                "type": "heatmap",
                "data": kept,
                "label": {"show": len(months) <= _LABELLED, "formatter": "{@[2]}", "fontSize": 10},
                "itemStyle": {"borderWidth": 1, "borderColor": "rgba(128,128,128,0.15)"},
            }
        ],
    }


def pass_rate(frame: pl.DataFrame, at: str = "day") -> Spec:
    """Return runs as bars and the pass rate as a line, from rows (day or month, runs, passed, pass_rate)."""
    names = [f"{moment.day} {moment:%b}" if at == "day" else f"{moment:%b %y}" for moment in frame[at]]
    rate = line("Pass rate, %", as_percent(list(frame["pass_rate"])), GOOD, yAxisIndex=1, connectNulls=True)
    return {
        "legend": legend(),
        "tooltip": axis_tooltip("localized"),
        "grid": grid(),
        "xAxis": categories(names),
        "yAxis": [values(minInterval=1), fractions(min=0, max=100, splitLine={"show": False})],
        "series": [bar("Runs", list(frame["runs"]), "rgba(120,144,156,0.35)"), rate],
    }


def lines(frame: pl.DataFrame, at: str, group: str, amount: str) -> Spec:
    """Return one line per group over days, from rows (day, group, fraction), in percent."""
    days = sorted(set(frame[at]))
    groups = list(dict.fromkeys(frame[group]))
    cells = {(row[at], row[group]): row[amount] for row in frame.iter_rows(named=True)}
    drawn = [
        line(
            str(name),
            as_percent([cells.get((moment, name)) for moment in days]),
            SERIES[index % len(SERIES)],
            connectNulls=True,
        )
        for index, name in enumerate(groups)
    ]
    return {
        "legend": legend(),
        "tooltip": axis_tooltip("%.1f %%", "line"),
        "grid": grid(),
        "xAxis": categories([f"{moment.day} {moment:%b}" for moment in days], boundaryGap=False),
        "yAxis": fractions(max=100),
        "series": drawn,
    }


def counts_by_day(frame: pl.DataFrame, at: str, columns: dict[str, tuple[str, str]]) -> Spec:
    """Return stacked counts a day.

    Args:
        frame: One row a day.
        at: The column of the day.
        columns: Column name to (name shown, colour).
    """
    return {
        "legend": legend(),
        "tooltip": axis_tooltip("localized"),
        "grid": grid(),
        "xAxis": categories([f"{moment.day} {moment:%b}" for moment in frame[at]]),
        "yAxis": values(minInterval=1),
        "series": [
            bar(name, [float(value) for value in frame[column]], colour, stack="count")
            for column, (name, colour) in columns.items()
        ],
    }


def cohorts_height(frame: pl.DataFrame) -> int:
    """Return the pixels that give each cohort a readable row."""
    return 110 + 24 * frame["cohort_month"].n_unique()
