"""All patterns of a ruleset against all sentences: one look at their letters, then only the likely ones.

One automaton of all patterns would be built anew by every fresh text, at milliseconds a sentence. A pattern
is tried where letters stand that it cannot match without, when a gate asks. What comes again, as firms say
the same, is not tried again (`memory.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import re2

from validation_engine.gates.patterns import compile_expanded, expand
from validation_engine.lazy import lazy
from validation_engine.scan.atoms import atoms_of
from validation_engine.scan.grams import Grams
from validation_engine.scan.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from validation_engine.documents.model import Document
    from validation_engine.scan.grams import Looked
    from validation_engine.scan.memory import Recalled

    Atoms = Sequence[Sequence[str]]

_UNANCHORED = re2._Anchor.UNANCHORED  # noqa: SLF001 - the value has no public name


class Span(msgspec.Struct, frozen=True, gc=False):
    """A match: offsets in the readable text, and the sentence that holds it."""

    start: int
    end: int
    sentence: int


class PatternSet:
    """Patterns by number; equal patterns share one. `freeze` makes the scan.

    Args:
        macros: The vocabulary that patterns may use.
        trusted: Patterns that were checked before, with their expanded form; compiled when first needed.

    Attributes:
        expanded: Each pattern with its expanded form.
        atoms: For each pattern, once frozen, sets of letters of which one each stands in every match.
        everywhere: The patterns of which no letters are known, to be looked for in the whole text.
    """

    def __init__(self, macros: Mapping[str, str], trusted: Mapping[str, str] | None = None) -> None:
        self._macros = macros
        self._trusted = trusted or {}
        self._numbers: dict[str, int] = {}
        self._matchers: list[Any] = []
        self.memory = Memory()
        self.expanded: dict[str, str] = {}
        self.atoms: Mapping[str, Atoms] = {}
        self.everywhere: frozenset[int] = frozenset()

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
        matcher = self._matchers[number]
        if matcher is None:
            original = self._written[number]
            matcher = self._matchers[number] = compile_expanded(self.expanded[original], original)
        return matcher

    @lazy
    def _written(self) -> list[str]:
        return list(self._numbers)

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

    def freeze(self, atoms: Mapping[str, Atoms] | None = None) -> None:
        """Make the index of the letters without which patterns cannot match.

        Args:
            atoms: Known from an earlier time, by pattern; found out for others.
        """
        known = atoms or {}
        self.atoms = {
            pattern: known[pattern] if pattern in known else atoms_of(expanded)
            for pattern, expanded in self.expanded.items()
        }
        needed = {number: self.atoms[pattern] for pattern, number in self._numbers.items()}
        self.everywhere = frozenset(number for number, sets in needed.items() if not sets)
        self._grams = Grams({number: sets for number, sets in needed.items() if sets})

    def scan(self, document: Document) -> Hits:
        """Return which patterns match, or may match, in which sentences."""
        return Hits(document, self, self.memory.recall(document))

    def look(self, document: Document) -> Looked:
        """Return which patterns may match somewhere, by their letters."""
        return self._grams.look(document.scan, document.sentence_starts)


class Hits:
    """The outcome of one scan; whether and where a pattern matches is worked out when a gate asks.

    Args:
        document: What was scanned.
        patterns: For what.
        recalled: What is remembered of its sentences.

    Attributes:
        touched: The patterns that may match somewhere; all others do not match.
    """

    def __init__(self, document: Document, patterns: PatternSet, recalled: Recalled) -> None:
        self._document = document
        self._patterns = patterns
        self._recalled = recalled
        self._at: dict[int, list[int]] = {}
        self._spans: dict[tuple[int, int], list[Span]] = {}
        fresh = self._looked.numbers if recalled.fresh else ()
        self.touched = patterns.everywhere.union(recalled.likely, fresh)

    @lazy
    def _looked(self) -> Looked:
        return self._patterns.look(self._document)

    def at(self, number: int) -> list[int]:
        """Return the sentences in which a pattern matches."""
        found = self._at.get(number)
        if found is None:
            found = self._at[number] = self._found(number) if number in self.touched else []
        return found

    def remember(self) -> None:
        """Keep what was found out, for sentences that come again."""
        self._patterns.memory.keep(self._recalled, self._at, self._looked if self._recalled.fresh else None)

    def _found(self, number: int) -> list[int]:
        certain, open_ones = self._recalled.of(number)
        if not open_ones:
            return certain
        if number in self._patterns.everywhere:
            return self._verified(number, self._search(number))
        likely = self._looked.sentences(number, open_ones)
        verified = self._verified(number, likely) if likely else likely
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
