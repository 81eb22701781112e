"""All patterns of a ruleset against all sentences: one look for their atoms, then only the likely ones.

One automaton of all patterns would be built anew by every fresh text, at milliseconds a sentence. A pattern
is tried where letters stand that it cannot match without, when a gate asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import re2

from validation_engine.lazy import lazy
from validation_engine.scan.atoms import atoms_of
from validation_engine.scan.finder import Finder
from validation_engine.scan.hits import Hits
from validation_engine.scan.patterns import compile_expanded, compile_wide, expand
from validation_engine.scan.wide import widened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from validation_engine.documents.model import Document

    Atoms = Sequence[Sequence[str]]

_UNANCHORED = re2._Anchor.UNANCHORED  # noqa: SLF001 - the value has no public name
_NOWHERE = (-1, -1)


class PatternSet:
    """Patterns by number; equal patterns share one. `freeze` makes the scan.

    Args:
        macros: The vocabulary that patterns may use.
        trusted: Patterns that were checked before, with their expanded form; compiled when first needed.

    Attributes:
        expanded: Each pattern with its expanded form.
        atoms: For each pattern, once frozen, sets of letters of which one each stands in every match.
    """

    def __init__(self, macros: Mapping[str, str], trusted: Mapping[str, str] | None = None) -> None:
        self._macros = macros
        self._trusted = trusted or {}
        self._numbers: dict[str, int] = {}
        self._matchers: list[Any] = []
        self._match_of: dict[int, Any] = {}
        self._wide_of: dict[int, Any] = {}
        self.expanded: dict[str, str] = {}
        self.atoms: Mapping[str, Atoms] = {}

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

    def match(self, number: int) -> Any:  # noqa: ANN401 - RE2's own method has no type
        """Return the method that matches a pattern; the wrapper around it costs more than the match."""
        found = self._match_of.get(number)
        if found is None:
            found = self._match_of[number] = self.pattern(number)._regexp.Match  # noqa: SLF001 - it has no public name
        return found

    def first(self, number: int, text: bytes) -> tuple[int, int]:
        """Return where a pattern matches first in a sentence; below 0 where it does not."""
        length, wide_of, match_of = len(text), self._wide_of, self._match_of
        wide = wide_of[number] if number in wide_of else self._wide(number)
        if wide and wide(_UNANCHORED, text, 0, length)[0][0] < 0:
            return _NOWHERE
        match = match_of[number] if number in match_of else self.match(number)
        found: tuple[int, int] = match(_UNANCHORED, text, 0, length)[0]
        return found

    def _wide(self, number: int) -> Any:  # noqa: ANN401 - RE2's own method has no type
        """Return the method that finds where a pattern may match; None where that is no quicker."""
        wide = widened(self.expanded[self._written[number]])
        found = self._wide_of[number] = wide and compile_wide(wide)._regexp.Match  # noqa: SLF001 - it has no public name
        return found

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
        self._needed = [self.atoms[pattern] for pattern in self._numbers]

    def finder(self, numbers: Iterable[int]) -> Finder:
        """Return what finds some of the patterns, for `scan`."""
        return Finder({number: self._needed[number] for number in numbers})

    @lazy
    def _finder(self) -> Finder:
        return self.finder(range(len(self)))

    def scan(self, document: Document, finder: Finder | None = None) -> Hits:
        """Return which patterns, of those of a finder where one is given, may match in which sentences."""
        return Hits(document, self, finder or self._finder)
