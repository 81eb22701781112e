"""Stretches of time in figures or words: "28 days", "fourteen (14) working days", "a fortnight"."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

import msgspec

from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

Unit = Literal["hour", "day", "working_day", "week", "month", "quarter", "year"]

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBERS: dict[str, int] = {word: number for number, word in enumerate(_ONES)}
NUMBERS |= {word: 20 + 10 * index for index, word in enumerate(_TENS)}
NUMBERS |= {
    f"{ten}{dash}{one}": NUMBERS[ten] + NUMBERS[one] for ten in _TENS for one in _ONES[1:10] for dash in "- "
}
NUMBERS |= {"a": 1, "an": 1, "half a": 0}
WORDS = "|".join(sorted((word for word in NUMBERS if word != "half a"), key=len, reverse=True))
_PERIOD_TEXT = (
    rf"\b(?:(?P<figure>\d{{1,3}}(?:\.\d+)?)|(?P<word>{WORDS}))(?: \(\d+\)| \([a-z-]+\))?[ -]"
    r"(?P<kind>working|business|calendar|clear|clear working|full|consecutive|whole|further|"
    r"complete)?(?: (?:working|business))?[ ]?"
    r"(?:(?P<unit>hour|day|week|fortnight|month|quarter|year)s?|(?P<short>hrs|wks|mths|yrs))\b(?:')?|"
    r"\b(?P<fortnight>fortnight)\b|\b(?P<hours>\d{1,3})h(?:rs)?\b"
)
_PERIOD = Quick(_PERIOD_TEXT, re.IGNORECASE)
# The same pattern, which has nothing that RE2 lacks.
A_PERIOD = Cue(_PERIOD_TEXT)
_SHORT = {"hrs": "hour", "wks": "week", "mths": "month", "yrs": "year"}
_DAYS: dict[str, Decimal] = {
    "hour": Decimal(1) / 24,
    "day": Decimal(1),
    "working_day": Decimal(7) / 5,
    "week": Decimal(7),
    "month": Decimal("30.4375"),
    "quarter": Decimal("91.3125"),
    "year": Decimal("365.25"),
}


class Period(msgspec.Struct, frozen=True, gc=False):
    """A number of units of time, and where it stands."""

    number: Decimal
    unit: Unit
    start: int
    end: int

    @property
    def days(self) -> Decimal:
        """Return the length in calendar days, on average for months and years."""
        return self.number * _DAYS[self.unit]


def find_periods(folded: str, start: int = 0, end: int | None = None) -> list[Period]:
    """Return the periods in a stretch of folded text, in reading order."""
    stop = len(folded) if end is None else end
    return [
        _period(match)
        for near, far in A_PERIOD.windows(folded, start, stop, 0, 0)
        for match in _PERIOD.finditer(folded, near, far)
    ]


def _period(match: re.Match[str]) -> Period:
    if match["fortnight"]:
        return Period(Decimal(2), "week", match.start(), match.end())
    if match["hours"]:
        return Period(Decimal(match["hours"]), "hour", match.start(), match.end())
    number = Decimal(match["figure"]) if match["figure"] else Decimal(NUMBERS[match["word"].lower()])
    unit = (match["unit"] or _SHORT[match["short"].lower()]).lower()
    if unit == "fortnight":
        return Period(number * 2, "week", match.start(), match.end())
    if unit == "day" and re.search(r"working|business", match.group(), re.IGNORECASE):
        unit = "working_day"
    return Period(number, unit, match.start(), match.end())  # type: ignore[arg-type]  # the pattern's units
