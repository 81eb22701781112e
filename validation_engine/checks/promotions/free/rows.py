"""Rows of tables that call something free and name a charge for the same thing."""

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

_ROW = Cue("free|no charge|no fee|nothing")
_FREE = re.compile(
    r"(?:completely |totally |entirely |always )?"
    r"(?:free(?: of (?:any )?charges?)?|fee-free|no (?:charge|fee)s?|nothing)",
    re.IGNORECASE,
)
_CHARGE = re.compile(r"\xa3(?=[\d,.]*[1-9])[\d,]+(?:\.\d+)?|(?=[\d.]*[1-9])\d+(?:\.\d+)? ?%")
# A column of what is said, beside one of what is taken.
_SAID = re.compile(r"\b(?:advertis\w+|headline|claim\w*|promise\w*|offer\w*|we say)\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z]{4,}")


def contradicted_rows(document: Document) -> Iterator[tuple[Finding, Finding]]:
    """Yield what a row calls free, with the charge that the same row names for it."""
    for index in _ROW.sentences(document):
        block = document.sentences[index].block
        if document.blocks[block].kind != "row":
            continue
        row = cells(document, block)
        free = next((one for one in row[1:] if _FREE.fullmatch(one.text)), None)
        charge = free and next((one for one in row[1:] if _is_charge_for(one, free)), None)
        if free and charge:
            yield Finding(free.start, free.end), Finding(charge.start, charge.end)


def _is_charge_for(one: Cell, free: Cell) -> bool:
    """Whether a cell names a charge by the name of its row, or what is taken where another says it is not."""
    if not _CHARGE.search(one.text):
        return False
    named = set(_WORD.findall(one.text.lower())) & set(_WORD.findall(one.label.lower()))
    return bool(named or _SAID.search(free.column))
