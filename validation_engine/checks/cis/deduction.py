"""The deduction that a statement or an invoice shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from validation_engine.checks.cis.wording import (
    DEDUCTION,
    GENERAL,
    LOOSE_DEDUCTION,
    NOT_DEDUCTION,
    OTHER_DEDUCTION,
)
from validation_engine.fields.amounts import find_amounts, find_percentages
from validation_engine.scan.cue import Cue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validation_engine.checks.registry import Context
    from validation_engine.fields.amounts import Money, Percentage

_SCHEME = Cue(r"\bcis\b|construction industry|subcontract|verified (?:me|us)\b")
# "20% of £2,000.00": what it is on.
_BASE = re.compile(
    r"(?:%|per ?cent|percent)(?: tax| deduction)?,? ?(?:of|on|from|x|against|\*)"
    r"(?: (?:the|your|a|gross|whole|entire|full|"
    r"labour|total|amount|"
    r"figure|wages|payment|sum|of))*:? ?$",
    re.IGNORECASE,
)
_WORKED_OUT = re.compile(r"[| ]*\d{1,2}(?:\.\d)? ?(?:%|per ?cent) ?(?:of|on|x|\*)? ?\xa3?\d", re.IGNORECASE)
_RATE_HEAD = re.compile(r"(?<!vat )\brate\b", re.IGNORECASE)


class Deduction(msgspec.Struct, frozen=True, gc=False):
    """A deduction as shown: the amount, where there is one, and its rate."""

    amount: Money | None
    rate: Percentage


def concerns_scheme(context: Context) -> bool:
    """Return whether the document is a statement of the scheme, or names it."""
    return context.document_type == "cis_statement" or _SCHEME.within(context.document.folded)


def sentences(context: Context) -> Iterator[tuple[int, int, str]]:
    """Yield the sentences that speak of this subcontractor, not of what holds in general."""
    document = context.document
    for index, sentence in enumerate(document.sentences):
        text = document.sentence_text(index)
        if not GENERAL.search(text):
            yield sentence.start, sentence.end, text


def deductions(context: Context) -> list[Deduction]:
    """Return the deductions whose rate is named, and beside or after it the amount."""
    found: list[Deduction] = []
    amounts: list[Money] = []
    folded = context.document.folded
    lead = ""
    for start, end, text in sentences(context):
        before, lead = lead, text
        is_one = _is_deduction(context, start, end, text) or _is_under_rate(context, start)
        if not (is_one or _is_worked_out(before, text)):
            continue
        rates, money = find_percentages(folded, start, end), find_amounts(folded, start, end)
        if rates:
            found.append(Deduction(_amount(folded, start, rates[0], money), rates[0]))
        elif money and DEDUCTION.search(text) and not NOT_DEDUCTION.search(text):
            amounts.append(money[-1])
    return _joined(found, amounts) if context.document_type == "cis_statement" else found


def _joined(found: list[Deduction], amounts: list[Money]) -> list[Deduction]:
    """Return them with the one amount that stands on a line of its own, where only the rate is named."""
    if not found or len(amounts) != 1 or any(one.amount for one in found):
        return found
    return [Deduction(amounts[0], found[-1].rate)]


def _is_deduction(context: Context, start: int, end: int, text: str) -> bool:
    if text.endswith("?") or OTHER_DEDUCTION.search(text):
        return False
    is_told = context.document_type == "cis_statement" or _SCHEME.within(context.document.folded, start, end)
    is_loose = is_told and LOOSE_DEDUCTION.search(text)
    return bool(is_loose or DEDUCTION.search(text))


def _is_worked_out(before: str, text: str) -> bool:
    """Whether a line works out what the sentence before speaks of: "20% x £4,000.00   - 800.00"."""
    return (
        _WORKED_OUT.match(text) is not None
        and DEDUCTION.search(before) is not None
        and not OTHER_DEDUCTION.search(before)
    )


def _is_under_rate(context: Context, start: int) -> bool:
    """Whether the table that a row of a statement stands in has a column for the rate."""
    document = context.document
    first = document.first_rows[document.sentences[document.sentence_at(start)].block]
    if first == -1 or context.document_type != "cis_statement":
        return False
    head = document.blocks[first]
    return _RATE_HEAD.search(document.folded, head.start, head.end) is not None


def _amount(folded: str, start: int, rate: Percentage, money: Sequence[Money]) -> Money | None:
    """Return the first amount after the rate that is not what it is taken of, else the last before it."""
    taken = [one for one in money if not _BASE.search(folded, start, one.start)]
    return next((one for one in taken if one.start >= rate.end), taken[-1] if taken else None)


def shown(found: list[Deduction]) -> Deduction | None:
    """Return the last deduction that has an amount, else the first rate named."""
    return next((one for one in reversed(found) if one.amount), found[0] if found else None)
