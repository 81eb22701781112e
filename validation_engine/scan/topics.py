"""What a sentence is about: its heading, the question or colon before it, the few words it begins with.

What a row is about stands at the head of its table too.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from validation_engine.lazy import per_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validation_engine.documents.model import Document

# Longer than this a line says something itself.
_SHORT = 90
_LISTED = ("item", "row")
_NONE = -1


def topics(document: Document, sentence: int) -> Sequence[int]:
    """Return the sentences that announce what a sentence is about, itself left out."""
    block = document.sentences[sentence].block
    return [*_of_blocks(document)[block], *_opening(document, sentence, block)]


def head_of_table(document: Document, sentence: int) -> Sequence[int]:
    """Return the sentence that heads the table of a row below it; none for any other sentence."""
    head = _heads(document)[document.sentences[sentence].block]
    return () if head == _NONE or head >= sentence else (head,)


@per_document
def _heads(document: Document) -> list[int]:
    """Return for each block the first sentence of the table that it is a row of."""
    first: dict[int, int] = {}
    for index, one in enumerate(document.sentences):
        first.setdefault(one.block, index)
    return [first.get(row, _NONE) for row in document.first_rows]


def _opening(document: Document, sentence: int, block: int) -> Sequence[int]:
    first = bisect_left(document.sentence_starts, document.blocks[block].start)
    return (first,) if first < sentence and _is_lead(document, first) else ()


def _is_lead(document: Document, sentence: int) -> bool:
    one = document.sentences[sentence]
    return one.end - one.start <= _SHORT


@per_document
def _of_blocks(document: Document) -> list[tuple[int, ...]]:
    """Return for each block the last sentence of its heading, and of the line before its list or answer."""
    last_of: dict[int, int] = {one.block: index for index, one in enumerate(document.sentences)}
    found: list[tuple[int, ...]] = []
    lead = question = -1
    for index, (block, heading) in enumerate(zip(document.blocks, document.sections, strict=True)):
        end = document.folded[max(block.start, block.end - 1) : block.end]
        if block.kind == "heading" or (end == "?" and block.end - block.start <= _SHORT):
            question = index if end == "?" else -1
        above = sorted({heading, lead, question} - {-1, index})
        found.append(tuple([last_of[one] for one in above if one in last_of]))
        if block.kind not in _LISTED:
            lead = index if end in (":", "?") else -1
    return found
