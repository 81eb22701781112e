"""Markdown: the source stays as it is, so that places are true; its marks are blanked for the scan."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from validation_engine.documents.build import build
from validation_engine.documents.fold import fold
from validation_engine.documents.model import Block, BlockKind, Document
from validation_engine.documents.plain import plain_blocks
from validation_engine.documents.spelling import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_KINDS: dict[str, BlockKind] = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "fence": "code",
    "code_block": "code",
    "tr_open": "row",
}
_LINE_MARKS = re.compile(r"^[ ]*(?:>[ ]*)*(?:#{1,6}[ ]+|[-*+][ ]+(?:\[[ xX]\][ ]+)?)?", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\](\([^()\n]{0,500}\)|\[[^\[\]\n]{0,100}\])")
_MARKS = re.compile(
    r"\*{1,3}|`{1,3}|~~|(?<![A-Za-z0-9])_{1,3}|_{1,3}(?![A-Za-z0-9])|\\(?=[\\`*_{}\[\]()#+.!|-])"
)
_COMMENT = re.compile(r"<!--|-->")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,300}>")
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_UNSEEN = re.compile(r"<(script|style|template)\b[^<>]{0,300}>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_NO_BREAK = re.compile(r"[^\n]")
_TABLE_RULE = re.compile(r"^[ |:-]+$")


def read_markdown(source: str, *, original: bytes | None = None) -> Document:
    """Return the document of a Markdown text."""
    plain = spelled(source, in_markup=True)
    text = plain.text
    parser = MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"])
    starts = _line_starts(text)
    folded, links = _blanked(fold(text)), dict[str, Any]()
    tokens = parser.parse(text, links)
    folded = _without_links(folded, links, starts)
    blocks = _with_unread(list(_blocks(tokens, text, folded, starts)), text, folded)
    trimmed = [block for one in blocks if (block := _trimmed(one, folded)) is not None]
    return build(
        text,
        trimmed,
        media_type="text/markdown",
        original=original,
        folded=folded,
        source=source,
        origin=plain.origin,
    )


def _line_starts(text: str) -> list[int]:
    """Return where lines begin as the parser counts them: a carriage return alone ends one too."""
    return [0, *(found.end() for found in _LINE_ENDS.finditer(text)), len(text) + 1]


def _blocks(tokens: list[Token], text: str, folded: str, starts: list[int]) -> Iterator[Block]:
    in_item = in_quote = 0
    for token in tokens:
        in_item += token.nesting if token.type.startswith("list_item") else 0
        in_quote += token.nesting if token.type.startswith("blockquote") else 0
        if token.map is None:
            continue
        if token.type == "html_block":
            yield from plain_blocks(folded, text, starts[token.map[0]], min(starts[token.map[1]], len(text)))
            continue
        kind = _KINDS.get(token.type)
        if kind is None:
            continue
        if kind == "paragraph":
            kind = "quote" if in_quote else "item" if in_item else "paragraph"
        start, end = starts[token.map[0]], max(starts[token.map[1]] - 1, starts[token.map[0]])
        if kind == "row" and _TABLE_RULE.match(text[start:end]):
            continue
        if kind == "paragraph" and "|" in text[start:end]:  # a table that the parser takes for none
            yield from plain_blocks(folded, text, start, min(end, len(text)))
            continue
        yield Block(kind, start, min(end, len(text)), int(token.tag[1]) if kind == "heading" else 0)


def _without_links(folded: str, links: dict[str, Any], starts: list[int]) -> str:
    """Blank the lines that say where links lead: nobody reads them."""
    pieces, at = [], 0
    defined = (*links.get("references", {}).values(), *links.get("duplicate_refs", ()))
    for first, after in sorted(one["map"] for one in defined):
        begin, end = starts[first], min(starts[after], len(folded))
        pieces += [folded[at:begin], _NO_BREAK.sub(" ", folded[begin:end])]
        at = end
    return "".join([*pieces, folded[at:]])


def _with_unread(blocks: list[Block], text: str, folded: str) -> Iterator[Block]:
    """Yield the blocks, and as of plain text what the parser left out: it reads lists 20 deep at most."""
    at = 0
    for block in [*blocks, Block("paragraph", len(text), len(text))]:
        if any(map(str.isalnum, folded[at : block.start])):
            yield from plain_blocks(folded, text, at, block.start)
        yield block
        at = max(at, block.end)


def _blanked(folded: str) -> str:
    """Blank every mark of Markdown with as many spaces."""
    folded = _without_comments(folded)
    folded = _without_unseen(folded)
    folded = _REFERENCE.sub(_referred, _LINK.sub(_link, folded))
    folded = _LINE_MARKS.sub(_blank, folded)
    return _MARKS.sub(_blank, _TAG.sub(_blank, folded))


def _without_comments(folded: str) -> str:
    """Blank comments; one that never ends is none."""
    pieces, at, opened = [], 0, -1
    for mark in _COMMENT.finditer(folded):
        if mark.group() == "<!--":
            opened = mark.start() if opened < 0 else opened
        elif opened >= 0:
            pieces += [folded[at:opened], _NO_BREAK.sub(" ", folded[opened : mark.end()])]
            at, opened = mark.end(), -1
    return "".join([*pieces, folded[at:]])


def _without_unseen(folded: str) -> str:
    """Blank scripts and styles; one that never ends is none."""
    pieces, at, lowered = [], 0, folded.lower()
    for opening in _UNSEEN.finditer(folded):
        if opening.start() < at:
            continue
        ending = lowered.find(f"</{opening.group(1).lower()}", opening.end())
        if ending < 0:
            break
        pieces += [folded[at : opening.start()], _NO_BREAK.sub(" ", folded[opening.start() : ending])]
        at = ending
    return "".join([*pieces, folded[at:]])


def _referred(found: re.Match[str]) -> str:
    """Return what a character reference stands for, in as many characters as it has."""
    character = fold(html.unescape(found.group()))
    known = len(character) == 1 and character.isprintable()
    return character.ljust(len(found.group())) if known else found.group()


def _blank(found: re.Match[str]) -> str:
    return _NO_BREAK.sub(" ", found.group())


def _link(found: re.Match[str]) -> str:
    lead = found.group().index("[") + 1
    return " " * lead + found.group(1) + " " * (len(found.group()) - lead - len(found.group(1)))


def _trimmed(block: Block, folded: str) -> Block | None:
    text = folded[block.start : block.end]
    stripped = text.strip()
    if not stripped:
        return None
    start = block.start + len(text) - len(text.lstrip())
    return Block(block.kind, start, start + len(stripped), block.level)
