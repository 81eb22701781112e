"""Which of the lines that `<br>` makes are read as one: those that a plain text's line would go on with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validation_engine.documents.fold import fold
from validation_engine.documents.plain import goes_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Span = tuple[int, int]


def lines_apart(text: str, breaks: Sequence[int]) -> Iterator[Span]:
    """Yield the stretches of a block that stand by themselves, without blanks at their ends.

    Args:
        text: The block's text.
        breaks: Where its lines end.
    """
    begin, last, before = -1, -1, ""
    for start, end in zip((0, *breaks), (*breaks, len(text)), strict=True):
        line = text[start:end]
        words = line.strip()
        first = start + len(line) - len(line.lstrip())
        if begin >= 0 and not (words and goes_on(_plain(before), _plain(words.split("\t", 1)[0]))):
            yield begin, last
            begin = -1
        if words:
            begin, last = first if begin < 0 else begin, first + len(words)
            before = words.rsplit("\t", 1)[-1]
    if begin >= 0:
        yield begin, last


def _plain(words: str) -> str:
    """Return words as a browser shows them: breaks and blanks of the source are one blank each."""
    return " ".join(fold(words).split())
