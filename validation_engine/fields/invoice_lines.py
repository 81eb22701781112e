"""An invoice's lines: rows under a header, and sums written out."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from validation_engine.fields.amounts import find_percentages
from validation_engine.fields.holding import each_block
from validation_engine.fields.invoice_totals import kind_of, kinds_in
from validation_engine.lazy import per_document
from validation_engine.scan.cue import Cue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Block, Document
    from validation_engine.fields.invoice_totals import Kinds

_SUM = re.compile(
    r"(?<![\w.,])(?P<quantity>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?) ?(?P<unit>m[23]|"
    r"[a-z][a-z .²]{0,24}?)? ?(?:x|@|at|"
    r"\*) ?(?:[\xa3$\xa4] ?)?"
    r"(?P<price>\d[\d,]*(?:\.\d{1,4})?)(?P<per> ?(?:each|(?:per |/|p/)[a-z]+[23²³]?|an? [a-z]+|pp))?"
    r"(?: ?(?:=|:(?= )|-+|,|\.{2,}|comes to|is|\||  +) ?|  +)(?:[\xa3$\xa4] ?)?(?P<amount>\d[\d,]*\.\d{2}|"
    r"\d[\d,]*)(?![\d.%]*%)",
    re.IGNORECASE,
)
_APART = re.compile(r"(?P<label>[^\n]*\S) {3,}[\xa3$\xa4]? ?(?P<amount>\d[\d,]*\.\d{2})")
_SHARED = re.compile(r"\d[\d.,]*\s+\S")
_NO_LINE = re.compile(
    r"\b(?:deposit|paid|received|less|discount|rebate|balance|carried|brought|credit|deduct\w*|rate|shipping|"
    r"carriage|postage|delivery|due)\b",
    re.IGNORECASE,
)
# Without one of these, "25 x 50" is a size.
_IS_MONEY = re.compile(r"[\xa3$\xa4]|\.\d\d\b|\b(?:each|per|an? )")
_HEADER = {
    "quantity": re.compile(r"^(?:qty|quantity|hours|days|units|no\.?|hrs|number)\b", re.IGNORECASE),
    "price": re.compile(
        r"^(?:unit (?:price|cost)|price|rate(?! of vat)|each|cost|price each|unit|day rate|hourly rate)\b",
        re.IGNORECASE,
    ),
    "amount": re.compile(
        r"^(?:(?:line )?(?:total|amount|net(?: amount)?|value)|net\b.*|amount.*|total.*)$", re.IGNORECASE
    ),
    "rate": re.compile(r"^(?:vat(?: rate)?(?: ?%)?|vat %|rate of vat|tax)$", re.IGNORECASE),
    "description": re.compile(
        r"^(?:description|item|details?|goods|services?|work|product|particulars)", re.IGNORECASE
    ),
}
_BARS, _GAPS = re.compile(r"\s*\|\s*|\t+| {3,}"), re.compile(r"\t+| {3,}")
_TIMES = Cue(r"(?:x|@|at|\*) ?(?:[\xa3$\xa4] ?)?\d")
# Of a block without breaks, no more than this describes one line.
_DESCRIPTION = 400


class InvoiceLine(msgspec.Struct, frozen=True, gc=False):
    """One line: quantity times unit price should be the amount; any may be absent."""

    description: str
    quantity: Decimal | None
    unit_price: Decimal | None
    amount: Decimal | None
    rate: Decimal | None
    start: int
    end: int
    amount_start: int
    amount_end: int


@per_document
def find_lines(document: Document) -> list[InvoiceLine]:
    """Return the lines in reading order."""
    return list(_lines(document))


def _lines(document: Document) -> Iterator[InvoiceLine]:
    columns: dict[str, int] = {}
    width, so_far, kinds = 0, Decimal(0), kinds_in(document)
    for block, has_times in each_block(document, _TIMES):
        cells = cells_of(document, block) if block.kind == "row" else []
        if len(cells) > 1:
            header = _header([document.folded[start:end] for start, end in cells])
            if header:
                columns, width = header, len(cells)
                continue
            first = document.folded[slice(*cells[0])]
            placed = _placed(columns, width, len(cells), first)
            line = _from_cells(document.folded, cells, placed, block, kinds) if placed else None
            if line:
                yield line
                continue
        sums = list(_from_sum(document.folded, block)) if has_times else []
        if not sums and so_far:
            # An amount that equals all before it is their total.
            sums = [one for one in _without_quantity(document.folded, block, kinds) if one.amount != so_far]
        yield from sums
        so_far = sum((one.amount or Decimal(0) for one in sums), so_far) if sums else Decimal(0)


def cells_of(document: Document, block: Block) -> list[tuple[int, int]]:
    """Return the spans of a row's cells, cut at bars, tabs or wide gaps."""
    raw = document.text[block.start : block.end] if block.kind == "row" else ""
    if not ("|" in raw or "\t" in raw or "   " in raw):
        return [(block.start, block.end)]
    cells, at = [], 0
    for gap in [*(_BARS if "|" in raw else _GAPS).finditer(raw), None]:
        stop = gap.start() if gap else len(raw)
        piece = raw[at:stop]
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            cells.append((block.start + at + lead, block.start + at + len(piece.rstrip())))
        at = gap.end() if gap else stop
    return cells


def _placed(columns: dict[str, int], width: int, count: int, first: str) -> dict[str, int]:
    """Return the columns for a row; one with more cells than its header is counted from the right.

    Args:
        columns: Where the header has them.
        width: How many cells the header has.
        count: How many the row has.
        first: The row's first cell: it may hold a quantity with what it counts ("9.5 h  Redesign"), or
            a description that the header has no word for.
    """
    shift = count - width
    if shift == -1 and columns.get("quantity") == 0 and _SHARED.match(first):
        return {name: max(at - 1, 0) for name, at in columns.items()}
    if shift <= 0:
        return columns
    if shift == 1 and "description" not in columns and first[:1].isalpha():
        return {name: at + 1 for name, at in columns.items()}
    return {name: at + shift if at else at for name, at in columns.items()}


def _header(cells: list[str]) -> dict[str, int]:
    if not any(_HEADER["amount"].match(cell.strip(" :*")) for cell in cells):
        return {}
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        for name, pattern in _HEADER.items():
            fresh = name not in found or (
                name == "price" and cells[found[name]].strip(" :*").lower() == "unit"
            )
            if fresh and pattern.match(cell.strip(" :*")) and not re.search(r"\d", cell):
                found[name] = index
                break
    return found if len(found) > 1 and "amount" in found else {}


def _from_cells(
    folded: str, cells: list[tuple[int, int]], columns: dict[str, int], block: Block, kinds: Kinds
) -> InvoiceLine | None:
    def number(name: str) -> tuple[Decimal, int, int] | None:
        at = columns.get(name)
        if at is None or at >= len(cells):
            return None
        found = re.search(r"-?\d[\d,]*(?:\.\d+)?", folded[cells[at][0] : cells[at][1]])
        if not found:
            return None
        return Decimal(found[0].replace(",", "")), cells[at][0] + found.start(), cells[at][0] + found.end()

    amount, quantity, price, rate = number("amount"), number("quantity"), number("price"), number("rate")
    if rate and not _is_rate(folded[slice(*cells[columns["rate"]])]):
        rate = None
    label = folded[cells[0][0] : cells[0][1]]
    if amount is None or kind_of(label + " ", kinds):
        return None
    return InvoiceLine(
        folded[slice(*cells[columns.get("description", 0)])]
        if columns.get("description", 0) < len(cells)
        else label,
        quantity[0] if quantity else None,
        price[0] if price else None,
        amount[0],
        rate[0] if rate else None,
        block.start,
        block.end,
        amount[1],
        amount[2],
    )


def _is_rate(cell: str) -> bool:
    """Whether a cell under "VAT" holds a rate and not an amount."""
    return "%" in cell or (re.fullmatch(r"\W*\d{1,2}(?:\.\d)?\W*", cell) is not None and "\xa3" not in cell)


def _without_quantity(folded: str, block: Block, kinds: Kinds) -> Iterator[InvoiceLine]:
    """Yield the line that a block is where an amount stands apart at its end: "Hire of a lift    £185.00"."""
    found = _APART.fullmatch(folded, block.start, block.end)
    if found and kind_of(found["label"] + " ", kinds) is None and not _NO_LINE.search(found["label"]):
        amount = Decimal(found["amount"].replace(",", ""))
        label = found["label"].strip(" -:,|*")
        yield InvoiceLine(label, None, None, amount, None, block.start, block.end, *found.span("amount"))


def _sums(folded: str, at: int, end: int) -> Iterator[re.Match[str]]:
    while found := _SUM.search(folded, at, end):
        is_sum = _IS_MONEY.search(found[0]) is not None
        at = found.end() if is_sum else found.end("price")
        if is_sum:
            yield found


def _from_sum(folded: str, block: Block) -> Iterator[InvoiceLine]:
    for found in _sums(folded, block.start, block.end):
        quantity = Decimal(found["quantity"].replace(",", ""))
        price, amount = Decimal(found["price"].replace(",", "")), Decimal(found["amount"].replace(",", ""))
        rates = find_percentages(folded, found.end(), min(found.end() + 16, block.end))
        yield InvoiceLine(
            folded[max(block.start, found.start() - _DESCRIPTION) : found.start()].strip(" -:,|*"),
            quantity,
            price,
            amount,
            rates[0].value if rates else None,
            block.start,
            block.end,
            *found.span("amount"),
        )
