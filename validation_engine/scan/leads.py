"""Which sentence introduces another: the one before its list, or the one before it that ends in a colon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validation_engine.lazy import per_document

if TYPE_CHECKING:
    from validation_engine.documents.model import Document

NONE = -1
_LISTED = ("item", "row")


def lead_of(document: Document, sentence: int) -> int:
    """Return the index of the sentence that introduces a sentence, or `NONE`."""
    return _leads(document)[sentence]


@per_document
def _leads(document: Document) -> list[int]:
    found: list[int] = []
    lead = NONE
    for index, sentence in enumerate(document.sentences):
        is_listed = document.blocks[sentence.block].kind in _LISTED
        if index and document.folded[sentence.end - 1] != ":" and not is_listed:
            previous = document.sentences[index - 1]
            found.append(index - 1 if document.folded[previous.end - 1] == ":" else NONE)
            lead = NONE
            continue
        found.append(lead if is_listed else NONE)
        if document.folded[sentence.end - 1] == ":":
            lead = index
    return found
