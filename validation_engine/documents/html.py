"""HTML: what a reader sees, with every character's place in the source; what is hidden does not count."""

from __future__ import annotations

import html
import re
import time
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from validation_engine.documents.build import CELL, build
from validation_engine.documents.fold import fold
from validation_engine.documents.html_hiding import Hiding
from validation_engine.documents.html_lines import lines_apart
from validation_engine.documents.html_tags import BLOCKS, CELLS, ENDED_BY, HEADINGS, OF_HEAD, SKIPPED, VOID
from validation_engine.documents.model import Block, BlockKind, Document, OriginMap
from validation_engine.documents.spelling import spelled
from validation_engine.errors import DocumentRefused

if TYPE_CHECKING:
    from validation_engine.documents.html_hiding import Tokens
    from validation_engine.documents.limits import Limits

# A row of a table whose cells hold more is a page's layout.
_LONGEST_CELL = 300
_HEAD, _NOTHING = frozenset(("head",)), frozenset[str]()
_CHUNK = 65_536


def read_html(text: str, *, original: bytes | None, limits: Limits) -> Document:
    """Return the document of an HTML text.

    Raises:
        DocumentRefused: It is nested too deeply, or reading it takes too long.
    """
    reader = _Reader(text, limits)
    reader.read()
    readable = "".join(reader.pieces)
    return build(
        readable,
        reader.blocks,
        media_type="text/html",
        original=text.encode("utf-8", "replace") if original is None else original,
        folded=fold(readable).replace("\n", " "),
        source=text,
        origin=OriginMap(
            reader.readable or [0], reader.widths or [0], reader.source or [0], reader.lengths or [0]
        ),
    )


class _Row(msgspec.Struct):
    """An open row of a table: the blocks before it, where its cells and the breaks of its lines are."""

    first: int
    cells: list[int] = []
    breaks: list[int] = []
    holds_rows: bool = False

    def is_whole(self, lines: list[Block], end: int) -> bool:
        """Return whether its lines are read as one: those of short cells beside each other."""
        short = all(after - cell <= _LONGEST_CELL for cell, after in pairwise([*self.cells, end]))
        plain = all(one.kind in ("row", "paragraph") for one in lines)
        some = len(lines) > 1 or any(one.kind == "row" for one in lines)
        return some and len(self.cells) > 1 and short and plain and not self.holds_rows


class _Opened(NamedTuple):
    tag: str
    hides: bool
    tokens: Tokens


class _Reader(HTMLParser):
    """Collects visible text and blocks; HTMLParser is iterative, so depth costs nothing but our count."""

    def __init__(self, text: str, limits: Limits) -> None:
        super().__init__(convert_charrefs=False)
        self._text = text
        self._limits = limits
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._open: list[_Opened] = []
        self._rows: list[_Row] = []
        self._hiding = Hiding(text)
        self._hidden = 0
        self._at = 0
        self._start = 0
        self._first = 0
        self._breaks: list[int] = []
        self._kind: BlockKind = "paragraph"
        self.pieces: list[str] = []
        self.blocks: list[Block] = []
        self.readable: list[int] = []
        self.widths: list[int] = []
        self.source: list[int] = []
        self.lengths: list[int] = []

    def read(self) -> None:
        deadline = time.monotonic() + self._limits.seconds
        for start in range(0, len(self._text), _CHUNK):
            self.feed(self._text[start : start + _CHUNK])
            if time.monotonic() > deadline:
                message = (
                    f"Reading the HTML took more than {self._limits.seconds:.0f} s; simplify or split it."
                )
                raise DocumentRefused(message, "document_too_slow")
        if self.rawdata and "<" not in self.rawdata:
            self.handle_data(self.rawdata)
        while self._rows:
            self.handle_endtag("tr")
        self._end_block()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in OF_HEAD:
            self._close(_HEAD, _NOTHING)
        for ended, barriers in ENDED_BY.get(tag, ()):
            self._close(ended, barriers)
        if tag in VOID:
            self._void(tag)
            return
        if len(self._open) >= self._limits.depth:
            message = f"The HTML is nested more than {self._limits.depth} elements deep; flatten it."
            raise DocumentRefused(message, "document_too_deep")
        tokens = self._hiding.tokens(tag, attrs)
        opened = _Opened(tag, tag in SKIPPED or self._hiding.hides(attrs, tokens), tokens)
        self._begin(tag)
        self._open.append(opened)
        self._hiding.enter(tokens)
        self._hidden += opened.hides

    def handle_endtag(self, tag: str) -> None:
        if not any(one.tag == tag for one in self._open):
            return
        if tag == "q":
            self._write('"', 0)
        while self._open:
            name, hides, tokens = self._open.pop()
            self._hiding.leave(tokens)
            self._hidden -= hides
            if name in BLOCKS:
                self._end_block()
            if name == "tr":
                self._end_row()
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].tag == "head" and not data.isspace():
            self.handle_endtag("head")
        # A tab is a space to whoever reads the page; ours part the cells of a row.
        self._write(data.replace("\t", " "), len(data))

    def handle_entityref(self, name: str) -> None:
        self._refer(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._refer(f"&#{name}")

    def _refer(self, written: str) -> None:
        """Write what a character reference stands for; what is none ("R&D"), or follows one, as it is."""
        at = self._offset() + len(written)
        written += ";" * (self._text[at : at + 1] == ";")
        meant = html.unescape(written)
        tails = (meant[at:] for at in range(1 if meant != written else 0, len(meant)))
        same = next((tail for tail in tails if written.endswith(tail)), "")
        length = len(written) - len(same)
        self._write(meant[: len(meant) - len(same)], length)
        self._write(same, len(same), length)

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Pass over `<![…>` as a comment, as browsers do; the parser raises at names that are new to it."""
        return self.parse_bogus_comment(i, bool(report))

    def _void(self, tag: str) -> None:
        if tag == "hr":
            kind = self._kind
            self._end_block()
            self._kind = kind
        elif tag == "br" and not self._hidden:
            self._breaks.append(self._at - self._start)
            self._end_line()

    def _close(self, ended: frozenset[str], barriers: frozenset[str]) -> None:
        """Close elements that are left open, within what is never looked beyond."""
        for one in self._open[::-1]:
            if one.tag in barriers:
                return
            if one.tag in ended:
                self.handle_endtag(one.tag)

    def _begin(self, tag: str) -> None:
        """Begin what an element makes: a block, a cell, a quotation."""
        if tag in BLOCKS:
            self._end_block()
            self._kind = self._kind_of(tag)
        elif tag == "q":
            self._write('"', 0)
        if tag == "tr":
            for outer in self._rows[-1:]:
                outer.holds_rows = True
            self._rows.append(_Row(len(self.blocks)))
        elif tag in CELLS and self._rows:
            row = self._rows[-1]
            if row.cells:
                self._write(CELL, 0)
            row.cells.append(self._at)

    def _end_row(self) -> None:
        """Make one block of the lines in the cells of a row, unless its cells lay out a page."""
        row = self._rows.pop()
        lines = self.blocks[row.first :]
        if row.is_whole(lines, self._at):
            for place in row.breaks[:-1]:
                self.pieces[place] = " "
            self.blocks[row.first :] = [Block("row", lines[0].start, lines[-1].end)]

    def _kind_of(self, tag: str) -> BlockKind:
        if tag in HEADINGS:
            return "heading"
        inside = [one.tag for one in self._open]
        if tag == "tr":
            return "row"
        if tag == "li" or (tag == "p" and "li" in inside[-2:]):
            return "item"
        return "quote" if tag == "blockquote" or "blockquote" in inside[-3:] else "paragraph"

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _write(self, text: str, length: int, after: int = 0) -> None:
        """Add readable text that has some characters in the source, so many after where the parser is."""
        if self._hidden or not text:
            return
        plain, offset = spelled(text), self._offset() + after
        if plain.origin is None or len(text) != length:
            self._piece(plain.text, offset, length)
            return
        for at, width, start, own in zip(*msgspec.structs.astuple(plain.origin), strict=True):
            self._piece(plain.text[at : at + width], offset + start, own)

    def _piece(self, text: str, offset: int, length: int) -> None:
        self.pieces.append(text)
        self.readable.append(self._at)
        self.widths.append(len(text))
        self.source.append(offset)
        self.lengths.append(length)
        self._at += len(text)

    def _end_block(self) -> None:
        text = "".join(self.pieces[self._first :])
        if text.strip():
            level = next((int(one.tag[1]) for one in reversed(self._open) if one.tag in HEADINGS), 0)
            for start, end in lines_apart(text, self._breaks):
                self.blocks.append(Block(self._kind, self._start + start, self._start + end, level))
        if text.strip() or "\t" in text:
            self._end_line()
        self._start = self._at
        self._first = len(self.pieces)
        self._breaks = []
        self._kind = "paragraph"

    def _end_line(self) -> None:
        for row in self._rows[-1:]:
            row.breaks.append(len(self.pieces))
        self.pieces.append("\n")
        self._at += 1
