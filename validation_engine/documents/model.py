"""The document as every gate sees it: readable text, cut into blocks and sentences that know their place."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, Literal

import msgspec

from validation_engine.lazy import lazy

BlockKind = Literal["heading", "paragraph", "item", "row", "quote", "code"]


class Block(msgspec.Struct, frozen=True, gc=False):
    """A run of text that stands by itself: a heading, a paragraph, a list item or a row of a table."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0


class Sentence(msgspec.Struct, frozen=True, gc=False):
    """The unit of thought; `block` is the index of the block that holds it."""

    start: int
    end: int
    block: int


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where something stands in the original: line (of the page, where there are any) and column from 1."""

    line: int
    column: int
    page: int | None = None


class OriginMap(msgspec.Struct, frozen=True):
    """Pieces of the readable text and where each comes from in the source.

    Attributes:
        readable: Where each begins in the readable text.
        widths: How many characters each has there.
        source: Where each begins in the source.
        lengths: How many characters each has there: `&pound;` has seven, a mark that is only shown none;
            a piece that has another number there is read from all of them.
    """

    readable: list[int]
    widths: list[int]
    source: list[int]
    lengths: list[int]

    def to_source(self, offset: int) -> int:
        """Return where what the character at a readable offset is read from begins in the source."""
        at = max(bisect_right(self.readable, offset) - 1, 0)
        return self.source[at] + (offset - self.readable[at] if self._is_as_written(at) else 0)

    def end_in_source(self, offset: int) -> int:
        """Return where what the character before a readable offset is read from ends in the source."""
        at = max(bisect_right(self.readable, offset - 1) - 1, 0)
        reach = offset - self.readable[at]
        return self.source[at] + (
            min(reach, self.widths[at]) if self._is_as_written(at) else self.lengths[at]
        )

    def _is_as_written(self, piece: int) -> bool:
        return self.widths[piece] == self.lengths[piece]


class Folded(str):
    """Folded text; `found` keeps where cues stand in it."""

    __slots__ = ("found",)

    def __init__(self, _: str) -> None:
        self.found: dict[object, Any] = {}


class Document:
    """One document in readable form.

    Attributes:
        text: What a reader sees, in reading order.
        scan: `text` folded to one Latin-1 byte a character, so that offsets are the same in both.
        blocks: In reading order; they do not overlap.
        sentences: In reading order; each lies in one block.
        media_type: Of the original.
        sha256: Of the original's bytes.
        source: The original as text where it is one; quotes and offsets then refer to it.
        pages: Start offset of each page, for formats that have pages.
    """

    def __init__(  # noqa: PLR0913 - a document is its parts
        self,
        *,
        text: str,
        scan: bytes,
        blocks: list[Block],
        sentences: list[Sentence],
        media_type: str,
        sha256: str,
        source: str | None = None,
        origin: OriginMap | None = None,
        pages: list[int] | None = None,
    ) -> None:
        self.text = text
        self.scan = scan
        self.blocks = blocks
        self.sentences = sentences
        self.media_type = media_type
        self.sha256 = sha256
        self.source = text if source is None else source
        self.origin = origin
        self.pages = pages or []

    @lazy
    def folded(self) -> Folded:
        """`scan` as text: plain quotes and dashes, single spaces for breaks, same offsets as `text`."""
        return Folded(self.scan.decode("latin-1"))

    @lazy
    def scans(self) -> list[bytes]:
        """`scan` sentence by sentence."""
        scan = self.scan
        return [scan[one.start : one.end] for one in self.sentences]

    @lazy
    def alike(self) -> list[int]:
        """For each sentence the first that reads the same: what its words alone tell is found out once."""
        first: dict[bytes, int] = {}
        return [first.setdefault(text, index) for index, text in enumerate(self.scans)]

    @lazy
    def kept(self) -> dict[object, Any]:
        """What was worked out about the document and is wanted again, by what asked for it."""
        return {}

    @lazy
    def lines(self) -> list[int]:
        """Start offsets of the source's lines."""
        starts = [0]
        find, at = self.source.find, -1
        while (at := find("\n", at + 1)) != -1:
            starts.append(at + 1)
        return starts

    @lazy
    def sentence_starts(self) -> list[int]:
        """Start offsets of the sentences."""
        return [sentence.start for sentence in self.sentences]

    @lazy
    def sections(self) -> list[int]:
        """For each block, the index of the heading block it stands under, or -1."""
        current, found = -1, []
        for index, block in enumerate(self.blocks):
            if block.kind == "heading":
                current = index
            found.append(current)
        return found

    @lazy
    def first_rows(self) -> list[int]:
        """For each block, the index of the first row of its table, or -1."""
        found: list[int] = []
        for index, block in enumerate(self.blocks):
            is_row = block.kind == "row"
            found.append(-1 if not is_row else found[-1] if found and found[-1] != -1 else index)
        return found

    def sentence_at(self, offset: int) -> int:
        """Return the index of the sentence that holds an offset (or the one before it)."""
        return max(bisect_right(self.sentence_starts, offset) - 1, 0)

    def sentence_text(self, index: int) -> str:
        """Return a sentence in folded form."""
        sentence = self.sentences[index]
        return self.folded[sentence.start : sentence.end]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the source of a span of the readable text."""
        if self.origin is None:
            return start, end
        return self.origin.to_source(start), self.origin.end_in_source(max(end, start + 1))

    def place(self, start: int) -> Place:
        """Return line, column and page of an offset in the source."""
        line = bisect_right(self.lines, start)
        column = start - self.lines[line - 1] + 1
        if not self.pages:
            return Place(line, column)
        page = bisect_right(self.pages, start)
        return Place(line - bisect_right(self.lines, self.pages[page - 1]) + 1, column, page)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read: no word that shows, whatever numbers a scanner put there."""
        return not self.sentences or not any(map(str.isalpha, self.text))
