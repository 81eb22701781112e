"""Past returns that stand in the columns of a table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.layout import cells
from validation_engine.checks.registry import Finding
from validation_engine.scan.cue import Cue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.checks.layout import Cell
    from validation_engine.documents.model import Document

_RETURN = re.compile(
    r"\b(?:returns?|performance|growth|gains?|(?:past|last|latest) (?:\w+ )?(?:years?|months?|quarter)|"
    r"(?:one|two|three|four|six|nine|twelve|\d{1,2})[ -](?:year|month)s?|"
    r"(?:years?|months|quarter) (?:to|ended|ending))\b",
    re.IGNORECASE,
)
_NO_RETURN = re.compile(
    r"\b(?:charges?|fees?|costs?|interest|aer|apr|rates?|inflation|fix(?:ed)?|terms?|target\w*|forecast\w*|expected|"
    r"project\w+|notice|penalty|yield|tax|discount|assum\w+|illustrat\w+|benchmark|index|sector|bank|savings?|"
    r"deposit|cash|loan|borrow\w*)\b",
    re.IGNORECASE,
)
_PRODUCT = re.compile(r"\b(?:fund|portfolio|trust|strategy|model|us|ours?)\b", re.IGNORECASE)
_OF_A_YEAR = re.compile(r"[a-z ]{0,24}(?:19|20)\d\d(?:[-/]\d\d)?$", re.IGNORECASE)
_LAUNCH = re.compile(r"\b(?:launch(?:ed)?|inception|start(?:ed)?|began|opened|since)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_FIGURE = re.compile(r"[+-]?\d+(?:\.\d+)? ?%")
_A_RETURN = Cue("return|performance|growth|gain|year|month|quarter")


def column_returns(document: Document) -> Iterator[Finding]:
    """Yield the figures of the columns that are headed as past returns."""
    for cell in return_cells(document):
        figure = _FIGURE.search(cell.text)
        if figure:
            yield Finding(cell.start + figure.start(), cell.start + figure.end())


def return_cells(document: Document) -> Iterator[Cell]:
    """Yield the cells with a figure under what heads a column of past returns."""
    return (cell for cell in _cells(document) if "%" in cell.text and _is_return(cell))


def launch_years(document: Document) -> Iterator[int]:
    """Yield the years in which products of such a table began."""
    for cell in _cells(document):
        year = _YEAR.search(cell.text) if _LAUNCH.search(cell.column) else None
        if year:
            yield int(year[0])


def _cells(document: Document) -> Iterator[Cell]:
    """Yield the cells of tables whose first row may head a return."""
    asked: dict[int, bool] = {}
    for block, first in enumerate(document.first_rows):
        if first in (-1, block):
            continue
        if first not in asked:
            top = document.blocks[first]
            asked[first] = _A_RETURN.within(document.folded, top.start, top.end)
        if asked[first]:
            yield from cells(document, block)


def _is_return(cell: Cell) -> bool:
    """Whether a column is headed as a return, or as a product beside what each year is named."""
    is_named = _RETURN.search(cell.column) or (_PRODUCT.search(cell.column) and _OF_A_YEAR.match(cell.label))
    return bool(is_named) and not _NO_RETURN.search(f"{cell.column} {cell.label}")
