"""Making an edit fit the format of its source: marks and tags stay whole, lines end as they did."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document

_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)[^<>]*>")
_BODY_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_MARK = re.compile(r"\*{1,3}|~~|`+|(?<!\w)_{1,2}|_{1,2}(?!\w)")
_LINK_ENDS = re.compile(r"\]\([^()\n]*\)")
# What is left of a line of Markdown whose words are gone: the marks of headings, items, quotations and cells.
_MARKS_ALONE = re.compile(r"[ \t>#*+|_~`-]*(?:\d{1,4}[.)])?[ \t>#*+|_~`-]*\r?")


class Change(NamedTuple):
    """A stretch of the source and what is to stand there."""

    start: int
    end: int
    new: str


def fitted(document: Document, change: Change, *, is_end: bool = False) -> Change:
    """Return a change of a document's source as its format wants it.

    Args:
        document: The document.
        change: In words alone.
        is_end: It adds a paragraph at the end of the document.
    """
    if document.media_type == "text/html":
        return _in_html(document.source, change, is_end=is_end)
    if document.media_type in ("text/markdown", "text/plain"):
        return _in_text(document.source, change, is_markdown=document.media_type == "text/markdown")
    return change


def _in_html(source: str, change: Change, *, is_end: bool) -> Change:
    words = html.escape(change.new, quote=False)
    if is_end:
        ends = _BODY_ENDS.search(source)
        at = ends.start() if ends else len(source)
        return Change(at, at, f"<p>{words.strip()}</p>\n")
    return change._replace(new=words + "".join(_unpaired(source[change.start : change.end])))


def _unpaired(stretch: str) -> list[str]:
    """Return the tags of a stretch whose other half lies outside it."""
    kept: list[tuple[str, str]] = []
    for tag in _TAG.finditer(stretch):
        if tag.group(1) and kept and kept[-1][0] == tag.group(2).lower():
            kept.pop()
        else:
            kept.append(("/" if tag.group(1) else tag.group(2).lower(), tag.group()))
    return [written for _, written in kept]


def _in_text(source: str, change: Change, *, is_markdown: bool) -> Change:
    new = change.new.replace("\n", "\r\n") if "\r\n" in source else change.new
    fit = change._replace(new=new)
    if fit.start < fit.end and is_markdown:
        fit = _with_marks(source, _with_link(source, fit))
    return _without_empty_line(source, fit) if fit.start < fit.end and not fit.new.strip("*~`_") else fit


def _with_link(source: str, change: Change) -> Change:
    """Take the bracket before a stretch in where the stretch holds the rest of a link."""
    stretch = source[change.start : change.end]
    if _LINK_ENDS.search(stretch) and "[" not in stretch and source[: change.start].endswith("["):
        return change._replace(start=change.start - 1 - source[: change.start].endswith("!["))
    return change


def _with_marks(source: str, change: Change) -> Change:
    """Take the other half of a mark in where it stands beside the stretch; else leave the mark."""
    start, end, new = change
    for mark in _odd(source[start:end]):
        if source.startswith(mark, end):
            end += len(mark)
        elif source.endswith(mark, 0, start):
            start -= len(mark)
        else:
            new += mark
    if not new and source[start - 1 : start].isspace() and source[end : end + 1] == " ":
        end += 1
    return Change(start, end, new)


def _odd(stretch: str) -> Iterator[str]:
    """Yield the marks that stand in a stretch an odd number of times."""
    counted: dict[str, int] = {}
    for mark in _MARK.findall(stretch):
        counted[mark] = counted.get(mark, 0) + 1
    return (mark for mark, count in counted.items() if count % 2)


def _without_empty_line(source: str, change: Change) -> Change:
    """Take out the whole of a line that would be left without words."""
    first = source.rfind("\n", 0, change.start) + 1
    last = source.find("\n", change.end)
    last = len(source) if last < 0 else last
    left = source[first : change.start] + change.new + source[change.end : last]
    if not _MARKS_ALONE.fullmatch(left):
        return change
    end = min(last + 1, len(source))
    blank = "\r\n" if source.startswith("\r\n", end) else "\n"
    if (first == 0 or source[:first].endswith((f"{blank}{blank}",))) and source.startswith(blank, end):
        end += len(blank)
    return Change(first, end, "")
