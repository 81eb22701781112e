"""All patterns of a ruleset against all sentences of a document, in one linear pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import re2

from validation_engine.errors import PatternRefused
from validation_engine.gates.patterns import compile_pattern, options

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
    """Patterns by number; equal patterns share one. `freeze` compiles the scan."""

    def __init__(self, macros: Mapping[str, str]) -> None:
        self._macros = macros
        self._numbers: dict[str, int] = {}
        self.compiled: list[re2._Regexp] = []
        self._set: re2.Set | None = None
        self.matchers: list[Any] = []

    def add(self, pattern: str) -> int:
        """Return the number of a pattern, compiling it at first sight.

        Raises:
            PatternRefused: RE2 or our limits do not accept it.
        """
        if pattern not in self._numbers:
            compiled = compile_pattern(pattern, self._macros)
            self.compiled.append(compiled)
            self.matchers.append(compiled._regexp.Match)  # noqa: SLF001 - the wrapper costs more than the match
            self._numbers[pattern] = len(self.compiled) - 1
        return self._numbers[pattern]

    @property
    def steps(self) -> int:
        """Return the instructions of all patterns: a bound of what scanning a byte can cost."""
        return sum(int(pattern.programsize) for pattern in self.compiled)

    def freeze(self) -> None:
        """Compile all patterns into one scan.

        Raises:
            PatternRefused: Together they need more memory than a scan may have.
        """
        if not self.compiled:
            return
        self._set = re2.Set.SearchSet(options(max_mem=_MEMORY))
        for pattern in self.compiled:
            self._set.Add(pattern.pattern)
        try:
            self._set.Compile()
        except re2.error:
            message = f"The {len(self.compiled)} patterns together need more memory than a scan may have; bound their gaps."
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
        self._spans: dict[int, list[Span]] = {}

    def spans(self, number: int) -> list[Span]:
        """Return all matches of a pattern in reading order."""
        if number not in self._spans:
            self._spans[number] = list(self._find(number))
        return self._spans[number]

    def _find(self, number: int) -> Iterator[Span]:
        document, match = self._document, self._patterns.matchers[number]
        for index in self.sentences.get(number, ()):
            sentence = document.sentences[index]
            text = document.scan[sentence.start : sentence.end]
            at, length, base = 0, len(text), sentence.start
            while at < length:
                start, end = match(_UNANCHORED, text, at, length)[0]
                if start < 0:
                    break
                yield Span(base + start, base + end, index)
                at = end
