"""Which sentence introduces another: the one before its list, or the one before it that ends in a colon."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.lazy import per_document
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Block, Document

NONE = -1
_LISTED = ("item", "row")
# Items of one list begin alike.
_MARKS = (
    re.compile(r"\(?\d{1,2}(?:\.\d{1,2})+"),
    re.compile(r"\(?\d{1,2}[.)]"),
    re.compile(r"\(?[ivx]{1,4}[.)]"),
    re.compile(r"\(?[a-z][.)]"),
)
# The words at the end of a paragraph that the next one goes on from, however it is set.
_OPEN_END = re.compile(r"\b(?:may|must|shall|will|that|which|who|if|where|to)$", re.IGNORECASE)
_LONGEST_END = 8
# What says of one thing more what the sentence before said: "Nor is going to the police."
_GOES_ON = re.compile(r"(?:Nor (?:is|are|does|do)|The same (?:goes|holds|is true)|So (?:is|are|does|do)) ")
_FIRST = "NTS"
_CLOSED = (".", "!", "?", ";")
# A short line that breaks off here is no heading, though it looks like one.
_BREAKS_OFF = Quick(
    r"\b(?:may|must|shall|will|can|should|still|not|to|that|which|who|if|is|are|for|from|of|by|where|following)$|"
    # What says something itself, though without a stop: "There is no obligation on either of us".
    r"^(?:there (?:is|are)|(?:nothing|none|nobody|neither)\b.* (?:shall|will|may|must|is|are|has|have|"
    r"does|do|need|"
    r"prevents?|stops?|requires?|obliges?|asks?)\b)",
    re.IGNORECASE,
)


def lead_of(document: Document, sentence: int) -> int:
    """Return the index of the sentence that introduces a sentence, or `NONE`.

    Each item of a list goes on from the sentence that opens the list; any other sentence
    from the one before it where that ends in a colon, or breaks off at the end of its block,
    or where it says the same of one thing more.
    """
    if sentence == 0:
        return NONE
    before, block = document.sentences[sentence - 1], document.sentences[sentence].block
    folded, start = document.folded, document.sentences[sentence].start
    if folded[before.end - 1] == ":" or (folded[start] in _FIRST and _GOES_ON.match(folded, start)):
        return sentence - 1
    if document.blocks[block].kind in _LISTED or before.block != block:
        return _leads(document)[block]
    return NONE


def question_of(document: Document, sentence: int) -> int:
    """Return the index of the question that a sentence begins to answer, or `NONE`."""
    if sentence == 0 or document.folded[document.sentences[sentence - 1].end - 1] != "?":
        return NONE
    return sentence - 1


@per_document
def _leads(document: Document) -> list[int]:
    """Return for each block the sentence that opens its list, or `NONE`."""
    last = {one.block: index for index, one in enumerate(document.sentences)}
    open_lists: dict[str | int, int] = {}
    found = []
    for index, block in enumerate(document.blocks):
        if block.kind not in _LISTED:
            open_lists = {}
            found.append(last.get(index - 1, NONE) if _breaks_off(document, index - 1) else NONE)
            continue
        mark = _mark(document, block)
        if mark not in open_lists:
            opener = index - 1 if index and _is_open(document, index - 1) else NONE
            open_lists[mark] = last.get(opener, NONE)
        while next(reversed(open_lists)) != mark:
            open_lists.popitem()  # a list inside this one has ended
        found.append(open_lists[mark])
    return found


def _mark(document: Document, block: Block) -> str | int:
    numbered = (
        number for number, pattern in enumerate(_MARKS) if pattern.match(document.folded, block.start)
    )
    return block.kind if block.kind == "row" else next(numbered, block.kind)


def _breaks_off(document: Document, block: int) -> bool:
    if block < 0 or document.blocks[block].kind in _LISTED:
        return False
    start, end = _tail(document.blocks[block])
    return document.folded[end - 1].isalpha() and _OPEN_END.search(document.folded, start, end) is not None


def _tail(block: Block) -> tuple[int, int]:
    return max(block.start, block.end - _LONGEST_END), block.end


def _is_open(document: Document, block: int) -> bool:
    """Whether a block leaves its last sentence unfinished."""
    one = document.blocks[block]
    if one.kind == "row":
        return document.folded[one.end - 1] == ":"
    text = document.folded[one.start : one.end]
    return not text.endswith(_CLOSED) and (one.kind != "heading" or _BREAKS_OFF.search(text) is not None)
