"""From a PDF's pages to one text: running headers and footers once, sentences over a page's end whole."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from validation_engine.documents.fold import fold
from validation_engine.documents.model import Block
from validation_engine.documents.pdf_written import BROKEN, PART, SOFT
from validation_engine.documents.plain import plain_blocks
from validation_engine.documents.spelling import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LINE = re.compile(r"[^\n]*\S[^\n]*")
# Words that have a hyphen after them wherever the line ends.
_COMPOUND = re.compile(rf"(?i)\b(self|long|short|fixed|third|non){BROKEN}")
_DIGITS = re.compile(r"\d+")
# So many lines at each end of a page may be a running header or footer.
_EDGE = 3
_ENDS = (".", "!", "?", ":", ";")
Span = tuple[int, int]


class Laid(msgspec.Struct, frozen=True):
    """The text, the same folded with what repeats blanked, the blocks, and where each page begins."""

    text: str
    folded: str
    blocks: list[Block]
    starts: list[int]


def laid_out(pages: Sequence[str]) -> Laid:
    """Return how pages are read."""
    clean = [_clean(page) for page in pages]
    starts, at = [], 0
    for page in clean:
        starts.append(at)
        at += len(page)
    marked = "".join(clean)
    text = marked.replace(SOFT, "\n").replace(PART, " ")
    # Folded, a line's end that only the column's width made is a space; what stands by itself ends in two.
    folded = _blanked(fold(marked.replace(PART, "\n")), list(_repeated(text, starts)))
    return Laid(text, folded, list(_blocks(text, folded, starts)), starts)


def _clean(page: str) -> str:
    # A word broken at the end of a line comes with U+FFFE in PDFium, mostly without the line's end.
    plain = page.replace(BROKEN + "\r\n", BROKEN).replace("\r\n", "\n").replace("\r", "\n")
    return spelled(_COMPOUND.sub(r"\1-", plain).replace(BROKEN, "")).text + "\n\n"


def _repeated(text: str, starts: Sequence[int]) -> Iterator[Span]:
    """Yield the running headers but the first of each, and the running footers but the last."""
    lines = [list(_lines(text, start, end)) for start, end in _ranges(text, starts)]
    yield from _again(text, [page[: len(page) // 2][:_EDGE] for page in lines])
    yield from _again(text, [page[len(page) // 2 :][-_EDGE:] for page in lines][::-1])


def _again(text: str, edges: Sequence[Sequence[Span]]) -> Iterator[Span]:
    """Yield the lines that an earlier page has too, where half of the pages have them."""
    marks = [
        [(_DIGITS.sub("#", text[start:end].strip()), start, end) for start, end in edge] for edge in edges
    ]
    count = Counter(mark for edge in marks for mark in {mark for mark, _, _ in edge})
    seen: set[str] = set()
    for edge in marks:
        yield from (
            (start, end) for mark, start, end in edge if mark in seen and count[mark] * 2 >= len(edges)
        )
        seen.update(mark for mark, _, _ in edge)


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    return (found.span() for found in _LINE.finditer(text, start, end))


def _ranges(text: str, starts: Sequence[int]) -> Iterator[Span]:
    return zip(starts, [*starts[1:], len(text)], strict=True)


def _blanked(folded: str, spans: Sequence[Span]) -> str:
    pieces, at = [], 0
    for start, end in sorted(spans):
        pieces += [folded[at:start], " " * (end - start)]
        at = end
    return "".join([*pieces, folded[at:]])


def _blocks(text: str, folded: str, starts: Sequence[int]) -> Iterator[Block]:
    """Yield the blocks of all pages; a paragraph that goes on over the page's end is one."""
    held: Block | None = None
    for start, end in _ranges(text, starts):
        for index, block in enumerate(plain_blocks(folded, text, start, end)):
            if held is not None:
                if index == 0 and _goes_on(folded, held, block):
                    held = Block(held.kind, held.start, block.end, held.level)
                    continue
                yield held
            held = block
    if held is not None:
        yield held


def _goes_on(folded: str, held: Block, block: Block) -> bool:
    """Return whether the first block of a page goes on with the last one of the page before."""
    return (
        held.kind in ("paragraph", "item")
        and block.kind == "paragraph"
        and folded[block.start].islower()
        and not folded[held.start : held.end].endswith(_ENDS)
    )
