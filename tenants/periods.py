"""Usage periods: a calendar month in UTC, or a month counted from the day on which a subscription began.

Where that day changes, the periods of before stay as they were cut, and the one that ran ends at the change:
periods follow each other without gap or overlap, whatever is subscribed when.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from tenants.stores.records import Period

if TYPE_CHECKING:
    from collections.abc import Sequence

_MONTHS = 12


class EarlierAnchor(msgspec.Struct, frozen=True):
    """Where months were counted from before a change.

    Attributes:
        until: The change: a period ends and another begins there.
        anchor_at: What they were counted from.
    """

    until: datetime
    anchor_at: datetime


def period_at(moment: datetime, anchor: datetime | None, earlier: Sequence[EarlierAnchor] = ()) -> Period:
    """Return the usage period that holds a moment.

    Args:
        moment: Any aware time.
        anchor: The start of the subscription's period; None for calendar months. In months
            that lack its day the period begins on their last day.
        earlier: The anchors before it, oldest first.
    """
    moment, since = moment.astimezone(UTC), None
    for each in earlier:
        if moment < each.until:
            found = _month_at(moment, each.anchor_at)
            return Period(_later(found.start, since), min(found.end, each.until))
        since = each.until
    found = _month_at(moment, anchor)
    return Period(_later(found.start, since), found.end)


def change_at(now: datetime, new: datetime, running: Period) -> datetime:
    """Return when a new anchor cuts the running period: where it lies, else now.

    What has ended is never cut again, also where the change is heard of late.
    """
    return new if running.start < new <= now else now


def _month_at(moment: datetime, anchor: datetime | None) -> Period:
    start_of_counting = datetime(1970, 1, 1, tzinfo=UTC) if anchor is None else anchor.astimezone(UTC)
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


def _later(start: datetime, since: datetime | None) -> datetime:
    return start if since is None else max(start, since)
