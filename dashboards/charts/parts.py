"""What every drawing shares: colours that mean the same everywhere, axes, tooltips."""

from __future__ import annotations

from typing import Any

Spec = dict[str, Any]

_MARKED = 31  # more points would run into each other
PRIMARY = "#2196F3"
ACCENT = "#FFB300"
NEUTRAL = "#78909C"
GOOD = "#2E9E6B"
BAD = "#E5484D"

NAMES = {
    "new": "New",
    "expansion": "Expansion",
    "reactivation": "Reactivation",
    "contraction": "Contraction",
    "churn": "Churn",
    "fx": "FX",
}
# One colour, one meaning, on every page; mid tones that read on light and dark.
MOVEMENTS = {
    "new": GOOD,
    "expansion": PRIMARY,
    "reactivation": "#26A69A",
    "contraction": ACCENT,
    "churn": BAD,
    "fx": NEUTRAL,
}
SERIES = [PRIMARY, ACCENT, "#26A69A", "#7E57C2", BAD, "#8D6E63", NEUTRAL, "#9CCC65"]
HEAT = ["#EAF4FE", "#90CAF9", "#2196F3", "#0D47A1"]


def grid(left: int = 8, bottom: int = 8, top: int = 40, right: int = 16) -> Spec:
    """Return margins that leave room for the labels, whatever their length."""
    return {"left": left, "right": right, "top": top, "bottom": bottom, "containLabel": True}


def legend() -> Spec:
    """Return a legend above the drawing that scrolls rather than wraps."""
    return {"top": 0, "left": 0, "type": "scroll", "icon": "roundRect", "itemWidth": 10, "itemHeight": 10}


def categories(names: list[str], **more: object) -> Spec:
    """Return a category axis."""
    return {"type": "category", "data": names, "axisTick": {"show": False}, **more}


def values(**more: object) -> Spec:
    """Return a value axis with quiet lines."""
    return {"type": "value", "splitNumber": 4, "splitLine": {"lineStyle": {"opacity": 0.35}}, **more}


def fractions(**more: object) -> Spec:
    """Return a value axis for series given in percent."""
    return values(axisLabel={"formatter": "{value} %"}, **more)


def axis_tooltip(value_format: str, pointer: str = "shadow") -> Spec:
    """Return a tooltip over all series of one category."""
    return {"trigger": "axis", "axisPointer": {"type": pointer}, "valueFormatter": value_format}


def bar(name: str, data: list[Any], colour: str, **more: object) -> Spec:
    """Return one bar series."""
    return {
        "type": "bar",
        "name": name,
        "data": data,
        "itemStyle": {"color": colour, "borderRadius": 2},
        "barMaxWidth": 34,
        **more,
    }


def line(name: str, data: list[Any], colour: str, **more: object) -> Spec:
    """Return one line series; a null is a gap, never a zero, and few points are marked."""
    points = sum(value is not None for value in data)
    return {
        "type": "line",
        "name": name,
        "data": data,
        "color": colour,
        "lineStyle": {"width": 2.5, "color": colour},
        "itemStyle": {"color": colour},
        "symbolSize": 5,
        "showSymbol": points <= _MARKED,
        "connectNulls": False,
        **more,
    }


def month_labels(months: list[Any], complete: list[bool] | None = None) -> list[str]:
    """Return `Mar 26` for each month; one that is not complete carries an asterisk."""
    flags = complete or [True] * len(months)
    return [f"{month:%b %y}{'' if whole else '*'}" for month, whole in zip(months, flags, strict=True)]


def as_percent(fractions_: list[Any]) -> list[float | None]:
    """Return fractions as percentages for an axis in percent."""
    return [None if value is None else round(float(value) * 100, 2) for value in fractions_]
