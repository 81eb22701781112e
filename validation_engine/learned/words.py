"""What is counted in a text: its words, or the stems of a sentence and which of them stand together."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# A word as its stem and its family, and with the word before it.
Word = tuple[str, str]
Follows = tuple[Word, Word]
# The same, between the word before it and the one after it.
Between = tuple[Word | None, Word, Word | None]

# What a document is shows in its first pages; a book costs no more than they do.
CONSIDERED = 20_000
_WORD = re.compile(r"[a-z]{2,}")
_TOKEN = re.compile(r"[a-z]+|[0-9][0-9,.]*")
_NUMBER = "#"
# What the first word of a sentence follows.
_START = ("<", "<")
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
# Stretches whose families apart are kept: each is read for several statements.
MOST_STRETCHES = 256
# How many words on a second one may stand; between the names of the two.
_REACH, APART = 20, " .. "
# What bears on each of so many words after it.
_TURNING, _TURNED = frozenset(("@nobody", "unles", "only", "if")), 8
_TURNS = "~"
# A word never met is still told by how it begins, if it is longer than that.
_BEGINS, _BEGINNING = "^", 4
_FAMILY = "@"
_FAMILIES = {
    word: _FAMILY + line.split()[0]
    for line in (Path(__file__).parent / "families.txt").read_text(encoding="utf-8").splitlines()
    for word in line.split()[1:]
}
_stems = {word: (word, _FAMILIES.get(word, word)) for word in _WHOLE.split()}


def words_of(text: str) -> set[str]:
    """Return the different words of a text's beginning, in lower case."""
    return set(_WORD.findall(" ".join(set(text[:CONSIDERED].lower().split()))))


def stems_of(sentence: str) -> list[Word]:
    """Return a sentence's words in order, each as its stem and as its family (or the stem again).

    Any number is `#`, and "n't" a "not" of its own.
    """
    tokens = _TOKEN.findall(sentence.lower().replace("n't", " not").replace("cannot", "can not"))
    return [_stems.get(token) or _stem(token) for token in tokens]


def followed(words: Sequence[Word]) -> list[Follows]:
    """Return each word of a sentence with the one before it."""
    return list(pairwise((_START, *words)))


def between(words: Sequence[Word]) -> list[Between]:
    """Return each word of a sentence with its neighbours."""
    return list(zip((None, *words), words, (*words[1:], None), strict=False))


def parts_of(word: Word) -> tuple[str, str | None, str | None]:
    """Return what a word is the sum of: its stem, and its family and beginning where it has one."""
    stem, family = word
    return stem, None if family is stem else family, _beginning(stem)


def features_at(follows: Follows) -> list[str]:
    """Return what a word adds: its stem, beginning and family, and the pairs made with the word before.

    What a stretch says is the sum of what its words add, so that no stretch needs to be read twice.
    """
    (before, family_before), (stem, family) = follows
    own = [stem, f"{before} {stem}"]
    own += filter(None, parts_of((stem, family))[1:])
    if family is not stem or family_before is not before:
        own.append(f"{family_before} {family}")
    return own


def features_of(words: Sequence[Follows]) -> Counter[str]:
    """Return how often each feature occurs in a stretch: of its words, and of words apart."""
    families = [family for _, (_, family) in words]
    apart = (f"{first}{APART}{second}" for first, others in reached(families) for second in others)
    return Counter(chain(chain.from_iterable(map(features_at, words)), apart))


def reached(families: Sequence[str]) -> Sequence[tuple[str, Sequence[str]]]:
    """Return each family, or two, with those after it that it can have to do with.

    A family with those after the next; two that stand together with the next; a word that turns what is
    said, such as "not", with the next few.
    """
    return _reached(tuple(families))


@lru_cache(maxsize=MOST_STRETCHES)
def _reached(families: tuple[str, ...]) -> list[tuple[str, Sequence[str]]]:
    found: list[tuple[str, Sequence[str]]] = []
    for at, first in enumerate(families):
        if at + 2 < len(families):
            found.append((first, families[at + 2 : at + 1 + _REACH]))
            found.append((f"{first} {families[at + 1]}", families[at + 2 : at + 3]))
        if first in _TURNING:
            found.append((_TURNS + first, families[at + 1 : at + 1 + _TURNED]))
    return found


def _beginning(stem: str) -> str | None:
    return _BEGINS + stem[:_BEGINNING] if len(stem) > _BEGINNING else None


def _stem(token: str) -> tuple[str, str]:
    if token[0].isdigit():
        return _NUMBER, _NUMBER
    stem = next(
        (
            token[: -len(ending)]
            for ending in _ENDINGS
            if token.endswith(ending) and len(token) - len(ending) >= _SHORTEST_STEM
        ),
        token,
    )
    found = stem, _FAMILIES.get(token, stem)
    if len(_stems) < _MOST_STEMS:
        _stems[token] = found
    return found
