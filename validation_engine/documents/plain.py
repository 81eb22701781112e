"""Plain text: blocks from blank lines, short lines, bullets, numbers, labels and columns."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from validation_engine.documents.build import build
from validation_engine.documents.fold import fold
from validation_engine.documents.labels import labelled_rows
from validation_engine.documents.model import Block, BlockKind, Document
from validation_engine.documents.spelling import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LINE = re.compile(r"[^\n]+")
_ITEM = re.compile(
    r" *(?:[-*+o] +|\[[ xX]?\] +|"
    r"\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-z]|[ivx]{1,4})[.)] +|\d{1,2}(?:\.\d{1,2}){1,3} +)"
)
# Under a heading each short item would look like one; one in capitals is one, but for an acronym: "- HMRC".
_BULLET = re.compile(r"(?:[-+o]|\[[ xX]?\]) +(?![A-Z]{7,}$|[A-Z]+ [A-Z ]+$)|[*] +[A-Z]{2,6}$")
_LABEL = re.compile(r" *[A-Z][A-Za-z/&' ]{1,30}(?: (?:no|number))?\.?:(?: |$)", re.IGNORECASE)
# Three spaces inside a line part columns, and so do dots that lead to a figure.
_GAP = "   "
_LEADER = "...."
_HEADING_MARK = re.compile(r" *#{1,6} +")
_NUMBERED_HEADING = re.compile(r" *\(?\d{1,2}(?:\.\d{1,2})*[.)]? +[A-Z]")
_ENDS = (".", "!", "?", ";", ",")
# A line as long as this was broken by its width, not by its author.
_WRAPPED = 48
# An author ends a line with a postcode, a VAT number, an amount. No sentence goes on there with a capital.
_AUTHORS_END = re.compile(
    r"(?:\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|\bVAT\b[^\d\n]{0,24}\d{3} ?\d{4} ?\d\d|\d\.\d\d)\)?$",
    re.IGNORECASE,
)
_HEADING_LONGEST = 80
_HEADING_WORDS = 9
_NO_HEADING = frozenset('@\xa3%"')
_NO_ROWS: Mapping[int, tuple[int, bool]] = MappingProxyType({})


def read_plain(text: str, *, original: bytes | None = None) -> Document:
    """Return the document of a plain text."""
    plain = spelled(text)
    readable, folded = plain.text, fold(plain.text)
    rows = labelled_rows(readable if "\t" in readable else folded)
    folded = _with_colons(folded, [end for end, _ in rows.values()])
    return build(
        readable,
        list(plain_blocks(folded, readable, rows=rows)),
        media_type="text/plain",
        original=original,
        folded=folded,
        source=text,
        origin=plain.origin,
    )


def _with_colons(folded: str, ends: list[int]) -> str:
    """Write a colon after each label, so that "Where   Perth" is read like "Where: Perth"."""
    starts = [0, *(at + 1 for at in ends)]
    return ":".join(folded[start:end] for start, end in zip(starts, [*ends, len(folded)], strict=True))


def plain_blocks(
    folded: str,
    text: str,
    start: int = 0,
    end: int | None = None,
    rows: Mapping[int, tuple[int, bool]] = _NO_ROWS,
) -> Iterator[Block]:
    """Yield the blocks of a stretch of plain text.

    `rows` are those of lists of labels and values, by their starts.
    """
    begin = last = -1
    kind: BlockKind = "paragraph"
    stop = len(folded) if end is None else end
    has_tabs = text.find("\t", start, stop) >= 0
    for found in _LINE.finditer(folded, start, stop):
        line, (first, after) = found.group(), found.span()
        if line.isspace():
            continue
        new = _kind(line, tabbed=has_tabs and "\t" in text[first:after].strip())
        if first in rows:
            new = "paragraph" if rows[first][1] else "row"
        elif begin != -1 and first == last + 1 and _joins(folded, last, line, kind, new):
            last = after
            continue
        if begin != -1:
            yield _finished(folded, kind, begin, last)
        begin, last, kind = first, after, new
    if begin != -1:
        yield _finished(folded, kind, begin, last)


def _kind(line: str, *, tabbed: bool) -> BlockKind:
    if "#" in line and _HEADING_MARK.match(line):
        return "heading"
    if tabbed or "|" in line or (_GAP in line and _GAP in line.strip()) or _LEADER in line:
        return "row"
    return "item" if _ITEM.match(line) else "paragraph"


def _joins(folded: str, last: int, line: str, kind: BlockKind, new: BlockKind) -> bool:
    """Whether a line continues the block before it."""
    if new != "paragraph" or kind in ("heading", "row") or _LABEL.match(line):
        return False
    return _flows(folded[folded.rfind("\n", 0, last) + 1 : last].rstrip(), line)


def goes_on(before: str, line: str) -> bool:
    """Return whether a line, folded and without its end, goes on with the one before it."""
    return (
        _kind(line, tabbed=False) == "paragraph"
        and _kind(before, tabbed=False) not in ("heading", "row")
        and not _LABEL.match(line)
        and _flows(before, line)
    )


def _flows(before: str, line: str) -> bool:
    """Whether the words of a line, if it is of a paragraph, go on with those of the line before it."""
    first = line.lstrip()[:1]
    if first.islower():
        return not before.endswith(":")
    if len(before) < _WRAPPED or before.endswith(":"):
        return False
    return not ((first.isupper() or first.isdigit()) and _AUTHORS_END.search(before[-_WRAPPED:]))


def _finished(folded: str, kind: BlockKind, start: int, end: int) -> Block:
    text = folded[start:end]
    stripped = text.strip()
    if kind in ("paragraph", "item") and not _BULLET.match(stripped) and _is_heading(stripped):
        kind = "heading"
    start += len(text) - len(text.lstrip())
    return Block(kind, start, start + len(stripped))


def _is_heading(line: str) -> bool:
    """A short line without a full stop, in capitals, title case, or numbered."""
    if len(line) > _HEADING_LONGEST or "\n" in line or line.endswith(_ENDS) or ":" in line[:-1]:
        return False
    words = line.strip("*_ ").split()
    letters = [word for word in words if word[0].isalpha()]
    if not letters or len(words) > _HEADING_WORDS or not _NO_HEADING.isdisjoint(line):
        return False
    if line.isupper():
        return True
    return bool(_NUMBERED_HEADING.match(line)) or (letters[0][0].isupper() and not line.endswith(":"))
