"""Invoices: lines with quantity and price, and the labelled totals."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal

import msgspec

from validation_engine.fields.amounts import Money, find_money, find_percentages
from validation_engine.scan.cue import Cue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Block, Document

TotalKind = Literal["net", "vat", "gross"]

_BARE = re.compile(r"(?<![\w.,/-])(-?\d{1,3}(?:,\d{3})+\.\d{2}|-?\d+\.\d{2})(?![\d%]|\.\d)")
_NET = re.compile(
    r"\b(?:net (?:total|amount|value|sum|price|goods)|total net|sub-? ?total|goods total|net(?! (?:pay|"
    r"paid|payment|payable)\b)|"
    r"total,? (?:\(?(?:excluding|excl?\.?|before|without|net of|less)\)? )vat\)?|total \(ex\.? ?vat\)|"
    r"amount before vat|"
    r"value of (?:goods|supply|work)|(?:total )?(?:ex|excl?\.?|excluding) vat)\b",
    re.IGNORECASE,
)
_VAT = re.compile(
    r"(?<!subject to )(?<!exempt from )(?<!without )(?<!\bno )\b(?:total vat|vat total|vat amount|"
    r"vat content|vat due|vat charged|vat|value added tax)\b",
    re.IGNORECASE,
)
_NOT_VAT = re.compile(r"\bvat (?:reg|registration|no\b|number|invoice|return|exempt|period)", re.IGNORECASE)
_GROSS = re.compile(
    r"\b(?:(?:grand |invoice |gross |overall |final )?totals?(?: (?:due|payable|amount|to pay|now due|owing|"
    r"credit(?:ed)?|paid|"
    r"\(?(?:including|incl?\.?|inclusive of|with) vat\)?))*|amount (?:due|payable|to pay|owing)|"
    r"balance (?:due|payable)|"
    r"total to pay|please pay|now due|to pay|gross(?: amount)?)\b",
    re.IGNORECASE,
)
_INCLUDES_VAT = re.compile(
    r"\b(?:including|includes?|incl?\.?|inclusive of|of which|contains?) (?:\S+ ){0,3}vat\b", re.IGNORECASE
)
_SUM = re.compile(
    r"(?<![\w.,])(?P<quantity>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?) ?(?P<unit>m[23]|"
    r"[a-z][a-z .²]{0,24}?)? ?(?:x|@|at|"
    r"\*) ?(?:[\xa3$\xa4] ?)?"
    r"(?P<price>\d[\d,]*(?:\.\d{1,4})?)(?P<per> ?(?:each|per [a-z]+|an? [a-z]+|/[a-z]+|p/[a-z]+|pp))?"
    r"(?: ?(?:=|:(?= )|-+|,|\.{2,}|comes to|is|\||  +) ?|  +)(?:[\xa3$\xa4] ?)?(?P<amount>\d[\d,]*\.\d{2}|"
    r"\d[\d,]*)(?![\d.%]*%)",
    re.IGNORECASE,
)
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
_PENCE = Cue(r"\d\.\d\d")
_TOTAL = Cue("net|total|vat|value|goods|gross|amount|balance|pay|due")
_LONGEST_LABEL = 400
_TIMES = Cue(r"(?:x|@|at|\*) ?(?:[\xa3$\xa4] ?)?\d")
# Of a block without breaks, no more than this describes one line.
_DESCRIPTION = 400
_PENNY = Decimal("0.01")
_LABEL_REACH = 30


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


class Total(msgspec.Struct, frozen=True, gc=False):
    """A labelled total, with the VAT rate named beside it where there is one."""

    kind: TotalKind
    amount: Decimal
    currency: str
    rate: Decimal | None
    start: int
    end: int
    line_start: int


class Invoice(msgspec.Struct, frozen=True):
    """Lines and totals as the document shows them."""

    lines: list[InvoiceLine]
    totals: list[Total]

    def all(self, kind: TotalKind) -> list[Total]:
        """Return the totals of a kind in reading order."""
        return [total for total in self.totals if total.kind == kind]

    def one(self, kind: TotalKind) -> Total | None:
        """Return the total of a kind: the last where it is repeated."""
        found = self.all(kind)
        return found[-1] if found else None


def read_invoice(document: Document) -> Invoice:
    """Return the lines and totals of an invoice or credit note."""
    totals = [total for block in document.blocks for total in _totals(document.folded, block)]
    return Invoice(list(_lines(document)), totals)


def money_in(folded: str, start: int, end: int) -> list[Money]:
    """Return amounts with a currency and bare amounts with two decimals, in reading order."""
    found = find_money(folded, start, end)
    if not _PENCE.within(folded, start, end):
        return found
    named, ends = iter(found.copy()), -1
    one = next(named, None)
    for bare in _BARE.finditer(folded, start, end):
        while one is not None and one.start <= bare.start():
            ends, one = one.end, next(named, None)
        if bare.start() >= ends:
            found.append(Money(Decimal(bare[1].replace(",", "")), "", bare.start(), bare.end()))
    found.sort(key=lambda one: one.start)
    return found


def _totals(folded: str, block: Block) -> Iterator[Total]:
    amounts = money_in(folded, block.start, block.end)
    at = block.start
    for index, money in enumerate(amounts):
        label = folded[max(at, money.start - _LONGEST_LABEL) : money.start]
        kind = _kind(label) if _TOTAL.within(folded, at, money.start) else None
        following = amounts[index + 1].start if index + 1 < len(amounts) else block.end
        if kind is not None:
            rates = find_percentages(folded, at, money.start) or find_percentages(
                folded, money.end, min(money.end + 12, following)
            )
            rate = rates[-1].value if rates and kind == "vat" else None
            yield Total(kind, money.amount, money.currency, rate, money.start, money.end, at)
        at = money.end


def _kind(label: str) -> TotalKind | None:
    """Return what the words before an amount call it; the last word wins."""
    best: tuple[int, TotalKind] | None = None
    for kind, pattern in (("net", _NET), ("vat", _VAT), ("gross", _GROSS)):
        for found in pattern.finditer(label):
            if kind == "vat" and _NOT_VAT.match(label, found.start()):
                continue
            candidate: tuple[int, TotalKind] = (found.end(), kind)  # type: ignore[assignment]
            if best is None or candidate[0] > best[0]:
                best = candidate
    if best is None or len(" ".join(label[best[0] :].split())) > _LABEL_REACH:
        return None
    if (
        best[1] == "vat"
        and _GROSS.search(label)
        and _INCLUDES_VAT.search(label)
        and not re.search(r"of which", label, re.IGNORECASE)
    ):
        return "gross" if _GROSS.search(label).start() < label.lower().rfind("vat") else "vat"  # type: ignore[union-attr]
    if (
        best[1] == "vat"
        and _NET.search(label)
        and re.search(r"\b(?:ex|excl|excluding|before|without|net of)\b", label, re.IGNORECASE)
    ):
        return "net"
    return best[1]


def _lines(document: Document) -> Iterator[InvoiceLine]:
    columns: dict[str, int] = {}
    width = 0
    for block in document.blocks:
        cells = cells_of(document, block)
        if len(cells) > 1:
            header = _header([document.folded[start:end] for start, end in cells])
            if header:
                columns, width = header, len(cells)
                continue
            placed = _placed(columns, width, len(cells))
            line = _from_cells(document.folded, cells, placed, block) if placed else None
            if line:
                yield line
                continue
        yield from _from_sum(document.folded, block)


def cells_of(document: Document, block: Block) -> list[tuple[int, int]]:
    """Return the spans of a row's cells, cut at bars, tabs or wide gaps."""
    if block.kind != "row":
        return [(block.start, block.end)]
    raw = document.text[block.start : block.end]
    cells, at = [], 0
    for gap in [*re.finditer(r"\s*\|\s*|\t+| {3,}", raw), None]:
        stop = gap.start() if gap else len(raw)
        piece = raw[at:stop]
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            cells.append((block.start + at + lead, block.start + at + len(piece.rstrip())))
        at = gap.end() if gap else stop
    return cells


def _placed(columns: dict[str, int], width: int, count: int) -> dict[str, int]:
    """Return the columns for a row; one with more cells than its header is counted from the right."""
    shift = count - width
    if shift <= 0:
        return columns
    return {name: at + shift if at else at for name, at in columns.items()}


def _header(cells: list[str]) -> dict[str, int]:
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
    folded: str, cells: list[tuple[int, int]], columns: dict[str, int], block: Block
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
    if amount is None or _kind(label + " "):
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


def _from_sum(folded: str, block: Block) -> Iterator[InvoiceLine]:
    if not _TIMES.within(folded, block.start, block.end):
        return
    for found in _SUM.finditer(folded, block.start, block.end):
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


def pennies(value: Decimal) -> Decimal:
    """Round to the penny, half up."""
    return value.quantize(_PENNY, ROUND_HALF_UP)
