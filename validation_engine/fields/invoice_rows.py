"""The rows of an invoice's table: cells, what the header calls their columns, and the numbers in them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from validation_engine.documents.model import Block, Document

Column = Literal["quantity", "price", "amount", "rate", "description", "other"]

_GAPS = re.compile(r"\t+| {2,}|[. ]*\.{3,}[. ]*")
_LONGEST_ROW, _FEWEST_COLUMNS = 2_000, 2
_FIGURES = re.compile(r"\d[\d.]")
# The first that fits a header's whole cell tells its column.
_COLUMN = re.compile(
    r"(?P<rate>(?:vat|tax) ?(?:rate|%|code)?|rate of vat|vat rate ?%?|vat ?%)|"
    r"(?P<other>(?:vat|tax) (?:amount|due|total)?|gross.*|.*\binc\w*\.? vat|date|from|to)|"
    r"(?P<quantity>(?:qty|quantity|quant|hours?|hrs?|days?|units|nos?|number|time|copies|nights|weeks?|months|"
    r"visits?|sessions?|lessons?|classes|walks|pieces|pcs|litres|tonnes|metres|area|people|guests|heads?|pages|"
    r"words|how many|count)\b.*)|"
    r"(?P<price>(?:(?:unit|item|net) )?(?:price|cost|rate|charge)(?: each|/\w+| per \w+| ?@)?|each|per \w+|"
    r"(?:day|hour|hourly|daily|weekly|piece) ?rate|rate ?/ ?\w+|\w+ (?:price|rate) each|@|at|"
    r"(?:price|rate|cost|charge)\b.*)|"
    r"(?P<amount>(?:line |item |sub-?|ext(?:ended)? |net |goods )*(?:total|amount|value|sum|fee|net|"
    r"money|makes|ext(?:ended)?|nett|price|cost|charge)\b.*|total.*|amount.*)|"
    r"(?P<description>(?:description|items?|details?|goods|services?|work|product|particulars|what|task|title|"
    r"activity)\b.*)",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"\(?(?:\xa3|\xa4|\$|GBP|EUR|USD)\)?", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:(?:[x@]|at\b) ?)?(?P<minus>[-(]{0,2})(?P<money>US\$|[\xa3$\xa4]|(?:GBP|EUR|USD)\b)? ?-?"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)\)?(?P<after>.*)",
    re.IGNORECASE,
)
_UNIT = re.compile(r"(?: ?(?:/|per )? ?[a-z][a-z0-9.' \xb2]{0,15})?[ )]*(?:\([^)]*\))?", re.IGNORECASE)
_PENCE = re.compile(r"p\b")
_LEADING = re.compile(r"(\d[\d,]*(?:\.\d+)?)(?=\s+[^\W\d])")
# What this heads tells the VAT of each rate, not lines.
_SUMMARY = re.compile(r"(?:vat|tax|rate|code|summary|analysis)\b", re.IGNORECASE)
_UNIT_WORD = ("unit", "uom", "units")


class Cell(msgspec.Struct, frozen=True, gc=False):
    """A cell's span in the document, and where it stands in its row: characters, or the column's number."""

    start: int
    end: int
    left: int
    right: int


class Number(msgspec.Struct, frozen=True, gc=False):
    """What a cell counts: an amount, a rate in per cent, or a bare number; the span is the figures'."""

    value: Decimal
    kind: Literal["money", "rate", "plain"]
    start: int
    end: int


def cells_of(document: Document, block: Block) -> list[Cell]:
    """Return the cells of a row, cut at bars, tabs or wide gaps; empty ones are left out."""
    if block.kind != "row" or block.end - block.start > _LONGEST_ROW:
        return []
    begin = document.text.rfind("\n", 0, block.start) + 1
    raw = document.text[begin : block.end]
    sign = "|" if "|" in raw else "\t" if "\t" in raw.strip() else ""
    return _columns(raw, begin, sign) if sign else _far_apart(raw, begin)


def _columns(raw: str, begin: int, sign: str) -> list[Cell]:
    cells, at = [], begin
    for index, piece in enumerate(raw.split(sign)):
        if text := piece.strip():
            start = at + piece.index(text)
            cells.append(Cell(start, start + len(text), index, index))
        at += len(piece) + 1
    return cells


def _far_apart(raw: str, begin: int) -> list[Cell]:
    cells, at = [], 0
    for stop, following in [*(gap.span() for gap in _GAPS.finditer(raw)), (len(raw), 0)]:
        if text := raw[at:stop].strip():
            left = raw.index(text, at)
            cells.append(Cell(begin + left, begin + left + len(text), left, left + len(text)))
        at = following
    return cells


def header_of(folded: str, cells: list[Cell]) -> list[Column]:
    """Return what each cell of a header calls its column; nothing where the row is no header."""
    if len(cells) < _FEWEST_COLUMNS or _FIGURES.search(folded, cells[0].start, cells[-1].end):
        return []
    texts = [folded[cell.start : cell.end].strip(" :*_").lower() for cell in cells]
    if any(": " in text for text in texts):
        return []
    names = [_column(text) for text in texts]
    if "amount" not in names and {"quantity", "price"} <= set(names[:-1]) and _is_unnamed(texts[-1]):
        names[-1] = "amount"
    if "amount" not in names and "price" in names[1:]:
        last = len(names) - 1 - names[::-1].index("price")
        names[last] = "amount"
    if "price" not in names and "unit" in texts:
        names[texts.index("unit")] = "price"
    told = {name for name in names if name != "other"}
    if "amount" not in told or len(told) == 1:
        return []
    return ["other"] * len(names) if _SUMMARY.match(texts[0]) and "quantity" not in told else names


def _is_unnamed(text: str) -> bool:
    """Whether no column is called so: after quantity and price, "Comes to" and "For you" are amounts."""
    return _COLUMN.fullmatch(text) is None


def _column(text: str) -> Column:
    if text in _UNIT_WORD:
        return "other" if text != "units" else "quantity"
    bare = _CURRENCY.sub("", text).strip(" ()")
    if not bare and text:
        return "amount"
    found = _COLUMN.fullmatch(bare)
    return "other" if found is None else found.lastgroup  # type: ignore[return-value] # the pattern's groups


def placed(header: list[Cell], names: list[Column], cells: list[Cell]) -> dict[Column, int]:
    """Return which cell of a row stands under which column; the first of two columns of a name counts."""
    if len(header) == len(cells):
        under = list(range(len(cells)))
    else:
        under = [_nearest(cell, header) for cell in cells]
    found: dict[Column, int] = {}
    for at, column in enumerate(under):
        name = names[column]
        held = found.get(name)
        if held is None or (
            under[held] == column and _apart(cells[at], header[column]) < _apart(cells[held], header[column])
        ):
            found[name] = at
    return found


def _nearest(cell: Cell, header: list[Cell]) -> int:
    return min(range(len(header)), key=lambda index: _apart(cell, header[index]))


def _apart(one: Cell, other: Cell) -> tuple[int, int]:
    """Return how far two cells stand from being one above the other."""
    gap = max(one.left - other.right, other.left - one.right, 0)
    return gap, min(abs(one.right - other.right), abs(one.left - other.left))


def number_in(folded: str, cell: Cell) -> Number | None:
    """Return the number that a cell is, with its unit; None for words, and for a date."""
    found = _NUMBER.match(folded, cell.start, cell.end)
    if found is None:
        return None
    minus, money, figures, after = found.groups()
    value, span = Decimal(figures.replace(",", "")), found.span("number")
    if after.lstrip()[:1] == "%":
        return Number(value, "rate", *span)
    if _PENCE.match(after) and not money:
        return Number(value / 100, "money", *span)
    if after and not _UNIT.fullmatch(after):
        return None
    return Number(-value if minus else value, "money" if money or "." in figures else "plain", *span)


def leading_number(folded: str, cell: Cell) -> Number | None:
    """Return the number that a cell begins with: a quantity may share its cell with what it counts."""
    found = _LEADING.match(folded, cell.start, cell.end)
    return None if found is None else Number(Decimal(found[1].replace(",", "")), "plain", *found.span(1))
