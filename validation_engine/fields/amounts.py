"""Money and percentages, exact."""

from __future__ import annotations

import re
from decimal import Decimal

import msgspec

from validation_engine.fields.periods import NUMBERS, WORDS
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

_SYMBOLS = {"\xa3": "GBP", "$": "USD", "\xa4": "EUR", "us$": "USD"}
_CODES = "GBP|EUR|USD|CHF|JPY|AUD|CAD|SEK|NOK|DKK|PLN"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,4})?|\d+(?:\.\d{1,4})?"
_SCALE = {"k": 1_000, "m": 1_000_000, "million": 1_000_000, "bn": 10**9, "billion": 10**9, "thousand": 1_000}
_MONEY = Quick(
    rf"(?P<sign>[-(])?(?:(?P<symbol>US\$|[\xa3$\xa4])|"
    rf"\b(?P<code>{_CODES}))[ ]?(?P<minus>-)?(?P<number>{_DIGITS})"
    rf"(?P<scale> ?(?:million|billion|thousand|bn|[km])\b)?"
    rf"|(?P<number2>{_DIGITS}) ?(?:(?P<code2>{_CODES}|pounds|euros?)\b|(?P<symbol2>[\xa3\xa4]))"
    r"|\b(?P<pence>\d{1,3})p\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    rf"(?<![\w.])(?P<number>-?\d+(?:\.\d+)?) ?(?:%|per ?cent\b)|\b(?P<word>{WORDS})[ -]per ?cent\b",
    re.IGNORECASE,
)
# An amount has one of these, at most so far from its ends.
A_UNIT = Cue(rf"[\xa3$\xa4]|{_CODES}|pounds|euro|\dp")
A_PERCENTAGE = Cue("%|cent")
_REACH = 48
_BEFORE_BRACKETS = ("", "  ", "| ", " |", "\t", " \t", "\t\t")
_NAMES = {"POUNDS": "GBP", "EURO": "EUR", "EUROS": "EUR"}


class Money(msgspec.Struct, frozen=True, gc=False):
    """An amount in major units of a currency, and where it stands."""

    amount: Decimal
    currency: str
    start: int
    end: int


class Percentage(msgspec.Struct, frozen=True, gc=False):
    """A percentage as a number (20 for 20 %), and where it stands."""

    value: Decimal
    start: int
    end: int


def find_money(folded: str, start: int = 0, end: int | None = None) -> list[Money]:
    """Return the amounts with a currency in a stretch of folded text."""
    stop = len(folded) if end is None else end
    return [
        _money(match)
        for near, far in A_UNIT.windows(folded, start, stop, _REACH, _REACH)
        for match in _MONEY.finditer(folded, near, far)
    ]


def _money(match: re.Match[str]) -> Money:
    if match["pence"]:
        return Money(Decimal(match["pence"]) / 100, "GBP", match.start(), match.end())
    number = Decimal((match["number"] or match["number2"]).replace(",", ""))
    if match["scale"]:
        number *= _SCALE[match["scale"].strip().lower()]
    if match["sign"] == "-" or match["minus"] or _is_bracketed(match):
        number = -number
    symbol, code = match["symbol"] or match["symbol2"], match["code"] or match["code2"]
    currency = _SYMBOLS[symbol.lower()] if symbol else _NAMES.get(code.upper(), code.upper())
    return Money(number, currency, match.start(), match.end())


def _is_bracketed(match: re.Match[str]) -> bool:
    """Whether an amount stands alone in brackets: taken off, and no aside in a sentence."""
    if match["sign"] != "(":
        return False
    text, start, end = match.string, match.start(), match.end()
    return text[end : end + 1] == ")" and text[max(start - 2, 0) : start] in _BEFORE_BRACKETS


def _percent(match: re.Match[str]) -> Decimal:
    return Decimal(match["number"] or NUMBERS[match["word"].lower()])


def find_percentages(folded: str, start: int = 0, end: int | None = None) -> list[Percentage]:
    """Return the percentages in a stretch of folded text."""
    stop = len(folded) if end is None else end
    return [
        Percentage(_percent(match), match.start(), match.end())
        for near, far in A_PERCENTAGE.windows(folded, start, stop, _REACH, 1)
        for match in _PERCENT.finditer(folded, near, far)
    ]
