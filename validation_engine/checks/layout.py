"""Line breaks put back into folded text, whose offsets stay those of the document; the cells of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validation_engine.documents.model import Folded
from validation_engine.lazy import per_document

if TYPE_CHECKING:
    from validation_engine.documents.model import Document

# One column is a list.
_COLUMNS = 2


@per_document
def lined(document: Document) -> Folded:
    """Return the folded text with every line break of the readable text."""
    if document.folded == document.text.replace("\n", " "):
        return Folded(document.text)
    pieces, at = [], 0
    for line in document.text.split("\n"):
        pieces.append(document.folded[at : at + len(line)])
        at += len(line) + 1
    return Folded("\n".join(pieces))


@per_document
def separated(document: Document) -> Folded:
    """Return the folded text with line breaks between blocks only: a wrapped line goes on."""
    text = bytearray(document.scan)
    starts = [block.start for block in document.blocks[1:]]
    for block, start in zip(document.blocks, starts, strict=False):
        at = document.text.find("\n", block.end, start)
        if at != -1:
            text[at] = ord("\n")
    return Folded(text.decode("latin-1"))


class Cell(NamedTuple):
    """A cell of a table with what heads its column and its row."""

    column: str
    label: str
    text: str
    start: int
    end: int


def cells(document: Document, block: int) -> list[Cell]:
    """Return the cells of a row, each under its column; none of a first row, or of one with other columns."""
    first = document.first_rows[block]
    if first in (-1, block):
        return []
    heads, own = _split(document, first), _split(document, block)
    if len(heads) != len(own) or len(own) < _COLUMNS:
        return []
    columns = (document.folded[start:end] for start, end in heads)
    label = document.folded[slice(*own[0])]
    return [
        Cell(column, label, document.folded[start:end], start, end)
        for column, (start, end) in zip(columns, own, strict=True)
    ]


def _split(document: Document, block: int) -> list[tuple[int, int]]:
    """Return where the cells of a row stand, without the spaces around them."""
    one = document.blocks[block]
    found: list[tuple[int, int]] = []
    at = one.start
    for text in document.folded[one.start : one.end].split("|"):
        start = at + len(text) - len(text.lstrip())
        found.append((start, max(start, at + len(text.rstrip()))))
        at += len(text) + 1
    opens = document.folded[one.start] == "|"
    closes = document.folded[one.end - 1] == "|"
    return found[opens : len(found) - closes]
