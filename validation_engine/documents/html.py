"""HTML: what a reader sees, with every character's place in the source; what is hidden does not count."""

from __future__ import annotations

import html
import re
import time
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from validation_engine.documents.build import build
from validation_engine.documents.fold import fold
from validation_engine.documents.model import Block, BlockKind, Document, OriginMap
from validation_engine.errors import DocumentRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.limits import Limits

_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "svg",
        "math",
        "select",
        "option",
        "textarea",
        "iframe",
        "object",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_CLOSES_ITSELF = frozenset(["p", "li", "tr", "td", "th", "dt", "dd", "thead", "tbody", "tfoot"])
_CELLS = frozenset(("td", "th"))
# Not shown, without size or ink, or far off the page.
_UNSEEN = (
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|(?:font-size|opacity)\s*:\s*0(?!\.?\d*[1-9])|"
    r"font-size\s*:\s*[01](?:\.\d+)?p[xt]|(?:text-indent|left|top)\s*:\s*-\d{4,}px)"
)
_WHITE = r"(?<![\w-])color\s*:\s*(?:white|#f{3}(?:f{3})?)\b"
_GROUND = re.compile("background|bgcolor", re.IGNORECASE)
_HIDING_RULE = r"\.([\w-]{1,80})\s*\{[^{}]{0,400}?"
_STYLE_OPENS = re.compile(r"<style\b[^<>]{0,200}>", re.IGNORECASE)
_STYLE_ENDS = re.compile(r"</style", re.IGNORECASE)
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


def _styles(text: str) -> Iterator[tuple[int, int]]:
    """Yield where style sheets stand; one that never ends is none."""
    at = 0
    while opening := _STYLE_OPENS.search(text, at):
        ending = _STYLE_ENDS.search(text, opening.end())
        if ending is None:
            return
        yield opening.end(), ending.start()
        at = ending.end()


class _Reader(HTMLParser):
    """Collects visible text and blocks; HTMLParser is iterative, so depth costs nothing but our count."""

    def __init__(self, text: str, limits: Limits) -> None:
        super().__init__(convert_charrefs=False)
        self._text = text
        self._limits = limits
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._open: list[tuple[str, bool]] = []
        # White is lost where nothing in the whole text has a ground of its own.
        unseen = _UNSEEN if _GROUND.search(text) else f"(?:{_UNSEEN}|{_WHITE})"
        self._unseen = re.compile(unseen, re.IGNORECASE)
        rule = re.compile(_HIDING_RULE + unseen, re.IGNORECASE)
        self._hiding = {name for start, end in _styles(text) for name in rule.findall(text, start, end)}
        self._hidden = 0
        self._at = 0
        self._start = 0
        self._first = 0
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
        self._end_block()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self._void(tag)
            return
        if tag in _CLOSES_ITSELF:
            self._close_implied(tag)
        if len(self._open) >= self._limits.depth:
            message = f"The HTML is nested more than {self._limits.depth} elements deep; flatten it."
            raise DocumentRefused(message, "document_too_deep")
        hides = tag in _SKIPPED or self._hides(attrs)
        if tag in _BLOCKS:
            self._end_block()
            self._kind = self._kind_of(tag)
        elif tag in _CELLS and self._at > self._start:
            self._write("\t", 0)
        elif tag == "q":
            self._write('"', 0)
        self._open.append((tag, hides))
        self._hidden += hides

    def handle_endtag(self, tag: str) -> None:
        if not any(name == tag for name, _ in self._open):
            return
        if tag == "q":
            self._write('"', 0)
        while self._open:
            name, hides = self._open.pop()
            self._hidden -= hides
            if name in _BLOCKS:
                self._end_block()
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        self._write(data, len(data))

    def handle_entityref(self, name: str) -> None:
        self._refer(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._refer(f"&#{name}")

    def _refer(self, written: str) -> None:
        """Write what a character reference stands for, whether it ends in a semicolon or not."""
        at = self._offset() + len(written)
        self._write(html.unescape(f"{written};"), len(written) + (self._text[at : at + 1] == ";"))

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Pass over `<![…>` as a comment, as browsers do; the parser raises at names that are new to it."""
        return self.parse_bogus_comment(i, bool(report))

    def _void(self, tag: str) -> None:
        if tag in ("br", "hr"):
            kind = self._kind
            self._end_block()
            self._kind = kind

    def _close_implied(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self.handle_endtag(tag)

    def _hides(self, attrs: list[tuple[str, str | None]]) -> bool:
        for name, value in attrs:
            if name == "hidden" or (name == "aria-hidden" and value == "true"):
                return True
            if name == "style" and value and self._unseen.search(value):
                return True
            if name == "class" and value and self._hiding and not self._hiding.isdisjoint(value.split()):
                return True
        return False

    def _kind_of(self, tag: str) -> BlockKind:
        if tag in _HEADINGS:
            return "heading"
        inside = [name for name, _ in self._open]
        if tag == "tr":
            return "row"
        if tag == "li" or (tag == "p" and "li" in inside[-2:]):
            return "item"
        return "quote" if tag == "blockquote" or "blockquote" in inside[-3:] else "paragraph"

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _write(self, text: str, length: int) -> None:
        """Add readable text that has a number of characters in the source, from where the parser is."""
        if self._hidden or not text:
            return
        self.pieces.append(text)
        self.readable.append(self._at)
        self.widths.append(len(text))
        self.source.append(self._offset())
        self.lengths.append(length)
        self._at += len(text)

    def _end_block(self) -> None:
        text = "".join(self.pieces[self._first :])
        stripped = text.strip()
        if stripped:
            start = self._start + len(text) - len(text.lstrip())
            level = next((int(name[1]) for name, _ in reversed(self._open) if name in _HEADINGS), 0)
            self.blocks.append(Block(self._kind, start, start + len(stripped), level))
            self.pieces.append("\n")
            self._at += 1
        self._start = self._at
        self._first = len(self.pieces)
        self._kind = "paragraph"
