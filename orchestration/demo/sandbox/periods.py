"""Billing periods: calendar steps from an anchor, clamped to the ends of short months."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime

DAY = 86_400
HOUR = 3_600
_MONTHS = {"month": 1, "year": 12}
_SECONDS = {"day": DAY, "week": 7 * DAY}
_MEAN_MONTH = 2_629_746


def add_months(moment: int, months: int, day: int | None = None) -> int:
    """Return the same time of day some months on; day 31 becomes the last day of a shorter month.

    Args:
        moment: Seconds since the epoch.
        months: How many, also negative.
        day: The wished day of the month, where the anchor's differs from the moment's.
    """
    start = datetime.fromtimestamp(moment, UTC)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    wished = start.day if day is None else day
    last = monthrange(year, month + 1)[1]
    return int(start.replace(year=year, month=month + 1, day=min(wished, last)).timestamp())


def step(anchor: int, interval: str, count: int, times: int) -> int:
    """Return the boundary that lies `times` intervals from the anchor."""
    if interval in _MONTHS:
        return add_months(anchor, _MONTHS[interval] * count * times)
    return anchor + _SECONDS[interval] * count * times


def boundary_after(anchor: int, interval: str, count: int, moment: int) -> int:
    """Return the first boundary after a moment, counted from the anchor in both directions."""
    length = _SECONDS.get(interval) or _MONTHS[interval] * _MEAN_MONTH
    times = (moment - anchor) // (length * count) - 1
    while (boundary := step(anchor, interval, count, times)) <= moment:
        times += 1
    return boundary
