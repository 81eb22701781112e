"""The stretches of a document that may say something: sentences, alone and under a heading, and parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validation_engine.lazy import per_document
from validation_engine.learned.words import followed, stems_of
from validation_engine.scan.topics import topics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validation_engine.documents.model import Document
    from validation_engine.learned.words import Follows

# In words. A longer sentence says several things, each of which would drown in the whole.
_LONGEST, _PART, _STEP = 28, 22, 11
_TOPIC = 10


class Stretch(NamedTuple):
    """Words of a sentence, or of any that reads the same, from the first to before the second number."""

    sentence: int
    start: int
    end: int


def words_in(document: Document, sentence: int) -> list[Follows]:
    """Return the words of a sentence, each with the one before it."""
    known, sentence = _words(document), document.alike[sentence]
    if sentence not in known:
        known[sentence] = followed(stems_of(document.sentence_text(sentence)))
    return known[sentence]


def families_in(document: Document, window: Sequence[Stretch]) -> tuple[str, ...]:
    """Return the families of the words of a window, in order."""
    return tuple([word[-1][1] for one, start, end in window for word in words_in(document, one)[start:end]])


def windows(document: Document, sentence: int) -> Iterator[tuple[Stretch, ...]]:
    """Yield what to read of a sentence: it or its parts, and its beginning after what announces it.

    Sentences that read the same give the same windows, so that what is read is read once.
    """
    first = document.alike[sentence]
    count = len(words_in(document, sentence))
    if not count or document.sentence_text(sentence).endswith("?"):
        return  # says nothing, or asks
    if count > _LONGEST:
        for at in range(0, count - _STEP, _STEP):
            yield (Stretch(first, at, min(at + _PART, count)),)
    else:
        yield (Stretch(first, 0, count),)
    for topic in topics(document, sentence):
        last = len(words_in(document, topic))
        if last:
            own = Stretch(first, 0, min(_PART, count))
            yield Stretch(document.alike[topic], max(0, last - _TOPIC), last), own


@per_document
def _words(_: Document) -> dict[int, list[Follows]]:
    """Return where the words of sentences are kept once they are known."""
    return {}
