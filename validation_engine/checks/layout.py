"""Line breaks put back into folded text, whose offsets stay those of the document, and where tables begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validation_engine.documents.model import Folded
from validation_engine.lazy import per_document

if TYPE_CHECKING:
    from validation_engine.documents.model import Document


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


@per_document
def first_rows(document: Document) -> list[int]:
    """Return for each block the first row of its table, or -1."""
    found: list[int] = []
    for index, block in enumerate(document.blocks):
        is_row = block.kind == "row"
        found.append(-1 if not is_row else found[-1] if found and found[-1] != -1 else index)
    return found
