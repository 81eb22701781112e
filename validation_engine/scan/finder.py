"""Which patterns may match in which sentences, told by the atoms that stand there: one pass over the text."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ahocorasick import Automaton

from validation_engine.scan.atoms import collapsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from validation_engine.documents.model import Document


class Finder:
    """An automaton of all atoms, and which patterns need which.

    Args:
        needed: For each pattern, by its number, sets of atoms of which one each stands in every match, the
            rarest set first.
    """

    def __init__(self, needed: Mapping[int, Sequence[Sequence[str]]]) -> None:
        ids: dict[str, int] = {}
        sets: dict[tuple[str, ...], int] = {}
        self.sets_of = {
            number: [sets.setdefault(tuple(one), len(sets)) for one in listed]
            for number, listed in needed.items()
        }
        self.sets = [frozenset([ids.setdefault(atom, len(ids)) for atom in one]) for one in sets]
        patterns_of: list[list[int]] = [[] for _ in sets]
        for number, own in self.sets_of.items():
            patterns_of[own[0]].append(number)
        by_atom: list[list[int]] = [[] for _ in ids]
        for at, patterns in enumerate(patterns_of):
            for one in self.sets[at] if patterns else ():
                by_atom[one] += patterns
        self.by_atom = [tuple(one) for one in by_atom]
        self._automaton = Automaton()
        for written, atom in ids.items():
            self._automaton.add_word(written, atom)
        self._automaton.make_automaton()

    def find(self, document: Document) -> Found:
        """Return which atoms stand in which sentences."""
        standing: defaultdict[int, list[int]] = defaultdict(list)
        if self.by_atom:
            text, walk = document.lowered, self._automaton.iter
            has_runs = "  " in text
            for at, one in enumerate(document.sentences):
                if has_runs:
                    found = walk(collapsed(text[one.start : one.end]))
                else:
                    found = walk(text, one.start, one.end)
                for atom in {atom for _, atom in found}:
                    standing[atom].append(at)
        return Found(self, standing)


class Found:
    """What one text holds.

    Attributes:
        numbers: The patterns of which the rarest set stands somewhere; all others do not match.
    """

    def __init__(self, finder: Finder, standing: Mapping[int, list[int]]) -> None:
        self._finder = finder
        self._standing = standing
        self._of_set: dict[int, list[int]] = {}
        by_atom = finder.by_atom
        self.numbers: set[int] = set().union(*[by_atom[atom] for atom in standing])

    def sentences(self, number: int) -> list[int]:
        """Return the sentences that hold an atom of each set of a pattern."""
        first, *others = self._finder.sets_of[number]
        found = self._with(first)
        for one in others:
            if not found:
                break
            other = set(self._with(one))
            found = [at for at in found if at in other]
        return found

    def _with(self, number: int) -> list[int]:
        """Return the sentences that hold an atom of a set."""
        found = self._of_set.get(number)
        if found is None:
            found = self._of_set[number] = _merged(
                [self._standing[atom] for atom in self._standing.keys() & self._finder.sets[number]]
            )
        return found


def _merged(lists: Iterable[list[int]]) -> list[int]:
    held = list(lists)
    return held[0] if len(held) == 1 else sorted(set().union(*held))
