"""What is counted in a text: its words, or the stems of a sentence and their pairs."""

from __future__ import annotations

import re
from itertools import pairwise

# What a document is shows in its first pages; a book costs no more than they do.
CONSIDERED = 20_000
_WORD = re.compile(r"[a-z]{2,}")
_TOKEN = re.compile(r"[a-z]+|[0-9][0-9,.]*")
_NUMBER = "#"
# Longest first.
_ENDINGS = (
    *("ations", "ation", "ements", "ement", "ments", "ment", "ings", "ing", "ied", "ies"),
    *("ely", "edly", "ly", "ers", "er", "ed", "es", "s", "e", "y"),
)
_SHORTEST_STEM = 3
# Words whose endings mean nothing.
_WHOLE = (
    "a all an and any are as at be by for from has have he her his i if in is it its no not of on or our she"
    " so such that the their they this to was we were which who will shall with you your"
)
_MOST_STEMS = 50_000
_stems: dict[str, str] = {word: word for word in _WHOLE.split()}


def words_of(text: str) -> set[str]:
    """Return the different words of a text's beginning, in lower case."""
    return set(_WORD.findall(text[:CONSIDERED].lower()))


def stems_of(sentence: str) -> list[str]:
    """Return a sentence's words without their endings, in order; any number is `#`."""
    return [_stems.get(token) or _stem(token) for token in _TOKEN.findall(sentence.lower())]


def features_of(stems: list[str]) -> set[str]:
    """Return the different stems and pairs of neighbouring stems."""
    return {*stems, *map(" ".join, pairwise(stems))}


def _stem(token: str) -> str:
    if token[0].isdigit():
        return _NUMBER
    stem = next(
        (
            token[: -len(ending)]
            for ending in _ENDINGS
            if token.endswith(ending) and len(token) - len(ending) >= _SHORTEST_STEM
        ),
        token,
    )
    if len(_stems) < _MOST_STEMS:
        _stems[token] = stem
    return stem
