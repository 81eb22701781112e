"""An invoice's totals: net, VAT and gross, named before the amount, after it, or by a table's last row."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from validation_engine.fields.amounts import PENNY, Money, find_amounts, find_percentages
from validation_engine.fields.invoice_labels import (
    INCLUDES_VAT,
    LABEL_REACH,
    VAT_IN_IT,
    WITHOUT,
    TotalKind,
    kind_of,
    kinds_in,
)
from validation_engine.lazy import per_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validation_engine.documents.model import Block, Document
    from validation_engine.fields.invoice_labels import Kinds

_A_RATE = r"(?:the )?\d[\d.]* ?(?:%|per ?cent)"
# "£340.00 net", "£68.00 VAT", "£408.00 to pay"
_AFTER = re.compile(
    rf" ?(?:(?P<net>net\b(?! of)|{WITHOUT}\b|(?:plus|\+) ?vat\b)|"
    rf"(?P<with>,? ?\(?(?:price )?inc(?:l|luding|ludes|lusive of)?\.? (?:{_A_RATE} )?vat\b|"
    rf",? ?\(?vat (?:(?:(?:at|@) ?)?{_A_RATE} )?(?:is )?incl(?:uded|usive)?\b)|"
    r"(?P<vat>(?:of )?vat\b)|"
    r"(?P<gross>(?:to pay|in total|altogether|in all|all told|all in|gross|total)\b))",
    re.IGNORECASE,
)
# "including £4.80 VAT": what stands before an amount that the words after it call VAT.
_BEFORE_VAT = re.compile(
    r"(?:^|\b(?:includ\w+|incl?|of which|contain\w*|plus|and|with))[ .(]*$", re.IGNORECASE
)
_ROW_OF_TOTALS = re.compile(r"[*_| ]*(?:invoice |grand |net |overall )?totals?\b", re.IGNORECASE)
_ON_PART = re.compile(r"\bvat\b[^\n\xa3]{0,16}%[^\n\xa3]{0,8}\b(?:on|of)\b[^\n%\xa3]{0,40}$", re.IGNORECASE)
_THEN_VAT = re.compile(r"[\s).:=,-]*(?:is|comes to|makes)?[\s=]*")
_LONGEST_LABEL, _LONGEST_INCLUDING = 400, 40
_RATE_REACH = 12
_COLUMNS = 3
_LETTER = re.compile(r"[a-z]", re.IGNORECASE)
_PARTING = (",", ";", ".", ")", "")


class Total(msgspec.Struct, frozen=True, gc=False):
    """A labelled total, with the VAT rate named beside it where there is one."""

    kind: TotalKind
    amount: Decimal
    currency: str
    rate: Decimal | None
    start: int
    end: int
    is_weak: bool = False


@per_document
def amounts_in(document: Document) -> list[list[Money]]:
    """Return the amounts of each block."""
    return find_amounts.by_block(document)


@per_document
def totals_in(document: Document) -> list[Total]:
    """Return the totals in reading order; those known by place alone only where no label names any."""
    amounts = amounts_in(document)
    named: list[Total] = []
    above, kinds = None, kinds_in(document)
    for block, found in zip(document.blocks, amounts, strict=True):
        if found:
            named += _of_block(document.folded, block, found, above, kinds)
        above = None if found else block
    named = _with_vat_in_them(document.folded, amounts, named)
    known = {total.kind for total in named if not total.is_weak}
    vat = next((total for total in named if total.kind == "vat"), None)
    gross = {total.amount for total in named if total.kind == "gross"}
    placed = _beside(document, amounts, vat) if vat else _nameless(document, amounts, gross)
    weak = [total for total in (*named, *placed) if total.is_weak and total.kind not in known]
    return sorted([*(one for one in named if not one.is_weak), *weak], key=lambda one: one.start)


def _with_vat_in_them(folded: str, amounts: list[list[Money]], named: list[Total]) -> list[Total]:
    """Return the totals, with a total what is called "Including VAT" and is the largest amount shown."""
    largest = max((one.amount for found in amounts for one in found), default=Decimal(0))
    return [
        msgspec.structs.replace(one, kind="gross", rate=None)
        if one.kind == "vat"
        and one.amount == largest
        and any(
            said.search(folded, max(one.start - _LONGEST_INCLUDING, 0), one.start)
            for said in (INCLUDES_VAT, VAT_IN_IT)
        )
        else one
        for one in named
    ]


def _of_block(
    folded: str, block: Block, amounts: list[Money], above: Block | None, kinds: Kinds
) -> Iterator[Total]:
    """Yield the totals of a block; a label may have begun in the one above, where that has no amount."""
    if len(amounts) >= _COLUMNS and _ROW_OF_TOTALS.match(folded, block.start):
        yield from _of_row(amounts[-_COLUMNS:])
        return
    at = block.start
    for index, money in enumerate(amounts):
        following = amounts[index + 1].start if index + 1 < len(amounts) else block.end
        label = folded[max(at, money.start - _LONGEST_LABEL) : money.start]
        if (
            following < block.end
            and amounts[index + 1].amount < money.amount
            and _ON_PART.search(label)
            and _THEN_VAT.fullmatch(folded, money.end, following)
        ):
            continue
        kind = kind_of(label, kinds)
        if kind is None and index == 0 and above and label.lstrip()[:1].islower():
            begun = folded[max(above.start, above.end - _LONGEST_LABEL) : above.end]
            kind = kind_of(re.sub(r"\([^)]*\)", "", f"{begun} {label}"), kinds)
        if kind is not None:
            rate = _rate(folded, at, money, following) if kind == "vat" else None
            is_weak = block.kind != "row" and block.end - money.end > LABEL_REACH  # told, not listed
            yield Total(kind, money.amount, money.currency, rate, money.start, money.end, is_weak)
        after = _named_after(folded, money, following, label) if money.end < following else None
        if kind is None and after is not None:
            yield after[0]
        ends = after is not None and folded[after[1] : after[1] + 1] in _PARTING
        at = after[1] if after is not None and ends else money.end


def _rate(folded: str, at: int, money: Money, following: int) -> Decimal | None:
    """Return the rate that stands before an amount of VAT, else right after it."""
    rates = find_percentages(folded, at, money.start)
    if not rates and money.end < following:
        rates = find_percentages(folded, money.end, min(money.end + _RATE_REACH, following))
    return rates[-1].value if rates else None


def _named_after(folded: str, money: Money, following: int, before: str) -> tuple[Total, int] | None:
    """Return the total that words right after an amount make it, and where they end."""
    found = _AFTER.match(folded, money.end, following)
    if found is None or (found["vat"] and not _BEFORE_VAT.search(before.strip(" -*|,;+="))):
        return None
    kind: TotalKind = "net" if found["net"] else "vat" if found["vat"] else "gross"
    end = min(found.end() + _RATE_REACH, following)
    rates = find_percentages(folded, found.end(), end) if kind == "vat" else []
    rate = rates[0] if rates else None
    total = Total(
        kind, money.amount, money.currency, rate.value if rate else None, money.start, money.end, is_weak=True
    )
    return total, rate.end if rate else found.end()


def _of_row(columns: list[Money]) -> Iterator[Total]:
    """Yield the totals of a table's last row, where they can be net, VAT and gross."""
    net, vat, gross = (abs(one.amount) for one in columns)
    if vat < net <= gross:
        kinds: tuple[TotalKind, ...] = ("net", "vat", "gross")
        for kind, one in zip(kinds, columns, strict=True):
            yield Total(kind, one.amount, one.currency, None, one.start, one.end)


def _nameless(document: Document, amounts: Sequence[list[Money]], gross: set[Decimal]) -> Iterator[Total]:
    """Yield net and VAT where a row under a table has nothing but them, and they come to a total named."""
    for block, columns in zip(document.blocks, amounts, strict=True):
        if len(columns) != _COLUMNS - 1 or columns[0].amount + columns[1].amount not in gross:
            continue
        net, vat = columns
        if 0 < vat.amount <= net.amount / 5 + PENNY and not _LETTER.search(
            document.folded, block.start, block.end
        ):
            yield Total("net", net.amount, net.currency, None, net.start, net.end, is_weak=True)
            yield Total("vat", vat.amount, vat.currency, None, vat.start, vat.end, is_weak=True)


def _beside(document: Document, amounts: Sequence[list[Money]], vat: Total) -> Iterator[Total]:
    """Yield the bare amounts on the lines before and after the VAT: what it is on, and both together."""
    filled = [index for index, found in enumerate(amounts) if found]
    for first, second in pairwise(filled):
        for own, other, kind in ((second, first, "net"), (first, second, "gross")):
            if not document.blocks[own].start <= vat.start < document.blocks[own].end:
                continue
            block, money = document.blocks[other], amounts[other][0]
            is_alone = len(amounts[other]) == 1
            if is_alone and not document.folded[block.start : block.end].strip(" \xa3$\xa4.,|*-0123456789"):
                yield Total(
                    kind,  # type: ignore[arg-type]
                    money.amount,
                    money.currency,
                    None,
                    money.start,
                    money.end,
                    is_weak=True,
                )
