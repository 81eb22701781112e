"""The VAT told rate by rate, as tills and summaries do: "20%   on 17.50   3.50"."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from validation_engine.fields.amounts import PENNY, find_percentages
from validation_engine.fields.invoice import pennies
from validation_engine.fields.invoice_lines import all_lines
from validation_engine.fields.invoice_totals import amounts_in
from validation_engine.lazy import per_document
from validation_engine.scan.cue import Cue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document
    from validation_engine.fields.amounts import Money

_VAT = Cue("vat|tax")
_OTHER = re.compile(r"\b(?:discount|deposit|retention|cis|interest|deduct\w*|reverse)\b", re.IGNORECASE)
_RATES = (Decimal(20), Decimal(5))
_LONGEST, _HEADERS = 200, 3
_SPLIT, _WITH_GROSS = 2, 3


class Share(NamedTuple):
    """What is charged at one rate, and where its VAT stands; `others` are the amounts beside it."""

    rate: Decimal
    vat: Money
    others: list[Decimal]

    def right(self) -> Decimal:
        """Return the VAT on the smallest amount beside it, which is the one without VAT."""
        return pennies(min(self.others) * self.rate / 100)

    def is_right(self) -> bool:
        """Whether it is the VAT on an amount beside it, or in one."""
        return any(
            abs(one * self.rate / by - self.vat.amount) <= PENNY
            for one in self.others
            for by in (Decimal(100), 100 + self.rate)
        )


@per_document
def vat_shares(document: Document) -> list[Share]:
    """Return the shares in reading order."""
    return list(_shares(document))


def _shares(document: Document) -> Iterator[Share]:
    lines, folded, blocks = {line.start for line in all_lines(document)}, document.folded, document.blocks
    for index, (block, amounts) in enumerate(zip(blocks, amounts_in(document), strict=True)):
        is_split = _SPLIT <= len(amounts) <= _WITH_GROSS and block.end - block.start <= _LONGEST
        if not is_split or block.start in lines:
            continue
        told = [one.value for one in find_percentages(folded, block.start, block.end)]
        rates = [one for one in told if one in _RATES]
        if len(rates) != 1 or 0 in told:
            continue
        above = blocks[max(index - _HEADERS, 0)].start
        is_told = block.kind == "row" or _VAT.within(folded, block.start, block.end)
        if not is_told or not _VAT.within(folded, above, block.end):
            continue
        if not _OTHER.search(folded, block.start, block.end):
            yield from _share(rates[0], amounts)


def _share(rate: Decimal, amounts: list[Money]) -> Iterator[Share]:
    vat = min(amounts, key=lambda one: one.amount)
    others = [one.amount for one in amounts if one is not vat]
    if 0 < vat.amount <= min(others) * rate / 50:  # twice what it should be, at most
        yield Share(rate, vat, others)
