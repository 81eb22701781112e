"""All patterns of a ruleset against all sentences of a document, in one linear pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import re2

from validation_engine.documents.fold import to_bytes
from validation_engine.errors import PatternRefused
from validation_engine.gates.patterns import compile_expanded, expand, options

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from validation_engine.documents.model import Document

_MEMORY = 256 << 20
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
        self._set: re2.Set | None = None
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

    def freeze(self) -> None:
        """Compile all patterns into one scan.

        Raises:
            PatternRefused: Together they need more memory than a scan may have.
        """
        if not self.expanded:
            return
        self._set = re2.Set.SearchSet(options(max_mem=_MEMORY))
        for pattern in self.expanded.values():
            self._set.Add(to_bytes(pattern))
        try:
            self._set.Compile()
        except re2.error:
            count = len(self)
            message = (
                f"The {count} patterns together need more memory than a scan may have; bound their gaps."
            )
            raise PatternRefused(message) from None

    def scan(self, document: Document) -> Hits:
        """Return which patterns match in which sentences."""
        hits = Hits(document, self)
        if self._set is None:
            return hits
        match, text, found = self._set.Match, document.scan, hits.sentences
        for index, sentence in enumerate(document.sentences):
            for number in match(text[sentence.start : sentence.end]) or ():
                if number in found:
                    found[number].append(index)
                else:
                    found[number] = [index]
        return hits


class Hits:
    """The outcome of one scan; places are worked out when a gate asks."""

    def __init__(self, document: Document, patterns: PatternSet) -> None:
        self.sentences: dict[int, list[int]] = {}
        self._document = document
        self._patterns = patterns
        self._spans: dict[tuple[int, int], list[Span]] = {}

    def spans(self, number: int) -> list[Span]:
        """Return all matches of a pattern in reading order."""
        return [span for index in self.sentences.get(number, ()) for span in self.spans_in(number, index)]

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
