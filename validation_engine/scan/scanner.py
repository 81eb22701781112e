"""All patterns of a ruleset against all sentences: one pass for their words, then only the likely ones.

One automaton of all patterns would be built anew by every fresh text, at milliseconds a sentence. The
words that patterns cannot match without are few; a pattern is tried where its words stand, when a gate asks.
What comes again and again, as firms say the same, is scanned once for all. It is known again by its digest:
no words of a document outlive it.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec
import re2

from validation_engine.gates.patterns import compile_expanded, expand
from validation_engine.lazy import lazy
from validation_engine.scan.filters import filters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from validation_engine.documents.model import Document

    # Finds patterns in a text by their place among the numbers.
    _Group = tuple[Callable[..., list[int] | None], Sequence[int]]

# About 10 MB of numbers.
_MOST_KNOWN = 50_000
# Longer ones, such as tables on one line, do not come again.
_LONGEST_KNOWN = 2_000
# Sentences to learn in one scan, or the share of its document: a document that comes again costs little more.
_FEW, _VISITS = 20, 8
_SEEN_ONCE: tuple[int, ...] = (-1,)
_NOWHERE: frozenset[int] = frozenset()
_NONE: list[int] = []
# Words so common that a pattern is not likelier where they stand.
_EVERYDAY = (
    b"the of to and a in is for you your we our us with that this it be are as on or not no may will can "
    b"must shall have has had any all from by at an if when which who what its their they do does than more"
)
_UNANCHORED = re2._Anchor.UNANCHORED  # noqa: SLF001 - the value has no public name


class Span(msgspec.Struct, frozen=True, gc=False):
    """A match: offsets in the readable text, and the sentence that holds it."""

    start: int
    end: int
    sentence: int


class PatternSet:
    """Patterns by number; equal patterns share one. `freeze` compiles the scan.

    Args:
        macros: The vocabulary that patterns may use.
        trusted: Patterns that were checked before, with their expanded form; compiled when first needed.
    """

    def __init__(self, macros: Mapping[str, str], trusted: Mapping[str, str] | None = None) -> None:
        self._macros = macros
        self._trusted = trusted or {}
        self._numbers: dict[str, int] = {}
        self._everywhere = _NOWHERE
        self._words: list[_Group] = []
        self._known: dict[bytes, tuple[int, ...]] = {}
        self._matchers: list[Any] = []
        self.expanded: dict[str, str] = {}

    def add(self, pattern: str) -> int:
        """Return the number of a pattern, checking it at first sight.

        Raises:
            PatternRefused: RE2 or our limits do not accept it.
        """
        if pattern not in self._numbers:
            expanded, matcher = self._trusted.get(pattern), None
            if expanded is None:
                expanded = expand(pattern, self._macros)
                matcher = compile_expanded(expanded, pattern)
            self._numbers[pattern] = len(self._matchers)
            self._matchers.append(matcher)
            self.expanded[pattern] = expanded
        return self._numbers[pattern]

    def pattern(self, number: int) -> Any:  # noqa: ANN401 - RE2's own object has no type
        """Return the compiled pattern of a number."""
        if self._matchers[number] is None:
            original = next(pattern for pattern, known in self._numbers.items() if known == number)
            self._matchers[number] = compile_expanded(self.expanded[original], original)
        return self._matchers[number]

    def __len__(self) -> int:
        return len(self._matchers)

    @property
    def is_trusted(self) -> bool:
        """Return whether all was checked before, so that starting need not load every check."""
        return bool(self._trusted)

    @property
    def steps(self) -> int:
        """Return the instructions of all patterns: a bound of what scanning a byte can cost."""
        return sum(int(self.pattern(number).programsize) for number in range(len(self)))

    def freeze(self, wordless: Iterable[str] | None = None) -> None:
        """Compile the words without which patterns cannot match into one scan.

        Args:
            wordless: The patterns known to have no such words, or everyday ones; found out where left out.
        """
        if wordless is None:
            self._everywhere = frozenset(self._found_everywhere())
        else:
            self._everywhere = frozenset(self._numbers[one] for one in wordless if one in self._numbers)
        numbered = [number for number in range(len(self)) if number not in self._everywhere]
        for words, numbers in filters(list(self.expanded.values()), numbered):
            self._words.append((words.Match, numbers))
            for index, number in enumerate(numbers):
                self._matchers[number] = self._matchers[number] or words.re(index)

    @property
    def wordless(self) -> list[str]:
        """Return the patterns that have no words of their own to be found by."""
        return [pattern for pattern, number in self._numbers.items() if number in self._everywhere]

    def _found_everywhere(self) -> Iterator[int]:
        for words, numbers in filters(list(self.expanded.values()), range(len(self))):
            yield from (numbers[index] for index in words.Match(_EVERYDAY, potential=True) or ())

    def scan(self, document: Document) -> Hits:
        """Return which patterns match, or may match, in which sentences."""
        likely: dict[int, list[int]] = {}
        certain: dict[int, list[int]] = {}
        text, everywhere = document.scan, _NOWHERE
        may_learn = max(_FEW, len(document.sentences) // _VISITS)
        for index, sentence in enumerate(document.sentences):
            said = text[sentence.start : sentence.end]
            numbers = None if _cuts_a_word(text, sentence.start, sentence.end) else self._recall(said)
            if numbers is _SEEN_ONCE:
                numbers = self._learn(said) if may_learn else None
                may_learn -= may_learn > 0
            if numbers is None:
                everywhere = self._everywhere
                _add(likely, self._likely_in(said), index)
            else:
                _add(certain, numbers, index)
        return Hits(document, self, likely, certain, everywhere)

    def _recall(self, said: bytes) -> tuple[int, ...] | None:
        """Return the patterns that match in a sentence that is known, None for a new one."""
        if len(said) > _LONGEST_KNOWN:
            return None
        digest = _digest(said)
        numbers = self._known.get(digest)
        if numbers is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[digest] = _SEEN_ONCE
        return numbers

    def _learn(self, said: bytes) -> tuple[int, ...]:
        """Work out all patterns that match in a sentence, at some ten times the cost of a look at it."""
        groups = (*self._words, *self._without_words)
        numbers = tuple(numbers[index] for match, numbers in groups for index in match(said) or ())
        self._known[_digest(said)] = numbers
        return numbers

    @lazy
    def _without_words(self) -> list[_Group]:
        return [
            (found.Match, numbers)
            for found, numbers in filters(list(self.expanded.values()), sorted(self._everywhere))
        ]

    def _likely_in(self, said: bytes) -> Iterator[int]:
        for match, numbers in self._words:
            for index in match(said, potential=True) or ():
                yield numbers[index]


def _digest(said: bytes) -> bytes:
    return blake2b(said, digest_size=16).digest()


def _cuts_a_word(text: bytes, start: int, end: int) -> bool:
    """Whether a sentence was cut within a word: alone it reads otherwise than where it stands."""
    return text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()


def _add(found: dict[int, list[int]], numbers: Iterable[int], index: int) -> None:
    for number in numbers:
        if number in found:
            found[number].append(index)
        else:
            found[number] = [index]


class Hits:
    """The outcome of one scan; whether and where a pattern matches is worked out when a gate asks.

    Attributes:
        touched: The patterns that may match anywhere; all others do not match.

    Args:
        document: What was scanned.
        patterns: For what.
        likely: The sentences in which patterns may match.
        certain: The sentences in which they do.
        everywhere: The patterns to be looked for in the whole text.
    """

    def __init__(
        self,
        document: Document,
        patterns: PatternSet,
        likely: dict[int, list[int]],
        certain: dict[int, list[int]],
        everywhere: frozenset[int],
    ) -> None:
        self._document = document
        self._patterns = patterns
        self._likely = likely
        self._certain = certain
        self._everywhere = everywhere
        self.touched: AbstractSet[int] = likely.keys() | certain.keys() | everywhere
        self._at: dict[int, list[int]] = {}
        self._spans: dict[tuple[int, int], list[Span]] = {}

    def at(self, number: int) -> list[int]:
        """Return the sentences in which a pattern matches."""
        found = self._at.get(number)
        if found is None:
            found = self._at[number] = self._found(number)
        return found

    def _found(self, number: int) -> list[int]:
        if number in self._everywhere:
            return self._verified(number, self._search(number))
        certain, likely = self._certain.get(number, _NONE), self._likely.get(number)
        if likely is None:
            return certain
        verified = self._verified(number, likely)
        return sorted(certain + verified) if certain else verified

    def _verified(self, number: int, likely: Iterable[int]) -> list[int]:
        match = self._patterns.pattern(number)._regexp.Match  # noqa: SLF001 - the wrapper costs more than the match
        text, found = self._document.scan, []
        for index in likely:
            sentence = self._document.sentences[index]
            stretch = text[sentence.start : sentence.end]
            if match(_UNANCHORED, stretch, 0, len(stretch))[0][0] >= 0:
                found.append(index)
        return found

    def _search(self, number: int) -> list[int]:
        """Return the sentences in which a pattern may match, found over the whole text."""
        pattern = self._patterns.pattern(number)
        text, sentences = self._document.scan, self._document.sentences
        if b"$" in pattern.pattern or b"^" in pattern.pattern:
            return list(range(len(sentences)))
        match, at, length = pattern._regexp.Match, 0, len(text)  # noqa: SLF001 - as above
        found: list[int] = []
        while at < length and sentences:
            start = match(_UNANCHORED, text, at, length)[0][0]
            if start < 0:
                break
            index = self._document.sentence_at(start)
            found.append(index)
            at = max(sentences[index].end, start + 1)
        return list(dict.fromkeys(found))

    def spans(self, number: int) -> list[Span]:
        """Return all matches of a pattern in reading order."""
        return [span for index in self.at(number) for span in self.spans_in(number, index)]

    def spans_in(self, number: int, index: int) -> list[Span]:
        """Return the matches of a pattern in one sentence."""
        key = (number, index)
        if key not in self._spans:
            self._spans[key] = list(self._find(number, index))
        return self._spans[key]

    def _find(self, number: int, index: int) -> Iterator[Span]:
        match = self._patterns.pattern(number)._regexp.Match  # noqa: SLF001 - the wrapper costs more than the match
        sentence = self._document.sentences[index]
        text = self._document.scan[sentence.start : sentence.end]
        at, length, base = 0, len(text), sentence.start
        while at < length:
            start, end = match(_UNANCHORED, text, at, length)[0]
            if start < 0:
                break
            if end > start:  # a match of nothing, as of `a*`, says nothing and leads nowhere
                yield Span(base + start, base + end, index)
            at = max(end, start + 1)
