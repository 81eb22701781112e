"""Whether and where patterns match in one document, worked out as far as somebody asks."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from typing import TYPE_CHECKING

import msgspec
import re2

from validation_engine.errors import TooManyMatches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document
    from validation_engine.scan.finder import Finder
    from validation_engine.scan.scanner import PatternSet

_UNANCHORED = re2._Anchor.UNANCHORED  # noqa: SLF001 - the value has no public name
_NOWHERE = (-1, -1)
# What asks for the beginning or end of a sentence: no class that leaves out (`[^.]`).
_ANCHORED = re.compile(rb"(?<!\[)\^|\$")
# A stretch of so many sentences is looked through by itself.
_NEAR = 12
# A search reaches so many characters at most: a pattern of `.*` runs to the end of what it is given, from
# every sentence anew.
_REACH = 2_000


class Span(msgspec.Struct, frozen=True, gc=False):
    """A match: offsets in the readable text, and the sentence that holds it."""

    start: int
    end: int
    sentence: int


class Hits:
    """The outcome of one scan.

    Args:
        document: What was scanned.
        patterns: For what.
        finder: Finds the letters of those that may be asked for.

    Attributes:
        touched: The patterns that may match somewhere; all others do not match.
    """

    def __init__(self, document: Document, patterns: PatternSet, finder: Finder) -> None:
        self._texts = document.scans
        self._alike = document.alike
        self._document = document
        self._patterns = patterns
        self._find = patterns.first
        self._everywhere = finder.everywhere
        self._places = finder.find(document)
        self._likely: dict[int, list[int]] = {}
        self._count = len(self._texts)
        self._firsts: dict[int, tuple[int, int]] = {}
        self._certain: dict[int, list[int]] = {}
        self._tried: dict[int, int] = {}
        self._left = self._most_of_gate = self._left_of_gate = sys.maxsize
        self.touched = finder.everywhere.union(self._places.touched)

    def allow(self, of_gate: int, of_all: int) -> None:
        """Allow so many matches to be looked at for each gate, and for all gates together."""
        self._most_of_gate, self._left = of_gate, of_all

    def begin(self) -> None:
        """Begin the matches of one gate."""
        self._left_of_gate = self._most_of_gate

    def look(self) -> None:
        """Count a match that is looked at.

        Raises:
            TooManyMatches: More than were allowed.
        """
        self._left -= 1
        self._left_of_gate -= 1
        if self._left < 0 or self._left_of_gate < 0:
            message = (
                "The gate's patterns match too much of this document to look at every match; narrow them."
                " A person must look."
            )
            raise TooManyMatches(message)

    def may_match(self, number: int) -> bool:
        """Return whether a touched pattern may match; False is certain."""
        return number not in self._everywhere or bool(self.likely(number))

    def likely(self, number: int) -> list[int]:
        """Return the sentences in which a pattern may match; in all others it does not."""
        found = self._likely.get(number)
        if found is None:
            is_everywhere = number in self._everywhere
            found = self._search(number) if is_everywhere else self._places.of(number)
            self._likely[number] = found
        return found

    def _search(self, number: int) -> list[int]:
        """Return the sentences in which a pattern may match, found over the whole text."""
        pattern = self._patterns.pattern(number)
        text, sentences = self._document.scan, self._document.sentences
        if not sentences or _ANCHORED.search(pattern.pattern):
            return list(range(len(sentences)))
        match = pattern._regexp.Match  # noqa: SLF001 - the wrapper costs more than the match
        found: list[int] = []
        at = until = 0
        while at < until or until < len(text):
            if at >= until:
                at, until = until, self._reach(until)
            start = match(_UNANCHORED, text, at, until)[0][0]
            if start < 0:
                at = until
                continue
            index = self._document.sentence_at(start)
            found.append(index)
            at = max(sentences[index].end, start + 1)
        return list(dict.fromkeys(found))

    def _reach(self, at: int) -> int:
        """Return the end of the sentences that begin within reach of an offset."""
        last = self._document.sentence_at(at + _REACH)
        end = self._document.sentences[last].end
        return end if end > at else len(self._document.scan)

    def matches(self, number: int, index: int) -> bool:
        """Return whether a pattern matches in a sentence in which it may."""
        return self._first(number, index)[0] >= 0

    def _first(self, number: int, index: int) -> tuple[int, int]:
        """Return the first match within a likely sentence; below 0 where there is none."""
        key = number * self._count + self._alike[index]
        found = self._firsts.get(key)
        if found is None:
            found = self._firsts[key] = self._find(number, self._texts[index])
        return found

    def sentences(self, number: int) -> Iterator[int]:
        """Yield the sentences in which a pattern matches, found out one after the other."""
        for index in self.likely(number):
            if self._first(number, index)[0] >= 0:
                yield index

    def _grows(self, number: int, certain: list[int]) -> bool:
        """Look for one more sentence in which a pattern matches."""
        likely, at = self.likely(number), self._tried.get(number, 0)
        while at < len(likely):
            index = likely[at]
            at += 1
            if self.matches(number, index):
                certain.append(index)
                self._tried[number] = at
                return True
        self._tried[number] = at
        return False

    def at(self, number: int) -> list[int]:
        """Return all sentences in which a pattern matches."""
        return list(self.sentences(number))

    def may_match_between(self, number: int, first: int, last: int) -> bool:
        """Return whether a pattern may match from one sentence to another; nothing is looked for."""
        if number not in self.touched:
            return False
        if number in self._everywhere:
            return True
        likely = self.likely(number)
        at = bisect_left(likely, first)
        return at < len(likely) and likely[at] <= last

    def matches_between(self, number: int, first: int, last: int) -> bool:
        """Return whether a pattern matches in one of the sentences from the first to the last."""
        if last - first > _NEAR:
            return self._matches_far(number, first, last)
        likely = self.likely(number)
        at = bisect_left(likely, first)
        while at < len(likely) and likely[at] <= last:
            if self.matches(number, likely[at]):
                return True
            at += 1
        return False

    def _matches_far(self, number: int, first: int, last: int) -> bool:
        certain = self._certain.setdefault(number, [])
        while (not certain or certain[-1] < first) and self._grows(number, certain):
            pass
        at = bisect_left(certain, first)
        return at < len(certain) and certain[at] <= last

    def spans(self, number: int) -> list[Span]:
        """Return all matches of a pattern in reading order."""
        return [span for index in self.sentences(number) for span in self.spans_in(number, index)]

    def spans_in(self, number: int, index: int) -> list[Span]:
        """Return the matches of a pattern in one sentence in which it may match."""
        base, text = self._document.sentences[index].start, self._texts[index]
        match, length, found = self._patterns.match(number), len(text), []
        start, end = self._first(number, index)
        while start >= 0:
            if end > start:  # a match of nothing, as of `a*`, says nothing and leads nowhere
                found.append(Span(base + start, base + end, index))
            at = max(end, start + 1)
            start, end = match(_UNANCHORED, text, at, length)[0] if at < length else _NOWHERE
        return found
