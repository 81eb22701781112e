"""All patterns of a ruleset against all sentences: one pass for their words, then only the likely ones.

One automaton of all patterns would be built anew by every fresh text, at milliseconds a sentence. The
words that patterns cannot match without are few; a pattern is tried where its words stand, when a gate asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import re2

from validation_engine.documents.fold import to_bytes
from validation_engine.gates.patterns import compile_expanded, expand, options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from validation_engine.documents.model import Document

# Of one pattern's automaton.
_MEMORY = 4 << 20
# So many patterns' words fit into the memory that RE2 gives their automaton.
_TOGETHER = 2_500
# About 10 MB of sentences.
_MOST_KNOWN = 20_000
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
        self._wordless: frozenset[int] = frozenset()
        self._words: list[tuple[Callable[..., list[int] | None], list[int]]] = []
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
    def steps(self) -> int:
        """Return the instructions of all patterns: a bound of what scanning a byte can cost."""
        return sum(int(self.pattern(number).programsize) for number in range(len(self)))

    def freeze(self, wordless: Iterable[str] | None = None) -> None:
        """Compile the words without which patterns cannot match into one scan.

        Args:
            wordless: The patterns known to have no such words, or everyday ones; found out where left out.
        """
        if wordless is None:
            self._wordless = frozenset(self._found_everywhere())
        else:
            self._wordless = frozenset(self._numbers[one] for one in wordless if one in self._numbers)
        numbered = [number for number in range(len(self)) if number not in self._wordless]
        expanded = list(self.expanded.values())
        for at in range(0, len(numbered), _TOGETHER):
            numbers = numbered[at : at + _TOGETHER]
            words = _filter(expanded[number] for number in numbers)
            self._words.append((words.Match, numbers))
            for index, number in enumerate(numbers):
                self._matchers[number] = self._matchers[number] or words.re(index)

    @property
    def wordless(self) -> list[str]:
        """Return the patterns that have no words of their own to be found by."""
        return [pattern for pattern, number in self._numbers.items() if number in self._wordless]

    def _found_everywhere(self) -> Iterator[int]:
        expanded = list(self.expanded.values())
        for at in range(0, len(expanded), _TOGETHER):
            words = _filter(expanded[at : at + _TOGETHER])
            yield from (at + index for index in words.Match(_EVERYDAY, potential=True) or ())

    def scan(self, document: Document) -> Hits:
        """Return which patterns may match in which sentences, and do when asked."""
        likely: dict[int, list[int]] = {}
        text, known = document.scan, self._known
        for index, sentence in enumerate(document.sentences if self._words else ()):
            said = text[sentence.start : sentence.end]
            numbers = known.get(said)
            if numbers is None:
                numbers = self._learn(said)
            for number in numbers:
                if number in likely:
                    likely[number].append(index)
                else:
                    likely[number] = [index]
        return Hits(document, self, likely, self._wordless)

    def _learn(self, said: bytes) -> tuple[int, ...]:
        """Work out which patterns a sentence may match, and keep it: firms say the same again and again."""
        numbers = tuple(
            numbered[index]
            for potential, numbered in self._words
            for index in potential(said, potential=True) or ()
        )
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[said] = numbers
        return numbers


def _filter(expanded: Iterable[str]) -> re2.Filter:
    chosen, found = options(max_mem=_MEMORY), re2.Filter()
    for pattern in expanded:
        found.Add(to_bytes(pattern), chosen)
    found.Compile()
    return found


class Hits:
    """The outcome of one scan; whether and where a pattern matches is worked out when a gate asks."""

    def __init__(
        self, document: Document, patterns: PatternSet, likely: dict[int, list[int]], wordless: frozenset[int]
    ) -> None:
        self._document = document
        self._patterns = patterns
        self._likely = likely
        self._wordless = wordless
        self._at: dict[int, list[int]] = {}
        self._spans: dict[tuple[int, int], list[Span]] = {}

    def at(self, number: int) -> list[int]:
        """Return the sentences in which a pattern matches."""
        found = self._at.get(number)
        if found is None:
            likely = self._likely.get(number, _NONE)
            if number in self._wordless:
                likely = self._search(number)
            found = self._at[number] = self._verified(number, likely) if likely else _NONE
        return found

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
            yield Span(base + start, base + end, index)
            at = end
