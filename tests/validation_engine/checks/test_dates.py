"""Months later a day is the corresponding one, as far as that month goes."""

from __future__ import annotations

from datetime import date

import pytest

from validation_engine.checks.dates import month_end, months_after


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 5, 4), 1, date(2026, 6, 4)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 2, 28), 9, date(2026, 11, 28)),
    ],
)
def test_months_later_is_the_corresponding_day(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


def test_a_month_ends_with_its_last_day() -> None:
    assert [month_end(date(2028, month, 9)).day for month in (2, 4, 12)] == [29, 30, 31]
