"""An invoice's lines: rows under a header or that multiply up, sums written out, amounts that stand apart."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING

import msgspec

from validation_engine.fields.amounts import A_UNIT, find_percentages
from validation_engine.fields.holding import holding
from validation_engine.fields.invoice_labels import kind_of, kinds_in
from validation_engine.fields.invoice_rows import cells_of, header_of
from validation_engine.fields.invoice_table import InvoiceLine, fits, lines_of, row_of
from validation_engine.fields.invoice_told import cards, told_in_a_row
from validation_engine.fields.invoice_totals import totals_in
from validation_engine.fields.periods import NUMBERS
from validation_engine.lazy import per_document
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Block, Document
    from validation_engine.fields.invoice_labels import Kinds
    from validation_engine.fields.invoice_rows import Cell, Column
    from validation_engine.fields.invoice_table import Row

_SUM = Quick(
    r"(?<![\w.,])(?<!\d x )(?<!\dx)(?<!\d[cm]m x )(?<!\dm x )(?<!\d m x )"
    r"(?P<quantity>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|"
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty)\b) ?(?P<unit>m[23]|"
    r"[a-z][a-z .²]{0,40}?,?)? ?(?:x|@|at|"
    r"\*) ?(?:(?:[\xa3$\xa4]|GBP|EUR|USD) ?)?"
    r"(?P<price>\d[\d,]*(?:\.\d{1,4})?)"
    r"(?P<per> ?(?:each|ea\b\.?|(?:per |/|p/)[a-z]+[23²³]?|an? [a-z]+(?: each)?|pp))?"
    r"(?:,? \(?(?:(?:standard|reduced|zero)[- ]rated? |vat )?(?:at |@ )?\d{1,2}(?:\.\d)? ?%(?: vat)?\)?)?"
    r"(?: ?(?:=|:(?= )|-+|,? (?:which |that )?(?:comes to|makes|is)|,|\.{2,}|\||  +) ?|  +|"
    r" (?=[\xa3$\xa4]\d[\d,]*(?:\.\d\d)?(?:$|[,;|\n]|\.(?!\d))))\(?"
    r"(?:(?:[\xa3$\xa4]|GBP|EUR|USD) ?)?"
    r"(?P<amount>\d[\d,]*\.\d{2}|\d[\d,]*)(?![\d.%]*%)",
    re.IGNORECASE,
)
_APART = re.compile(
    r"(?P<label>[^\n]*?[^\s.:])(?: {3,}|[. ]*\.{3,}[. ]*|: +|\s*\|\s*|\t+| (?=[\xa3$\xa4]))\(?-?"
    r"(?:[\xa3$\xa4]|GBP|EUR|USD)? ?"
    r"(?P<amount>\d[\d,]*\.\d{2}|(?<=[\xa3\xa4$])\d[\d,]*)\)?[ |]*"
)
_NO_LINE = re.compile(
    r"\b(?:deposit|paid|received|less|discount|rebate|balance|carried|brought|credit|deduct\w*|rate|shipping|"
    r"carriage|postage|delivery|due|cis|(?<!fixed )(?<!agreed )price|value)\b",
    re.IGNORECASE,
)
# Without one of these, "25 x 50" is a size, whatever amount stands in the next column.
_IS_MONEY = re.compile(r"[\xa3$\xa4]|\b(?:each|per|an? )|@|\bat\b|=|GBP|EUR|USD", re.IGNORECASE)
_PENCE = re.compile(r"\.\d\d\b")
_SIGNS = "\xa3$\xa4"
_TIMES = Cue(
    r"(?:\d|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty) ?"
    r"(?:m[23]|[a-z][a-z .\xb2]{0,40},?)? ?(?:x|@|at|\*) ?(?:(?:[\xa3$\xa4]|GBP|EUR|USD) ?)?\d"
)
# Of a block without breaks, no more than this describes one line.
_DESCRIPTION = 400
# What stands above a net total and is no line of it.
_STAGE = re.compile(
    r"\b(?:previous\w*|contract|valuation|certified|quot\w+|estimate\w*|of which|including|budget|"
    r"original|to date)\b",
    re.IGNORECASE,
)
_RATE = Cue("rated|exempt|no vat|outside the scope")
_NAMED_RATE = re.compile(
    r"\b(?:(?P<none>zero[- ]rated|exempt|no vat|outside the scope)|standard[- ]rated)\b(?! from)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]", re.IGNORECASE)
_LONGEST_APART, _LONGEST_LOOSE = 200, 60
# How a line ends that ends in an amount.
_AFTER_AMOUNT = " |)"
_ENDS_AMOUNT = f"0123456789{_AFTER_AMOUNT}"


class _Table:
    """The rows under one header, or under none, and the header's cells with what they call their columns."""

    def __init__(self, header: list[Cell], names: list[Column]) -> None:
        self.header, self.names = header, names
        self.rows: list[Row] = []
        self.is_summary = bool(names) and "amount" not in names


class _Reader:
    """Reads a document's blocks in order; rows wait until their table is whole."""

    def __init__(self, document: Document) -> None:
        self._document, self._kinds = document, kinds_in(document)
        # A document repeats its headers.
        self._headers: dict[str, list[Column]] = {}
        self._tables = [_Table([], [])]
        self._table = self._tables[0]

    def lines(self) -> tuple[list[InvoiceLine], set[int]]:
        """Return the lines with whatever else has an amount at its end, and where those of tables begin."""
        found: list[InvoiceLine] = []
        folded, times = self._document.folded, holding(self._document, _TIMES)
        for index, block in enumerate(self._document.blocks):
            sums = list(_from_sum(folded, block)) if index in times else []
            if block.kind == "row" and self._takes(block, sums):
                continue
            found += sums or _without_quantity(folded, block, self._kinds)
        rows = [line for table in self._tables for line in lines_of(folded, table.rows)]
        rows += cards(self._document)
        found = sorted(found + rows, key=lambda line: (line.amount_start, line.quantity is None))
        return found, {line.start for line in rows}

    def _takes(self, block: Block, sums: list[InvoiceLine]) -> bool:
        """Whether a row is a table's header or a line of it."""
        cells, folded = cells_of(self._document, block), self._document.folded
        text = folded[block.start : block.end]
        if text not in self._headers:
            self._headers[text] = header_of(folded, cells)
        names = self._headers[text]
        if names:
            self._table = _Table(cells, names)
            self._tables.append(self._table)
        if self._table.is_summary and len(cells) > 1:
            return True
        if names or len(cells) < 2 or not A_UNIT.within(text) or any(map(_is_right, sums)):  # noqa: PLR2004
            return bool(names)
        if kind_of(folded[cells[0].start : cells[0].end] + " ", self._kinds):
            return False
        row = row_of(folded, block, cells, self._table.header, self._table.names)
        at = row.under.get("amount")
        is_row = sum(one is not None for one in row.numbers) > 2 if at is None else row.numbers[at]  # noqa: PLR2004
        if not is_row or sums:
            return False
        (self._table if at is not None else self._tables[0]).rows.append(row)
        return at is not None


def _is_right(line: InvoiceLine) -> bool:
    return fits(line.quantity or Decimal(0), line.unit_price or Decimal(0), line.amount or Decimal(0), [])


@per_document
def find_lines(document: Document) -> list[InvoiceLine]:
    """Return the lines in reading order, subtotals left out."""
    return [line for line in all_lines(document) if not line.is_subtotal]


@per_document
def all_lines(document: Document) -> list[InvoiceLine]:
    """Return the lines in reading order, with amounts that have no name but sum up what stands before."""
    lines = _with_breakdown(list(_told_apart(document, *_Reader(document).lines())))
    lines = lines or told_in_a_row(document)
    return lines if any(line.rate is not None for line in lines) else list(_with_named_rates(document, lines))


def _with_named_rates(document: Document, lines: list[InvoiceLine]) -> Iterator[InvoiceLine]:
    """Yield the lines, with the rate that words beside the amount name where no figure does."""
    for line, following in zip_longest(lines, lines[1:]):
        is_alone = following is None or following.start > line.start
        begin = line.start if is_alone else line.amount_end
        end = line.end if following is None or is_alone else following.amount_start
        has_words = _RATE.within(document.folded, begin, end)
        named = _NAMED_RATE.search(document.folded, begin, end) if has_words else None
        rate = None if named is None else Decimal(0 if named["none"] else 20)
        yield line if rate is None else msgspec.structs.replace(line, rate=rate)


def _with_breakdown(lines: list[InvoiceLine]) -> list[InvoiceLine]:
    """Return the lines, with the last ones marked that tell all before them again: "Goods at 0%   580.00"."""
    counted = max((at for at, line in enumerate(lines) if line.quantity is not None), default=-1) + 1
    before = sum((line.amount or Decimal(0) for line in lines[:counted]), Decimal(0))
    own = [line for line in lines[counted:] if not line.is_subtotal]
    if not counted or sum((line.amount or Decimal(0) for line in own), Decimal(0)) != before:
        return lines
    return lines[:counted] + [msgspec.structs.replace(line, is_subtotal=True) for line in lines[counted:]]


def _told_apart(document: Document, found: list[InvoiceLine], rows: set[int]) -> Iterator[InvoiceLine]:
    """Yield the lines; what has no quantity counts in a table or after a line, and before VAT and total."""
    so_far, first, seen = Decimal(0), -1, -1
    rows = rows or _run_before_net(document, found)
    ends, end = _ends(document, found)
    for line in found:
        if line.amount_start <= seen or (line.start > end >= first >= 0 and line.start not in rows):
            continue  # sums told after the totals explain, they charge nothing
        is_counted, amount = line.quantity is not None, line.amount or Decimal(0)
        is_after = bisect_left(ends, first) < bisect_left(ends, line.start)
        is_first = first < 0 and line.start not in rows
        if not is_counted and (is_first or is_after or _is_no_line(document.folded, line, rows)):
            continue
        first, seen = line.start if first < 0 else first, line.amount_start
        if is_counted or amount != so_far:
            so_far += amount
            yield line
        else:
            yield msgspec.structs.replace(line, is_subtotal=True)


def _is_no_line(folded: str, line: InvoiceLine, rows: set[int]) -> bool:
    """Whether only a space parts an amount from its words, or they say that it is none: "Doors £400.00"."""
    before = folded[line.start : line.amount_start].rstrip(_SIGNS)
    is_loose = line.start not in rows and before.endswith(" ") and before[-2:-1].isalpha()
    return is_loose or _NO_LINE.search(line.description) is not None


def _ends(document: Document, found: list[InvoiceLine]) -> tuple[list[int], int]:
    """Return where totals stand that no amount without a quantity follows, and the last that no sum does."""
    last = max((line.start for line in found if line.quantity is not None), default=-1)
    named = [one for one in totals_in(document) if not one.is_weak]
    ends = [one.start for one in named if one.kind != "net" or one.start > last]
    closing = [one.start for one in named if one.kind == "vat"] or [
        one.start for one in named if one.kind == "gross"
    ]
    return ends, max(closing, default=sys.maxsize)


def _run_before_net(document: Document, found: list[InvoiceLine]) -> set[int]:
    """Return where amounts without a quantity begin that stand in rows right above the net total."""
    net = next((one.start for one in totals_in(document) if one.kind == "net" and not one.is_weak), -1)
    if net < 0:
        return set()
    starts = [block.start for block in document.blocks]
    last = bisect_right(starts, net) - 1
    apart = {line.start for line in found if not _STAGE.search(line.description)}
    run: set[int] = set()
    while last > 0 and starts[last - 1] in apart and document.blocks[last - 1].kind != "heading":
        last -= 1
        run.add(starts[last])
    return run


def _without_quantity(folded: str, block: Block, kinds: Kinds) -> list[InvoiceLine]:
    """Return the line that a block is where an amount stands apart at its end: "Hire of a lift   £185.00"."""
    is_apart = folded[block.end - 1] in _ENDS_AMOUNT and block.end - block.start <= _LONGEST_APART
    if not is_apart or not _ends_in_money(folded[block.start : block.end].rstrip(_AFTER_AMOUNT)):
        return []
    found = _APART.fullmatch(folded, block.start, block.end)
    if found and folded[found.end("label") + 1] in _SIGNS and found.end() - found.start() > _LONGEST_LOOSE:
        return []
    if found is None or not _WORD.search(found["label"]) or kind_of(found["label"] + " ", kinds):
        return []
    if len(_PENCE.findall(found["label"])) > 1:
        return []  # a row of several columns
    amount = Decimal(found["amount"].replace(",", ""))
    label = found["label"].strip(" -:,|*")
    return [InvoiceLine(label, None, None, amount, None, block.start, block.end, *found.span("amount"))]


def _ends_in_money(text: str) -> bool:
    """Whether a text ends in pence, or in figures with a sign of money before them."""
    return text[-3:-2] == "." or text.rstrip("0123456789,")[-1:] in _SIGNS


def _sums(folded: str, at: int, end: int) -> Iterator[re.Match[str]]:
    while found := _SUM.search(folded, at, end):
        is_sum = _is_sum(folded[found.end("quantity") : found.start("amount")])
        at = found.end() if is_sum else found.end("price")
        if is_sum:
            yield found


def _is_sum(between: str) -> bool:
    """Whether what stands between quantity and amount has a price in it; the amount's own sign is none."""
    before = between.rstrip(f"{_SIGNS} (")
    is_bare = not any(sign in between[len(before) :] for sign in _SIGNS)
    return _IS_MONEY.search(before) is not None or (is_bare and _PENCE.search(before) is not None)


def _from_sum(folded: str, block: Block) -> Iterator[InvoiceLine]:
    for found in _sums(folded, block.start, block.end):
        count = found["quantity"].replace(",", "")
        quantity = Decimal(NUMBERS.get(count.lower(), 0)) if count.isalpha() else Decimal(count)
        price, amount = Decimal(found["price"].replace(",", "")), Decimal(found["amount"].replace(",", ""))
        rates = find_percentages(folded, found.end("price"), min(found.end() + 16, block.end))
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
