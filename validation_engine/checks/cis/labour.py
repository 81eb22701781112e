"""The labour and the materials that a statement or an invoice of the scheme shows apart."""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING

from validation_engine.checks.cis.columns import labour_table
from validation_engine.checks.cis.deduction import sentences
from validation_engine.checks.cis.wording import DEDUCTION, GROSS, LABOUR, MATERIALS, RESTATED
from validation_engine.fields.amounts import find_amounts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validation_engine.checks.registry import Context
    from validation_engine.documents.model import Block, Document
    from validation_engine.fields.amounts import Money
    from validation_engine.fields.invoice_table import InvoiceLine

_DIGIT, _RULES = re.compile(r"\d"), " -_=*:|.~#"
_LONGEST_HEAD, _HEAD_WORDS = 160, 4
_BEFORE = re.compile(r"\bbefore (?:the |any |cis )?(?:deductions?|tax)\b", re.IGNORECASE)
_FOR = re.compile(
    r" ?\(?(?:for|of|in|on|as)(?: (?!and\b|materials\b|labour\b)[\w'-]+| and(?= (?!\xa3)))*? ?", re.IGNORECASE
)
_THAT_IS = re.compile(r",? (?:that(?: is|'s)|which (?:is|makes|comes to)|so|making|=) ?", re.IGNORECASE)
_ENDS_IN_FIGURE = re.compile(r"\d[\d,.]*\W*$")
_SIDE_BY_SIDE = re.compile(
    r"\blabour(?: of)?:? \xa3(?P<labour>\d[\d,]*(?:\.\d\d)?)(?:,? (?:and|plus)|[,;]|,? \+)"
    r" materials(?: of)?:? \xa3(?P<materials>\d[\d,]*(?:\.\d\d)?)",
    re.IGNORECASE,
)
_LABOUR_ITSELF = re.compile(r"\b(?:labour|wages)\b", re.IGNORECASE)
_UP_TO = re.compile(r"(?!.* and )[^,;]{0,30}", re.IGNORECASE)


def labour_and_materials(context: Context) -> tuple[Decimal | None, Decimal | None]:
    """Return both, by their column or their label, or by what the gross leaves for one of them."""
    table = labour_table(context.document)
    labour = table.sum("labour") if table else None
    materials = table.sum("materials") if table else None
    if labour is not None and materials is not None:
        return labour, materials
    labour, materials = headed(context.fields.invoice.lines, context.document)
    if labour and materials:
        return labour, materials
    together = _together(context)
    if together is not None:
        return together
    labour, materials, gross = (_labelled(context, pattern) for pattern in (LABOUR, MATERIALS, GROSS))
    if gross is not None and materials is not None:
        labour = _rest(context, labour, gross, materials)
    if labour is not None and gross is not None and not materials:
        materials = gross - labour
    return labour, materials


def _rest(context: Context, labour: Decimal | None, gross: Decimal, materials: Decimal) -> Decimal:
    """Return the labour; where only the gross itself is called liable, what the materials leave of it."""
    if labour is None:
        return gross - materials
    is_apart = gross + materials in {one.amount for one in context.fields.money}
    if labour != gross or is_apart or _labelled(context, _LABOUR_ITSELF) is not None:
        return labour
    return gross - materials


def _together(context: Context) -> tuple[Decimal, Decimal] | None:
    """Return both where one sentence names them side by side, and their sum is shown too."""
    shown = {one.amount for one in context.fields.money}
    for _, _, text in sentences(context):
        found = _SIDE_BY_SIDE.search(text)
        if found:
            labour, materials = (Decimal(found[name].replace(",", "")) for name in ("labour", "materials"))
            if labour + materials in shown:
                return labour, materials
    return None


def headed(lines: Sequence[InvoiceLine], document: Document) -> tuple[Decimal, Decimal]:
    """Return what the lines under a heading of labour, and under one of materials, come to."""
    heads = [(block.start, _heads(document, block)) for block in document.blocks]
    heads = [(start, kind) for start, kind in heads if kind]
    starts, sums = [start for start, _ in heads], dict.fromkeys(("labour", "materials", "else"), Decimal(0))
    for line in lines:
        at = bisect_right(starts, line.start) - 1
        if at >= 0 and line.amount is not None:
            sums[heads[at][1]] += line.amount
    return sums["labour"], sums["materials"]


def _heads(document: Document, block: Block) -> str:
    """Return whether a block heads lines of "labour", of "materials" or of anything "else"."""
    if block.end - block.start > _LONGEST_HEAD:
        return ""
    text = document.folded[block.start : block.end].strip(_RULES)
    if not text or len(text.split()) > _HEAD_WORDS or _DIGIT.search(text):
        return ""
    return "labour" if LABOUR.match(text) else "materials" if MATERIALS.match(text) else "else"


def _lines(context: Context) -> Iterator[tuple[int, int, str]]:
    """Yield the lines of a statement, each with the line before it where its label begins there."""
    before = -1
    for start, end, text in _cut(context):
        is_rest = before >= 0 and text[:1].islower()
        begin = before if is_rest else start
        yield begin, end, context.document.folded[begin:end]
        before = -1 if _DIGIT.search(text) else start


def _cut(context: Context) -> Iterator[tuple[int, int, str]]:
    """Yield the sentences, cut at the line breaks where every line ends in a figure of its own."""
    for start, end, text in sentences(context):
        lines = context.document.text[start:end].split("\n")
        if len(lines) == 1 or not all(_ENDS_IN_FIGURE.search(line) for line in lines):
            yield start, end, text
            continue
        at = start
        for line in lines:
            yield at, at + len(line), context.document.folded[at : at + len(line)]
            at += len(line) + 1


def _labelled(context: Context, pattern: re.Pattern[str]) -> Decimal | None:
    """Return the sum of the line amounts whose own label is of one kind, else of those in prose."""
    sums: dict[bool, Decimal] = {}
    folded = context.document.folded
    for start, end, text in _lines(context):
        money = [] if "%" in text or not pattern.search(text) else find_amounts(folded, start, end)
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
        if after and _THAT_IS.fullmatch(text, word.end(), after.start - start):
            return after
        if before and len(money) > 1 and before.end - start + 1 == word.start():
            return before
    has_labour = LABOUR.search(text) is not None
    if has_labour and pattern is not LABOUR:
        return None
    return money[-1] if has_labour or not DEDUCTION.search(_BEFORE.sub("", text)) else None


def _kinds(text: str) -> int:
    return sum(pattern.search(text) is not None for pattern in (LABOUR, MATERIALS, GROSS))
