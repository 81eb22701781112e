"""From readable text and its blocks to a `Document`."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from validation_engine.documents.fold import fold, to_bytes
from validation_engine.documents.model import Block, Document, OriginMap, Sentence
from validation_engine.documents.sentences import LONGEST, cut

if TYPE_CHECKING:
    from collections.abc import Sequence

# Between the cells of a row.
CELL = " \t "
_TABS = re.compile(r"\t+")


def build(  # noqa: PLR0913 - a document is its parts
    text: str,
    blocks: Sequence[Block],
    *,
    media_type: str,
    original: bytes | None = None,
    folded: str | None = None,
    source: str | None = None,
    origin: OriginMap | None = None,
    pages: list[int] | None = None,
) -> Document:
    """Return the document with its sentences cut.

    Args:
        text: The readable text.
        blocks: Its blocks, in order.
        media_type: Of the original.
        original: The original's bytes, for the hash; the source's UTF-8 where left out.
        folded: The folded text where the reader masked something; else folded here.
        source: The original as text where it differs from the readable text.
        origin: How offsets of the readable text lead to the source.
        pages: Start offsets of pages.
    """
    folded = fold(text) if folded is None else folded
    folded = _barred(folded, text, blocks) if "\t" in text else folded
    sentences: list[Sentence] = []
    for index, block in enumerate(blocks):
        sentences += [Sentence(start, end, index) for start, end in _pieces(folded, block)]
    scan = to_bytes(folded).replace(b"\n", b" ")
    raw = (source or text).encode("utf-8", "replace") if original is None else original
    return Document(
        text=text,
        scan=scan,
        blocks=list(blocks),
        sentences=sentences,
        media_type=media_type,
        sha256=hashlib.sha256(raw).hexdigest(),
        source=source,
        origin=origin,
        pages=pages,
    )


def _barred(folded: str, text: str, blocks: Sequence[Block]) -> str:
    """Write a bar for each tab between the cells of a row, so that every format tells them apart alike."""
    pieces, at = [], 0
    for block in blocks:
        if block.kind == "row":
            for tabs in _TABS.finditer(text, block.start, block.end):
                if folded[tabs.start()] == " ":
                    pieces += [folded[at : tabs.start()], "|"]
                    at = tabs.start() + 1
    return "".join([*pieces, folded[at:]])


def _pieces(folded: str, block: Block) -> list[tuple[int, int]]:
    if block.kind == "row" and block.end - block.start <= LONGEST:
        return [(block.start, block.end)]
    return cut(folded, block.start, block.end)
