"""The deduction that a statement or an invoice shows, and the labour and materials beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from validation_engine.checks.cis_columns import labour_table
from validation_engine.checks.cis_wording import (
    DEDUCTION,
    GENERAL,
    GROSS,
    LABOUR,
    LOOSE_DEDUCTION,
    MATERIALS,
    NOT_DEDUCTION,
    OTHER_DEDUCTION,
    RESTATED,
)
from validation_engine.checks.layout import first_rows
from validation_engine.fields.amounts import find_percentages
from validation_engine.fields.invoice_totals import money_in
from validation_engine.scan.cue import Cue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from validation_engine.checks.registry import Context
    from validation_engine.fields.amounts import Money, Percentage

_SCHEME = Cue(r"\bcis\b|construction industry|subcontract")
# "20% of £2,000.00": what it is on.
_BASE = re.compile(
    r"(?:%|per ?cent|percent)(?: tax| deduction)?,? ?(?:of|on|from|x|against|\*)(?: (?:the|your|a|gross|"
    r"labour|total|amount|"
    r"figure|wages|payment|sum|of))*:? ?$",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\bbefore (?:the |any |cis )?(?:deductions?|tax)\b", re.IGNORECASE)
_RATE_HEAD = re.compile(r"(?<!vat )\brate\b", re.IGNORECASE)
_FOR = re.compile(
    r" ?\(?(?:for|of|in|on|as)(?: (?!and\b|materials\b|labour\b)[\w'-]+| and(?= (?!\xa3)))*? ?", re.IGNORECASE
)
_UP_TO = re.compile(r"(?!.* and )[^,;]{0,30}", re.IGNORECASE)


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
    for start, end, text in sentences(context):
        if not (_is_deduction(context, text) or _is_under_rate(context, start)):
            continue
        rates, money = find_percentages(folded, start, end), money_in(folded, start, end)
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


def _is_deduction(context: Context, text: str) -> bool:
    if text.endswith("?") or OTHER_DEDUCTION.search(text):
        return False
    is_loose = context.document_type == "cis_statement" and LOOSE_DEDUCTION.search(text)
    return bool(is_loose or DEDUCTION.search(text))


def _is_under_rate(context: Context, start: int) -> bool:
    """Whether the table that a row of a statement stands in has a column for the rate."""
    document = context.document
    first = first_rows(document)[document.sentences[document.sentence_at(start)].block]
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


def labour_and_materials(context: Context) -> tuple[Decimal | None, Decimal | None]:
    """Return both, by their column or their label, or by what the gross leaves for one of them."""
    table = labour_table(context.document)
    labour = table.sum("labour") if table else None
    materials = table.sum("materials") if table else None
    if labour is not None and materials is not None:
        return labour, materials
    labour, materials, gross = (_labelled(context, pattern) for pattern in (LABOUR, MATERIALS, GROSS))
    if labour is None and gross is not None and materials is not None:
        labour = gross - materials
    if labour is not None and gross is not None and not materials:
        materials = gross - labour
    return labour, materials


def _labelled(context: Context, pattern: re.Pattern[str]) -> Decimal | None:
    """Return the sum of the line amounts whose own label is of one kind, else of those in prose."""
    sums: dict[bool, Decimal] = {}
    folded = context.document.folded
    for start, end, text in sentences(context):
        money = [] if "%" in text or not pattern.search(text) else money_in(folded, start, end)
        named = _named(pattern, text, start, money) if money else None
        if named is None:
            continue
        amount, is_told = abs(named.amount), bool(folded[named.end : end].strip(" |*)-"))
        if is_told not in sums or pattern is GROSS:
            sums[is_told] = amount
        elif not RESTATED.search(text):
            sums[is_told] += amount
    return sums.get(False, sums.get(True))


def _named(pattern: re.Pattern[str], text: str, start: int, money: list[Money]) -> Money | None:
    """Return the amount that a sentence calls so: "£400 for labour", "labour £400", or its last one."""
    for word in pattern.finditer(text):
        before = next((one for one in reversed(money) if one.end - start <= word.start()), None)
        if before and _FOR.fullmatch(text, before.end - start, word.start()):
            return before
        after = next((one for one in money if one.start - start >= word.end()), None)
        if (
            after
            and len(money) > 1
            and _kinds(text) > 1
            and _UP_TO.fullmatch(text, word.end(), after.start - start)
        ):
            return after
        if before and len(money) > 1 and before.end - start + 1 == word.start():
            return before
    has_labour = LABOUR.search(text) is not None
    if has_labour and pattern is not LABOUR:
        return None
    return money[-1] if has_labour or not DEDUCTION.search(_BEFORE.sub("", text)) else None


def _kinds(text: str) -> int:
    return sum(pattern.search(text) is not None for pattern in (LABOUR, MATERIALS, GROSS))
