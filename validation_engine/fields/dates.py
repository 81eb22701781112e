"""Dates in the forms British business writes them; day before month, always."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from validation_engine.fields.ordinals import ORDINAL, ORDINALS
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = {name: number for number, day in enumerate(WEEKDAYS) for name in (day, day[:3], day[:4])} | {
    "thurs": 3
}
_MONTH = "(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?:(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day|\.)?,? +(?:the +)?)?"
_NUMBER = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(\d{4}|'\d{2}|\d{2}(?!\d|[:.]\d| *(?:am|pm|a\.m|p\.m|hours?|days?|%)))"
_WORDED = Quick(rf"\b{_DAY}{_NUMBER}(?: +day)?(?: +of)? +{_MONTH},?(?: +{_YEAR})?", re.IGNORECASE)
_DASHED = re.compile(rf"\b{_NUMBER}-{_MONTH}-(\d{{4}}|\d{{2}})\b", re.IGNORECASE)
_AMERICAN = Quick(rf"\b{_DAY}{_MONTH} +{_NUMBER},? +(\d{{4}})\b", re.IGNORECASE)
_NUMERIC = re.compile(
    rf"(?:\b{_DAY})?(?<![\d./-])(\d{{1,2}})([/.-])(\d{{1,2}})\3(\d{{4}}|\d{{2}})(?![\d/]|[.-]\d)",
    re.IGNORECASE,
)
# The day's name after its date: "3 December 2026 (a Thursday)".
_NAMED_AFTER = re.compile(
    r"(?: \((?:an? |on an? )?|, an? )(mon|tues|wednes|thurs|fri|satur|sun)day\b(?:\)|[,.;]| at\b)",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])")
# "the thirty-first day of January 2027", with no full stop after the month.
_SPELT = re.compile(rf"\b{_DAY}({ORDINAL})(?: day)? of {_MONTH[:-3]},?(?: +(\d{{4}})\b)?", re.IGNORECASE)
# Days, months and years that are parted by no blank.
_PARTED = re.compile(r"[/.-]\d")
_CENTURY = 2_000


class FoundDate(msgspec.Struct, frozen=True, gc=False):
    """A date and where it stands; `day_name` as written, `year_given` false where we supplied the year."""

    value: date
    start: int
    end: int
    day_name: int | None = None
    year_given: bool = True


# Finds where a date may stand, in one linear pass; the patterns above then read it.
A_DATE = Cue(
    r"\b(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b"
    r"|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b"
)
_BEFORE, _AFTER = 32, 24


def find_dates(
    folded: str, start: int = 0, end: int | None = None, *, year: int | None = None
) -> list[FoundDate]:
    """Return the dates of a stretch of folded text in reading order.

    Args:
        folded: The text.
        start: Where to begin.
        end: Where to stop.
        year: The year to give to dates without one; those are left out where it is None.
    """
    return list(each_date(folded, start, end, year=year))


def each_date(
    folded: str, start: int = 0, end: int | None = None, *, year: int | None = None
) -> Iterator[FoundDate]:
    """Yield what `find_dates` returns, for who may need the first ones only."""
    stop, last = len(folded) if end is None else end, 0
    for near, far in A_DATE.windows(folded, start, stop, _BEFORE, _AFTER):
        found: list[FoundDate] = []
        parted = (_dashed, _numeric, _iso) if _PARTED.search(folded, near, far) else ()
        spelt = (_spelt,) if folded.find(" of ", near, far) >= 0 else ()
        for candidates in (_worded, _american, *spelt, *parted):
            found.extend(candidates(folded, near, far, year))
        found.sort(key=lambda one: (one.start, -one.end))
        for one in found:
            if one.start >= last:
                last = one.end
                yield one


def _worded(folded: str, start: int, end: int, year: int | None) -> Iterator[FoundDate]:
    for match in _WORDED.finditer(folded, start, end):
        name, day, month, given = match.groups()
        after = None if name else _NAMED_AFTER.match(folded, match.end())
        stop = match.end() if given or folded[match.end() - 1] not in ",." else match.end() - 1
        yield from _made(
            _year(given, year),
            _MONTHS[month.lower()],
            int(day),
            (match.start(), stop),
            after[1] if after else name,
            given,
        )


def _spelt(folded: str, start: int, end: int, year: int | None) -> Iterator[FoundDate]:
    for match in _SPELT.finditer(folded, start, end):
        name, day, month, given = match.groups()
        number = ORDINALS[day.lower().replace("-", " ")]
        span = match.span()
        yield from _made(_year(given, year), _MONTHS[month.lower()], number, span, name, given)


def _american(folded: str, start: int, end: int, _: int | None) -> Iterator[FoundDate]:
    for match in _AMERICAN.finditer(folded, start, end):
        name, month, day, given = match.groups()
        yield from _made(int(given), _MONTHS[month.lower()], int(day), match.span(), name, given)


def _dashed(folded: str, start: int, end: int, _: int | None) -> Iterator[FoundDate]:
    for match in _DASHED.finditer(folded, start, end):
        day, month, given = match.groups()
        yield from _made(_year(given, None), _MONTHS[month.lower()], int(day), match.span(), None, given)


def _numeric(folded: str, start: int, end: int, _: int | None) -> Iterator[FoundDate]:
    for match in _NUMERIC.finditer(folded, start, end):
        name, day, _separator, month, given = match.groups()
        yield from _made(_year(given, None), int(month), int(day), match.span(), name, given)


def _iso(folded: str, start: int, end: int, _: int | None) -> Iterator[FoundDate]:
    for match in _ISO.finditer(folded, start, end):
        yield from _made(int(match[1]), int(match[2]), int(match[3]), match.span(), None, match[1])


def _year(given: str | None, supplied: int | None) -> int | None:
    if given is None:
        return supplied
    number = int(given.lstrip("'"))
    return number if number >= _CENTURY // 2 else number + _CENTURY


def _made(
    year: int | None, month: int, day: int, span: tuple[int, int], name: str | None, given: str | None
) -> Iterator[FoundDate]:
    if year is None:
        return
    try:
        value = date(year, month, day)
    except ValueError:
        return
    day_name = None if name is None else _DAYS[name.lower()[:3]]
    yield FoundDate(value, span[0], span[1], day_name, given is not None)
