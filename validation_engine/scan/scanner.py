"""All patterns of a ruleset against all sentences: one look for their atoms, then only the likely ones.

One automaton of all patterns would be built anew by every fresh text, at milliseconds a sentence. A pattern
is tried where letters stand that it cannot match without, when a gate asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validation_engine.gates.patterns import compile_expanded, expand
from validation_engine.lazy import lazy
from validation_engine.scan.atoms import atoms_of
from validation_engine.scan.finder import Finder
from validation_engine.scan.hits import Hits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from validation_engine.documents.model import Document

    Atoms = Sequence[Sequence[str]]


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
        self._match_of: dict[int, Any] = {}
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

    def match(self, number: int) -> Any:  # noqa: ANN401 - RE2's own method has no type
        """Return the method that matches a pattern; the wrapper around it costs more than the match."""
        found = self._match_of.get(number)
        if found is None:
            found = self._match_of[number] = self.pattern(number)._regexp.Match  # noqa: SLF001 - it has no public name
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
        needed = {number: self.atoms[pattern] for pattern, number in self._numbers.items()}
        self.everywhere = frozenset(number for number, sets in needed.items() if not sets)
        self._finder = Finder({number: sets for number, sets in needed.items() if sets})

    def scan(self, document: Document) -> Hits:
        """Return which patterns match, or may match, in which sentences."""
        return Hits(document, self, self._finder.find(document))
