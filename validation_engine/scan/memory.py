"""What is remembered of sentences that came before: which patterns may match, and which were found to.

A sentence is known again by its digest: no words of a document outlive it. Of one that came once nothing but
the digest is kept, of one that came twice the numbers of patterns.
"""

from __future__ import annotations

from array import array
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from validation_engine.documents.model import Document
    from validation_engine.scan.grams import Looked

# About 10 MB of numbers.
_MOST_KNOWN = 20_000
# Longer ones, such as tables on one line, do not come again.
_LONGEST_KNOWN = 2_000


class Known(NamedTuple):
    """A sentence: the patterns that may match, those that were tried, and those of them that match."""

    likely: array[int]
    tried: frozenset[int]
    matching: array[int]


_SEEN_ONCE = Known(array("I"), frozenset(), array("I"))


class Recalled:
    """What is remembered of a document's sentences.

    Attributes:
        known: Those that are known, by index.
        digests: Of those that are known or came once before, by index.
        fresh: A bit for each sentence that is not known.
    """

    def __init__(self, known: dict[int, Known], digests: dict[int, bytes], count: int) -> None:
        self.known = known
        self.digests = digests
        self.fresh = (1 << count) - 1 & ~_mask(known)
        self._tried = list({id(one.tried): one.tried for one in known.values()}.values())
        self._certain: dict[int, list[int]] = {}
        for index, one in known.items():
            for number in one.matching:
                self._certain.setdefault(number, []).append(index)

    @property
    def likely(self) -> set[int]:
        """Return the patterns that may match in a known sentence."""
        return set().union(*(one.likely for one in self.known.values()))

    def of(self, number: int) -> tuple[list[int], int]:
        """Return the known sentences in which a pattern matches, and a bit for each that is to be tried."""
        certain = self._certain.get(number, [])
        if all(number in tried for tried in self._tried):
            return certain, self.fresh
        return certain, self.fresh | _mask(at for at, one in self.known.items() if number not in one.tried)


class Memory:
    """Sentences by their digest; safe to share between threads."""

    def __init__(self) -> None:
        self._known: dict[bytes, Known] = {}
        self._tried: dict[frozenset[int], frozenset[int]] = {}

    def recall(self, document: Document) -> Recalled:
        """Return what is known of a document's sentences, and take note of those that are new."""
        known, digests, text = {}, {}, document.scan
        for index, sentence in enumerate(document.sentences):
            start, end = sentence.start, sentence.end
            if end - start > _LONGEST_KNOWN or _cuts_a_word(text, start, end):
                continue
            digest = blake2b(text[start:end], digest_size=16).digest()
            found = self._known.get(digest)
            if found is None:
                self._note(digest, _SEEN_ONCE)
                continue
            digests[index] = digest
            if found is not _SEEN_ONCE:
                known[index] = found
        return Recalled(known, digests, len(document.sentences))

    def keep(self, recalled: Recalled, found: Mapping[int, Sequence[int]], looked: Looked | None) -> None:
        """Keep what was found out about sentences that came before.

        Args:
            recalled: What was known of the document before.
            found: The sentences in which the patterns that were tried match.
            looked: The patterns that may match in those that were not known.
        """
        tried = frozenset(found)
        before = {at: recalled.known.get(at, _SEEN_ONCE) for at in recalled.digests}
        # Sentences that came together share the set of what was tried.
        sets = {id(one.tried): one.tried for one in before.values()}
        lacking = {at: one for at, one in sets.items() if not tried <= one}
        wanted = {at: one for at, one in before.items() if id(one.tried) in lacking}
        if not wanted:
            return
        grown = {at: self._shared(one | tried) for at, one in lacking.items()}
        matching = _by_sentence(found.items(), wanted)
        new = [at for at, one in wanted.items() if one is _SEEN_ONCE]
        likely = looked.patterns(new) if looked else {}
        for at, one in wanted.items():
            numbers = likely.get(at, []) if one is _SEEN_ONCE else one.likely
            known = Known(
                array("I", numbers), grown[id(one.tried)], array("I", {*one.matching, *matching.get(at, [])})
            )
            self._note(recalled.digests[at], known)

    def _shared(self, tried: frozenset[int]) -> frozenset[int]:
        """Return the one object of all sets that are equal."""
        return self._tried.setdefault(tried, tried)

    def _note(self, digest: bytes, known: Known) -> None:
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
            self._tried.clear()
        self._known[digest] = known


def _by_sentence(found: Iterable[tuple[int, Iterable[int]]], wanted: Container[int]) -> dict[int, list[int]]:
    """Return for each wanted sentence the patterns found in it."""
    turned: dict[int, list[int]] = {}
    for number, sentences in found:
        for at in sentences:
            if at in wanted:
                turned.setdefault(at, []).append(number)
    return turned


def _mask(sentences: Iterable[int]) -> int:
    return sum(1 << at for at in sentences)


def _cuts_a_word(text: bytes, start: int, end: int) -> bool:
    """Whether a sentence was cut within a word: alone it reads otherwise than where it stands."""
    return text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()
