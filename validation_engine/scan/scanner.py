"""All patterns of a ruleset against all sentences of a document, in one linear pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import re2

from validation_engine.gates.patterns import compile_pattern, options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from validation_engine.documents.model import Document

_MEMORY = 256 << 20


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
        self._filter: re2.Filter | None = None

    def add(self, pattern: str) -> int:
        """Return the number of a pattern, compiling it at first sight.

        Raises:
            PatternRefused: RE2 or our limits do not accept it.
        """
        if pattern not in self._numbers:
            self.compiled.append(compile_pattern(pattern, self._macros))
            self._numbers[pattern] = len(self.compiled) - 1
        return self._numbers[pattern]

    @property
    def steps(self) -> int:
        """Return the instructions of all patterns: a bound of what scanning a byte can cost."""
        return sum(int(pattern.programsize) for pattern in self.compiled)

    def freeze(self) -> None:
        """Compile all patterns into one scan."""
        if not self.compiled:
            return
        chosen = options(max_mem=_MEMORY)
        self._filter = re2.Filter()
        for pattern in self.compiled:
            self._filter.Add(pattern.pattern, chosen)
        self._filter.Compile()

    def scan(self, document: Document) -> Hits:
        """Return which patterns match in which sentences."""
        hits = Hits(document, self)
        if self._filter is None:
            return hits
        match, text, found = self._filter.Match, document.scan, hits.sentences
        only_candidates = False
        for index, sentence in enumerate(document.sentences):
            for number in match(text[sentence.start : sentence.end], only_candidates) or ():
                found.setdefault(number, []).append(index)
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

    def _find(self, number: int) -> list[Span]:
        document, pattern = self._document, self._patterns.compiled[number]
        found: list[Span] = []
        for index in self.sentences.get(number, ()):
            sentence = document.sentences[index]
            text = document.scan[sentence.start : sentence.end]
            found.extend(
                Span(sentence.start + match.start(), sentence.start + match.end(), index)
                for match in pattern.finditer(text)
            )
        return found
