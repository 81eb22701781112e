"""An invoice's lines where no row holds them: a card of labels, or amounts told one after another."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from validation_engine.fields.invoice_table import InvoiceLine
from validation_engine.fields.invoice_totals import amounts_in, totals_in
from validation_engine.scan.cue import Cue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Block, Document
    from validation_engine.fields.amounts import Money
    from validation_engine.fields.invoice_totals import Total

_COUNT = Cue("qty|quantity|hours|days|weeks|units")
_VALUE = r"[^:|\n\d\xa3]{0,24}[:|]\W*"
_QUANTITY = re.compile(
    rf"\W*(?:qty|quantity|(?:no\.?|number) of \w+|hours|days|weeks|units){_VALUE}"
    r"(\d[\d,]*(?:\.\d+)?)(?: [a-z]+)?[ |]*",
    re.IGNORECASE,
)
_PRICE = re.compile(
    rf"\W*(?:(?:unit|item) (?:price|cost)|price|(?:(?:hour|dai|week)ly |day )?rate|cost per){_VALUE}"
    r"(\d[\d,]*(?:\.\d+)?)(?![\d.]*%)[^\d%\n]*",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    rf"\W*(?:line (?:total|amount|value)|amount|item total|net(?: amount| total)?|sub-?total|charge){_VALUE}"
    r"(\d[\d,]*(?:\.\d\d)?)[ |]*",
    re.IGNORECASE,
)
_CARD, _LONGEST_CARD = (_QUANTITY, _PRICE, _AMOUNT), 80
# What names an amount in a list: a few words and no figure, after the amount, stop or colon before it.
_LABEL = re.compile(
    r"(?:^|[,;:.]|\n|\band\b)\s*(?:and |plus |(?:we (?:charge|bill) (?:you )?)?for (?:an? |the )?)?"
    r"(?P<label>[a-z][a-z'&/() -]{2,48}?)[ :=-]*$",
    re.IGNORECASE,
)
_NO_LABEL = re.compile(
    r"\b(?:deposit|paid|received|less|discount|rebate|balance|carried|brought|credit|deduct\w*|rate|due|cis|"
    r"value|price|at|per|each|from|of|to|for|was|is|over|under|than|previous\w*|contract|quot\w+|estimate\w*|"
    r"including|budget|original|vat|tax|total|we|you|your)\b",
    re.IGNORECASE,
)
_SEVERAL, _LABEL_REACH = 2, 60


def cards(document: Document) -> Iterator[InvoiceLine]:
    """Yield the lines told label by label: "Quantity: 5", "Unit price: £90.00", "Line total: £450.00"."""
    seen = -1
    for index in _COUNT.sentences(document):
        at = document.sentences[index].block
        if at == seen:
            continue
        seen = at
        found = list(_card(document, at))
        if len(found) == len(_CARD):
            quantity, price, amount = (Decimal(one[1].replace(",", "")) for one in found)
            start, end = document.blocks[at].start, document.blocks[at + 2].end
            yield InvoiceLine("", quantity, price, amount, None, start, end, *found[2].span(1))


def _card(document: Document, at: int) -> Iterator[re.Match[str]]:
    """Yield the labels of a card, block after block, up to the first that is none of its own."""
    for pattern, block in zip(_CARD, document.blocks[at : at + len(_CARD)], strict=False):
        is_short = block.end - block.start <= _LONGEST_CARD
        found = pattern.fullmatch(document.folded, block.start, block.end) if is_short else None
        if found is None:
            return
        yield found


def told_in_a_row(document: Document) -> list[InvoiceLine]:
    """Return the amounts that a sentence lists right before its net total: "doors £40.00, glass £9.50. Net".

    Nothing where one of those before the net total is anything else than a line.
    """
    net = next((one for one in totals_in(document) if one.kind == "net"), None)
    if net is None:
        return []
    return next(
        (
            _listed(document.folded, block, [one for one in found if one.start < net.start], net)
            for block, found in zip(document.blocks, amounts_in(document), strict=True)
            if block.start <= net.start < block.end
        ),
        [],
    )


def _listed(folded: str, block: Block, before: list[Money], net: Total) -> list[InvoiceLine]:
    found: list[InvoiceLine] = []
    at = block.start
    for one in before:
        label = _LABEL.search(folded, max(at, one.start - _LABEL_REACH), one.start)
        if label is None or _NO_LABEL.search(label["label"]) or one.currency != net.currency:
            return []
        place = (label.start("label"), one.end, one.start, one.end)
        found.append(InvoiceLine(label["label"], None, None, one.amount, None, *place))
        at = one.end
    return found if len(found) >= _SEVERAL else []
