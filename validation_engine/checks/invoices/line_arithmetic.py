"""Whether each line of an invoice multiplies up, in whichever way its numbers may be read."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import combinations
from math import prod
from typing import TYPE_CHECKING

from validation_engine.checks.invoices.sums import written
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    needs_review,
    not_applicable,
    passed,
)
from validation_engine.fields.amounts import find_percentages
from validation_engine.fields.invoice import pennies
from validation_engine.fields.invoice_table import fits
from validation_engine.fields.periods import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.fields.invoice_table import InvoiceLine

# "60 creels, 26 inch, at £58.00", "two men, 7.5 hours each".
_COUNT = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,6}(?:\.\d{1,3})?)(?![\d.,]*%)|(?<!\w)[a-z]{3,9}\b",
    re.IGNORECASE,
)
_MINUTES, _OF_HUNDRED, _OF_THOUSAND = (
    re.compile(r"\bmin(?:ute)?s?\b", re.IGNORECASE),
    re.compile(r"\d ?p\b|\b(?:per|/) ?(?:100|hundred)\b|/ ?100\b", re.IGNORECASE),
    re.compile(r"\b(?:per|/) ?(?:1,?000|thousand)\b|/ ?1,?000\b", re.IGNORECASE),
)
# A price for more than one of what is counted: each dozen, pair, tonne of kilograms, or week of days.
_SCALES = (
    (_MINUTES, 60),
    (_OF_HUNDRED, 100),
    (_OF_THOUSAND, 1_000),
    *(
        (re.compile(rf"(?:\b(?:per|an?|each|the)|/) ?(?:{words})\b", re.IGNORECASE), by)
        for words, by in (
            ("tonne|t|kilo|kg|lit(?:re|er)|km", 1_000),
            ("dozen|year|annum", 12),
            ("week|wk", 7),
            ("week|wk", 5),
            ("pair", 2),
            ("metre|m", 100),
        )
    ),
)
_ONE = re.compile(r"(?<![\w.,])(?:1|one)(?![\w.,-])", re.IGNORECASE)
_HOURS = re.compile(
    r"(?<![\w.,])(\d{1,4}) ?(?:hours?|hrs?|h),? ?(?:and )?(\d{1,2}) ?(?:minutes?|mins?|m)?\b", re.IGNORECASE
)
_REACH, _MOST_COUNTS, _FACTORS = 200, 8, 3


@check("line_arithmetic")
def line_arithmetic(context: Context) -> CheckResult:
    """Quantity times unit price equals the line's amount, within a penny."""
    lines = [line for line in context.fields.invoice.lines if _is_complete(line)]
    if not lines:
        return not_applicable("No line shows quantity, unit price and amount.")
    wrong = [line for line in lines if not _is_right(context, line)]
    if not wrong:
        return passed()
    first = wrong[0]
    message = f"{first.quantity} × {first.unit_price} is {pennies(_product(first))}, not {first.amount}."
    # Where most lines do not multiply up, it is the table that was read wrongly.
    answer = needs_review if len(wrong) > 1 and len(wrong) * 2 > len(lines) else failed
    return answer(message, *(_finding(context, line) for line in wrong))


def _finding(context: Context, line: InvoiceLine) -> Finding:
    edit = written(context, line.amount_start, line.amount_end, pennies(_product(line)))
    return Finding(line.amount_start, line.amount_end, edit)


def _is_complete(line: InvoiceLine) -> bool:
    return line.quantity is not None and line.unit_price is not None and line.amount is not None


def _is_right(context: Context, line: InvoiceLine) -> bool:
    """Whether the amount is the product, with a discount or the VAT that stands in the line or without."""
    folded, price, amount = context.document.folded, line.unit_price or Decimal(0), line.amount or Decimal(0)
    near, far = max(line.start, line.amount_start - _REACH), min(line.end, line.amount_end + _REACH)
    if fits(line.quantity or Decimal(0), price, amount, []):
        return True
    rates = [one.value for one in find_percentages(folded, near, far)]
    if rates and fits(line.quantity or Decimal(0), price, amount, rates):
        return True
    text = folded[near : line.amount_start]
    if price == amount and _ONE.search(text):
        return True
    scales = _scales(folded[near:far])
    return any(
        fits(scale * count, price, amount, rates) for count in _counts(text, price) for scale in scales
    )


def _counts(text: str, price: Decimal) -> set[Decimal]:
    """Return what the price may be times: any number before the amount, or two or three of them together."""
    words = _COUNT.findall(text)[-_MOST_COUNTS:]
    numbers = {_number(one) for one in words} | set(_in_hours(text))
    numbers -= {Decimal(0), Decimal(1), price}
    many = range(1, _FACTORS + 1)
    return {Decimal(prod(some)) for count in many for some in combinations(numbers, count)}


def _in_hours(text: str) -> Iterator[Decimal]:
    """Yield times told in hours and minutes as hours: "22 hours 30 minutes", "7h30"."""
    for found in _HOURS.finditer(text):
        yield int(found[1]) + Decimal(int(found[2])) / 60


def _number(word: str) -> Decimal:
    return Decimal(word.replace(",", "") if word[0].isdigit() else NUMBERS.get(word.lower(), 1))


def _scales(text: str) -> list[Decimal]:
    """Return what a count may be times: a price is for an hour, a hundred or a thousand, or in pence."""
    found = [Decimal(1)]
    for pattern, by in _SCALES:
        if pattern.search(text):
            found.append(1 / Decimal(by))
    return found


def _product(line: InvoiceLine) -> Decimal:
    return (line.quantity or Decimal(0)) * (line.unit_price or Decimal(0))
