"""The stretches of a document that may say something: sentences, alone and under a heading, and parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validation_engine.lazy import per_document
from validation_engine.learned.words import features_of, stems_of
from validation_engine.scan.topics import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document

Words = list[tuple[str, str]]
# In words. A longer sentence says several things, each of which would drown in the whole.
_LONGEST, _PART, _STEP = 28, 22, 11
_TOPIC = 10


@per_document
def windows(document: Document) -> list[tuple[int, set[str]]]:
    """Return the features of each stretch, with the index of the sentence that it lies in."""
    stems = [stems_of(document.sentence_text(index)) for index in range(len(document.sentences))]
    return [
        (index, features_of(part)) for index in range(len(stems)) for part in _parts(document, index, stems)
    ]


def _parts(document: Document, index: int, stems: list[Words]) -> Iterator[Words]:
    own = stems[index]
    if document.sentence_text(index).endswith("?"):
        return  # asks, and says nothing
    if len(own) > _LONGEST:
        yield from (own[at : at + _PART] for at in range(0, len(own) - _STEP, _STEP))
    elif own:
        yield own
    for topic in topics(document, index):
        if own and stems[topic]:
            yield stems[topic][-_TOPIC:] + own[:_PART]
