"""Usage periods: a calendar month in UTC, or a month counted from the day on which a subscription began."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime

from tenants.stores.records import Period

_MONTHS = 12


def period_at(moment: datetime, anchor: datetime | None) -> Period:
    """Return the usage period that holds a moment.

    Args:
        moment: Any aware time.
        anchor: The start of the subscription's period; None for calendar months. In months
            that lack its day the period begins on their last day.
    """
    start_of_counting = datetime(1970, 1, 1, tzinfo=UTC) if anchor is None else anchor.astimezone(UTC)
    moment = moment.astimezone(UTC)
    months = (moment.year - start_of_counting.year) * _MONTHS + moment.month - start_of_counting.month
    start = _months_after(start_of_counting, months)
    if start > moment:
        months -= 1
        start = _months_after(start_of_counting, months)
    return Period(start, _months_after(start_of_counting, months + 1))


def _months_after(anchor: datetime, months: int) -> datetime:
    years, month = divmod(anchor.month - 1 + months, _MONTHS)
    year = anchor.year + years
    return anchor.replace(year=year, month=month + 1, day=min(anchor.day, monthrange(year, month + 1)[1]))
