"""The stretches of a document that may say something: sentences, alone and under a heading, and parts."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from validation_engine.lazy import per_document
from validation_engine.learned.words import features_at, stems_of
from validation_engine.scan.topics import topics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validation_engine.documents.model import Document

# In words. A longer sentence says several things, each of which would drown in the whole.
_LONGEST, _PART, _STEP = 28, 22, 11
_TOPIC = 10


class Window(NamedTuple):
    """A stretch: the sentence that it lies in, and which words it is, perhaps after those of a topic.

    Words are counted over the whole document; both stretches are from the first to before the second number.
    """

    sentence: int
    own: tuple[int, int]
    topic: tuple[int, int] = (0, 0)


class Windows(NamedTuple):
    """What each word of a document adds, and the stretches."""

    features: Sequence[list[str]]
    stretches: Sequence[Window]


@per_document
def windows(document: Document) -> Windows:
    """Return the words and the stretches of a document."""
    count = len(document.sentences)
    words = [features_at(stems_of(document.sentence_text(index))) for index in range(count)]
    starts = [0, *accumulate(map(len, words))]
    stretches = [window for index in range(count) for window in _stretches(document, index, starts)]
    return Windows([features for sentence in words for features in sentence], stretches)


def _stretches(document: Document, index: int, starts: Sequence[int]) -> Iterator[Window]:
    start, end = starts[index : index + 2]
    if start == end or document.sentence_text(index).endswith("?"):
        return  # says nothing, or asks
    if end - start > _LONGEST:
        for at in range(start, end - _STEP, _STEP):
            yield Window(index, (at, min(at + _PART, end)))
    else:
        yield Window(index, (start, end))
    for topic in topics(document, index):
        first, last = starts[topic : topic + 2]
        if first < last:
            yield Window(index, (start, min(start + _PART, end)), (max(first, last - _TOPIC), last))
