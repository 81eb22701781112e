"""Money and percentages, exact."""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from validation_engine.fields.periods import NUMBERS, WORDS
from validation_engine.fields.throughout import Throughout
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

PENNY = Decimal("0.01")
_SYMBOLS = {"\xa3": "GBP", "$": "USD", "\xa4": "EUR", "us$": "USD"}
_CODES = "GBP|EUR|USD|CHF|JPY|AUD|CAD|SEK|NOK|DKK|PLN"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,4})?|\d+(?:\.\d{1,4})?"
_SCALE = {"k": 1_000, "m": 1_000_000, "million": 1_000_000, "bn": 10**9, "billion": 10**9, "thousand": 1_000}
_MONEY = re.compile(
    rf"(?P<sign>[-(])?(?:(?P<symbol>US\$|[\xa3$\xa4])|"
    rf"\b(?P<code>{_CODES}))[ ]?(?P<minus>-)?(?P<number>{_DIGITS})"
    rf"(?P<scale> ?(?:million|billion|thousand|bn|[km])\b)?"
    rf"|(?P<number2>{_DIGITS}) ?(?:(?P<code2>{_CODES}|pounds|euros?)\b|(?P<symbol2>[\xa3\xa4]))"
    r"|\b(?P<pence>\d{1,3})p\b",
    re.IGNORECASE,
)
# Two decimals show an amount that has no currency.
_BARE = re.compile(r"(?<![\w.,/-])(-?\d{1,3}(?:,\d{3})+\.\d{2}|-?\d+\.\d{2})(?![\d%]|\.\d)")
_PERCENT = Quick(
    rf"(?<![\w.])(?P<number>-?\d+(?:\.\d+)?) ?(?:%|per ?cent\b)|\b(?P<word>{WORDS})[ -]per ?cent\b",
    re.IGNORECASE,
)
# An amount begins here; one without a unit before it goes on for no more than so many figures.
_BEGINS = Cue(
    rf"[(-]?(?:US\$|[\xa3$\xa4]|{_CODES}) ?-?\d|\d[\d,.]{{0,47}} ?(?:{_CODES}|pounds|euro|[\xa3\xa4])|"
    r"\d{1,3}p|-?\d[\d,]{0,47}\.\d\d"
)
# Without one of these a row has no amount.
A_UNIT = Cue(rf"[\xa3$\xa4]|{_CODES}|pounds|euro|\dp|\d\.\d\d")
A_PERCENTAGE = Cue("%|cent")
_REACH = 48
_BEFORE_BRACKETS = ("", "  ", "| ", " |", "\t", " \t", "\t\t")
_NAMES = {"POUNDS": "GBP", "EURO": "EUR", "EUROS": "EUR"}


class Money(msgspec.Struct, frozen=True, gc=False):
    """An amount in major units of a currency, which is empty where none is shown, and where it stands."""

    amount: Decimal
    currency: str
    start: int
    end: int


class Percentage(msgspec.Struct, frozen=True, gc=False):
    """A percentage as a number (20 for 20 %), and where it stands."""

    value: Decimal
    start: int
    end: int


def _amounts(folded: str, start: int, end: int) -> list[Money]:
    named, others, at = list[Money](), list[tuple[int, int]](), start
    for near, far in _BEGINS.windows(folded, start, end, 0, 0):
        at, is_named = max(at, near), True
        while at < far:
            match = _MONEY.match(folded, at, end)
            if match:
                named.append(_money(match))
            at, is_named = (match.end(), is_named) if match else (at + 1, False)
        if not is_named:
            others.append((near, far))
    return _with_bare(folded, named, others, end) if others else named


def _with_bare(folded: str, named: list[Money], places: list[tuple[int, int]], end: int) -> list[Money]:
    """Return amounts with those added that begin in some places and have no currency."""
    starts, found = [one.start for one in named], named.copy()
    for bare in _bare(folded, places, end):
        before = bisect_right(starts, bare.start())
        if not before or named[before - 1].end <= bare.start():
            found.append(Money(Decimal(bare[1].replace(",", "")), "", *bare.span()))
    return sorted(found, key=lambda one: one.start)


def _bare(folded: str, places: list[tuple[int, int]], end: int) -> Iterator[re.Match[str]]:
    for at, far in places:
        while at < far:
            match = _BARE.match(folded, at, end)
            if match:
                yield match
            at = match.end() if match else at + 1  # noqa: PLW2901 - it goes on from there


def _money(match: re.Match[str]) -> Money:
    sign, symbol, code, minus, before, scale, after, code_after, symbol_after, pence = match.groups()
    if pence:
        return Money(Decimal(pence) / 100, "GBP", *match.span())
    number = Decimal((before or after).replace(",", ""))
    if scale:
        number *= _SCALE[scale.strip().lower()]
    if minus or sign == "-" or (sign and _is_bracketed(match)):
        number = -number
    symbol, code = symbol or symbol_after, code or code_after
    currency = _SYMBOLS[symbol.lower()] if symbol else _NAMES.get(code.upper(), code.upper())
    return Money(number, currency, *match.span())


def _is_bracketed(match: re.Match[str]) -> bool:
    """Whether an amount stands alone in brackets: taken off, and no aside in a sentence."""
    text, start, end = match.string, match.start(), match.end()
    return text[end : end + 1] == ")" and text[max(start - 2, 0) : start] in _BEFORE_BRACKETS


def _percent(match: re.Match[str]) -> Decimal:
    return Decimal(match["number"] or NUMBERS[match["word"].lower()])


def _percentages(folded: str, start: int, end: int) -> list[Percentage]:
    return [
        Percentage(_percent(match), match.start(), match.end())
        for near, far in A_PERCENTAGE.windows(folded, start, end, _REACH, 1)
        for match in _PERCENT.finditer(folded, near, far)
    ]


# The percentages in a stretch of folded text, and the amounts: with a currency, or bare with two decimals.
find_percentages, find_amounts = Throughout(_percentages), Throughout(_amounts)


def find_money(folded: str, start: int = 0, end: int | None = None) -> list[Money]:
    """Return the amounts with a currency in a stretch of folded text."""
    return [one for one in find_amounts(folded, start, end) if one.currency]
