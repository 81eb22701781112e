"""What tax guidance says: its statements, each with the subject that its heading or predecessor gives it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from validation_engine.scan import scopes
from validation_engine.scan.scanner import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.checks.registry import Context

_PAST = re.compile(
    r"\b(?:until|previous\w*|used to|no longer|formerly|older|was|were|before (?:\d|january|february|"
    r"march|april|may|june|july|"
    r"august|september|october|november|december)|myth|wrong|mistake\w*|misconception|rose from|up from|"
    r"example|e\.g|suppose|"
    r"imagine|old)\b",
    re.IGNORECASE,
)


class Statement(msgspec.Struct, frozen=True, gc=False):
    """A sentence, and as its subject also its heading and the sentence before it."""

    text: str
    start: int
    end: int
    subject: str


def statements(context: Context) -> Iterator[Statement]:
    """Yield what the document asserts now: no history, example, quotation or hearsay."""
    document = context.document
    for index, sentence in enumerate(document.sentences):
        text = document.sentence_text(index)
        span = Span(sentence.start, sentence.end, index)
        if _PAST.search(text) or scopes.in_any(document, span, ("quotation", "example")):
            continue
        yield Statement(text, sentence.start, sentence.end, f"{_around(context, index)} {text}")


def _around(context: Context, index: int) -> str:
    document = context.document
    block = document.sentences[index].block
    heading = document.sections[block]
    near = (
        ""
        if heading == -1
        else document.folded[document.blocks[heading].start : document.blocks[heading].end]
    )
    if index and document.sentences[index - 1].block in (block, block - 1):
        near += " " + document.sentence_text(index - 1)
    return near
