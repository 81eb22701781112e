"""Parts of a document: labelled values, numbered clauses, sections under headings, signatures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document

_LABEL = re.compile(
    r"[*_ ]*(?P<label>[A-Za-z][A-Za-z0-9 /&'()-]{1,40}?)(?: ?(?:no|number)\.?)?[*_ ]*(?::|\t| {3,}|\|"
    r")[*_ ]*(?P<value>\S.*)"
)
_CLAUSE = re.compile(
    r"^(?:clause )?\(?(?:(?P<number>\d{1,2}(?:\.\d{1,2}){1,3})[.)]?|(?P<whole>\d{1,2})[.)]) +(?=\S)",
    re.IGNORECASE,
)
_SIGNATURE = Quick(
    r"\b(?:signed|signature|executed|subscribed|in witness|witness(?:ed)?(?: by)?:|for and on behalf of|"
    r"authorised signatory|"
    r"yours (?:sincerely|faithfully|truly)|print(?:ed)? name|director:|name:)(?:\b|(?<=:))",
    re.IGNORECASE,
)


class Labelled(msgspec.Struct, frozen=True, gc=False):
    """A line such as "Invoice date: 4 May 2026"; the span is that of the value."""

    label: str
    value: str
    start: int
    end: int


class Clause(msgspec.Struct, frozen=True, gc=False):
    """A numbered clause, up to the next number; the text is folded."""

    number: str
    text: str
    start: int
    end: int


class Section(msgspec.Struct, frozen=True, gc=False):
    """A heading with what stands under it."""

    heading: str
    text: str
    start: int
    end: int


def find_labelled(document: Document) -> list[Labelled]:
    """Return the labelled values, in reading order; labels in lower case."""
    found = []
    for block in document.blocks:
        match = _LABEL.fullmatch(document.text[block.start : block.end].replace("\n", " "))
        if match:
            start = block.start + match.start("value")
            label = " ".join(match["label"].lower().split())
            found.append(Labelled(label, document.folded[start : block.end].strip(" *|"), start, block.end))
    return found


def find_clauses(document: Document) -> list[Clause]:
    """Return the numbered clauses of an agreement, in reading order."""
    starts = []
    for block in document.blocks:
        match = _CLAUSE.match(document.folded[block.start : block.end])
        if match:
            starts.append((match["number"] or match["whole"], block.start))
    following = [*(start for _, start in starts), len(document.folded)][1:]
    return [
        Clause(number, document.folded[start:end].strip(), start, end)
        for (number, start), end in zip(starts, following, strict=True)
    ]


def find_sections(document: Document) -> list[Section]:
    """Return the sections, in reading order; what stands before the first heading has the heading ""."""
    return list(_sections(document))


def _sections(document: Document) -> Iterator[Section]:
    heading, start = "", 0
    for block in document.blocks:
        if block.kind == "heading":
            if document.folded[start : block.start].strip():
                yield Section(heading, document.folded[start : block.start], start, block.start)
            heading, start = document.folded[block.start : block.end], block.end
    yield Section(heading, document.folded[start:], start, len(document.folded))


def find_signatures(document: Document) -> list[tuple[int, int]]:
    """Return the spans of wording that signs or closes, in the last third of the document."""
    last_third = len(document.folded) * 2 // 3
    return [match.span() for match in _SIGNATURE.finditer(document.folded, last_third)]
