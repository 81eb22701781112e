"""A statement's table of labour, materials and deduction: amounts by the words over their column."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from validation_engine.checks.cis.wording import DEDUCTION_COLUMN, LABOUR, MATERIALS, RATE_COLUMN
from validation_engine.scan.cue import Cue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document

_CELL = re.compile(r"[^|\s]+(?: [^|\s]+)*")
_AMOUNT = re.compile(r"-?\(?\xa3? ?(\d[\d,]*(?:\.\d\d)?)\)?")
_RATE = re.compile(r"(\d+(?:\.\d+)?) ?(?:%|per cent)")
_NOTHING = re.compile(r"(?:-{1,2}|nil|none)", re.IGNORECASE)
_TOTAL = re.compile(r"\W*(?:grand |sub-?)?(?:totals?|sum|together|all|month)\b", re.IGNORECASE)
_LABOUR_CUE = Cue("labour|wages|liable|subject")
_ROWS, _EMPTY = 400, 3


class Cell(msgspec.Struct, frozen=True, gc=False):
    """What stands in a column: words, and an amount or a rate where it is one."""

    text: str
    start: int
    end: int

    @property
    def amount(self) -> Decimal | None:
        """The amount that the cell is, or None."""
        found = _AMOUNT.fullmatch(self.text)
        if found:
            return Decimal(found[1].replace(",", ""))
        return Decimal(0) if _NOTHING.fullmatch(self.text) else None

    @property
    def rate(self) -> Decimal | None:
        """The percentage in the cell, or None."""
        found = _RATE.search(self.text)
        return Decimal(found[1]) if found else None


class Row(msgspec.Struct, frozen=True, gc=False):
    """A row's cells by what they are: labour, materials, deduction, rate; those that it has."""

    cells: dict[str, Cell]
    is_total: bool


class Table(msgspec.Struct, frozen=True, gc=False):
    """A table that has a column for labour; `rate` is the one named over the deductions."""

    rows: list[Row]
    rate: Decimal | None

    def sum(self, kind: str) -> Decimal | None:
        """Return a column's total as the table gives it, else as its rows add up to."""
        total = next((row for row in reversed(self.rows) if row.is_total and kind in row.cells), None)
        rows = [total] if total else [row for row in self.rows if not row.is_total]
        amounts = [row.cells[kind].amount for row in rows if kind in row.cells]
        known = [one for one in amounts if one is not None]
        return sum(known, Decimal(0)) if known else None


def labour_table(document: Document) -> Table | None:
    """Return the first table with a column for labour and at least one other amount."""
    for index in _LABOUR_CUE.sentences(document):
        heads = _cells(document, index)
        kinds = [_kind(one.text) for one in heads]
        if "labour" not in kinds or len(set(kinds)) < 2 or any(one.amount is not None for one in heads):  # noqa: PLR2004
            continue
        rows = list(_rows(document, index, kinds))
        if rows:
            rate = next(
                (one.rate for one, kind in zip(heads, kinds, strict=True) if kind == "deduction"), None
            )
            return Table(rows, rate)
    return None


def _kind(head: str) -> str:
    if DEDUCTION_COLUMN.search(head):
        return "deduction"
    if RATE_COLUMN.fullmatch(head):
        return "rate"
    if LABOUR.search(head):
        return "labour"
    return "materials" if MATERIALS.search(head) else "other"


def _cells(document: Document, index: int) -> list[Cell]:
    sentence = document.sentences[index]
    found = _CELL.finditer(document.folded, sentence.start, sentence.end)
    return [Cell(one[0], one.start(), one.end()) for one in found]


def _rows(document: Document, head: int, kinds: list[str]) -> Iterator[Row]:
    """Yield the rows under a head: those with as many amounts at their end as the first has."""
    width, last = 0, min(len(document.sentences), head + _ROWS)
    for index in range(head + 1, last):
        cells = _cells(document, index)
        if document.blocks[document.sentences[index].block].kind == "heading":
            return
        figures = [one for one in cells if one.amount is not None or _RATE.fullmatch(one.text)]
        width = width or len(figures)
        if not width and index - head > _EMPTY:
            return
        if width and len(figures) == width <= len(kinds) and cells[-1].amount is not None:
            names = kinds[-width:] if len(cells) != len(kinds) else kinds
            shown = figures if len(cells) != len(kinds) else cells
            is_total = (shown[0] is cells[0] and names is not kinds) or bool(_TOTAL.match(cells[0].text))
            yield Row(dict(zip(names, shown, strict=True)), is_total)
