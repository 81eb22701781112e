"""Lists of those who get data: "Companies that help us", and under it one name a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.scan.hits import Span
from validation_engine.scan.quick import Quick
from validation_engine.scan.scopes import in_any
from validation_engine.scan.topics import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document

_ENTRIES = ("item", "row")
# A name in capitals, and what follows it: "Kraken Print, Glasgow", "| Xero | books |".
_NAMED = re.compile(
    r"[-*+o|\s]*[A-Z][\w&'-]+(?: (?:&|and|of|[A-Z][\w&'-]*))*\s?(?:[,:(|-]|(?:gets?|sees?|receives?)\b)"
)
# Or in plain words, under a line that asks who gets it: "- our bank".
_DESCRIBED = re.compile(r"[-*+o|\s]*(?:our|the|your|an?) [a-z]+", re.IGNORECASE)
_WHO_GETS_IT = Quick(
    r"\bwhat (?:they|each|it|he|she) (?:gets?|sees?|receives?|is given)\b|"
    r"\bwho (?:else )?(?:gets?|sees?|receives?|we (?:share|pass|give))\b|\brecipients?\b|\bshared? with\W*$",
    re.IGNORECASE,
)
_SHARING = Quick(
    r"\bwhat (?:they|each|it|he|she) (?:gets?|sees?|receives?|is given)\b|"
    r"\b(?:who (?:else )?(?:gets?|sees?|receives?|has)|"
    r"(?:companies|people|firms|suppliers|others|organisations) (?:who|that|which|we)\b|recipients?|"
    r"shar(?:e|ed|ing) (?:with|your|it|data)|we (?:share|pass|give)\b|processors)\b",
    re.IGNORECASE,
)


def listed_recipients(document: Document) -> Iterator[Span]:
    """Yield the entries of lists whose heading or lead says that these get data."""
    for index, sentence in enumerate(document.sentences):
        if document.blocks[sentence.block].kind not in _ENTRIES:
            continue
        is_of_sharing = (
            _NAMED.match(document.folded, sentence.start, sentence.end)
            and _is_under(document, index, _SHARING)
        ) or (
            _DESCRIBED.match(document.folded, sentence.start, sentence.end)
            and _is_under(document, index, _WHO_GETS_IT)
        )
        if is_of_sharing:
            span = Span(sentence.start, sentence.end, index)
            if not in_any(document, span, ("negation", "quotation", "attribution", "example", "question")):
                yield span


def _is_under(document: Document, index: int, topic: Quick) -> bool:
    return any(topic.search(document.sentence_text(above)) for above in topics(document, index))
