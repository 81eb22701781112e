"""Which patterns may match in which sentences, told by three letters of each of their atoms.

The text is looked up as a whole array, so that the time follows its length, hardly the number of patterns.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from validation_engine.scan.atoms import SHORTEST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    _Numbers = NDArray[np.int64]

_BITS = 16
_MULTIPLIER = np.uint32(0x9E3779B1)


class Grams:
    """An index of the letters that patterns need.

    Args:
        needed: For each pattern, by its number, sets of atoms of which one each stands in every match.
    """

    def __init__(self, needed: Mapping[int, Sequence[Sequence[str]]]) -> None:
        sets = [(number, atoms) for number, listed in needed.items() for atoms in listed]
        atoms = sorted({atom for _, own in sets for atom in own})
        ids = {atom: at for at, atom in enumerate(atoms)}
        self.sets_of = {
            number: [[ids[atom] for atom in own] for own in listed] for number, listed in needed.items()
        }
        self._pattern_of = np.array([number for number, _ in sets], np.int64)
        self._needed = np.bincount(self._pattern_of, minlength=1)
        members = np.array([(ids[atom], at) for at, (_, own) in enumerate(sets) for atom in own], np.int64)
        by_atom = members.reshape(-1, 2).T
        self._sets_by_atom = _Groups(by_atom[0], by_atom[1], len(atoms))
        written = [atom.encode("latin-1") for atom in atoms]
        seen = Counter(chain.from_iterable(_grams(atom) for atom in written))
        first, second, apart = np.array([_two(atom, seen) for atom in written], np.int64).reshape(-1, 3).T
        self._first, self._second, self._apart = first.astype(np.uint32), second.astype(np.uint32), apart
        self._atoms_by_place = _Groups(_places(self._first), np.arange(len(atoms)), 1 << _BITS)

    def look(self, text: bytes, starts: Sequence[int]) -> Looked:
        """Return which atoms stand where.

        Args:
            text: As RE2 is to read it.
            starts: Where the sentences begin.
        """
        at, atoms = self._standing(text)
        sentences = np.searchsorted(np.asarray(starts), at, "right") - 1
        present, rows = np.unique(atoms, return_inverse=True)
        held = np.zeros((len(present), len(starts)), np.bool_)
        held[rows, sentences] = True
        masks = [
            int.from_bytes(row.tobytes(), "little") for row in np.packbits(held, axis=1, bitorder="little")
        ]
        numbers, _ = self.satisfied(present, np.zeros_like(present), 1)
        return Looked(
            self, dict(zip(present.tolist(), masks, strict=True)), set(numbers.tolist()), (atoms, sentences)
        )

    def satisfied(self, atoms: _Numbers, places: _Numbers, count: int) -> tuple[_Numbers, _Numbers]:
        """Return the patterns of which an atom of each set stands in one place, and that place, in its order.

        Args:
            atoms: What stands somewhere.
            places: Where each does.
            count: How many places there are.
        """
        rows, sets = self._sets_by_atom.of(atoms)
        told = _distinct(sets * count + places[rows])
        size = len(self._needed)
        keys = np.sort(told % count * size + self._pattern_of[told // count])
        begins = np.flatnonzero(np.diff(keys, prepend=-1))
        found = keys[begins]
        whole = np.diff(begins, append=len(keys)) == self._needed[found % size]
        return found[whole] % size, found[whole] // size

    def _standing(self, text: bytes) -> tuple[_Numbers, _Numbers]:
        """Return where atoms may stand, and which: all that do, and few that do not."""
        letters = np.frombuffer(text.lower(), np.uint8).astype(np.uint32)
        if len(letters) < SHORTEST:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        grams = letters[:-2] | letters[1:-1] << np.uint32(8) | letters[2:] << np.uint32(16)
        at, atoms = self._atoms_by_place.of(_places(grams))
        right = grams[at] == self._first[atoms]
        at, atoms = at[right], atoms[right]
        right = grams.take(at + self._apart[atoms], mode="clip") == self._second[atoms]
        return at[right], atoms[right]


class Looked:
    """What was found of a text's letters.

    Attributes:
        numbers: The patterns that may match somewhere.
    """

    def __init__(
        self, grams: Grams, masks: dict[int, int], numbers: set[int], standing: tuple[_Numbers, _Numbers]
    ) -> None:
        self._grams = grams
        self._masks = masks
        self._standing = standing
        self.numbers = numbers

    def sentences(self, number: int, among: int) -> list[int]:
        """Return the sentences in which a pattern may match, of those whose bits are set."""
        for atoms in self._grams.sets_of[number]:
            held = 0
            for atom in atoms:
                held |= self._masks.get(atom, 0)
            among &= held
        return bits(among)

    def patterns(self, sentences: Sequence[int]) -> dict[int, list[int]]:
        """Return the patterns that may match in each of some sentences."""
        atoms, places = self._standing
        chosen = np.isin(places, sentences)
        numbers, at = self._grams.satisfied(atoms[chosen], places[chosen], int(places.max(initial=0)) + 1)
        found: dict[int, list[int]] = {}
        for number, place in zip(numbers.tolist(), at.tolist(), strict=True):
            found.setdefault(place, []).append(number)
        return found


class _Groups:
    """Members by group, found for many groups at once."""

    def __init__(self, groups: _Numbers, members: _Numbers, count: int) -> None:
        self._members = members[np.argsort(groups, kind="stable")]
        self._count = np.bincount(groups, minlength=count)
        self._begin = np.cumsum(self._count) - self._count

    def of(self, groups: _Numbers) -> tuple[_Numbers, _Numbers]:
        """Return for each member of the groups the place of its group among those given, and the member."""
        counts = self._count[groups]
        filled = np.flatnonzero(counts)
        counts = counts[filled]
        ends = np.cumsum(counts)
        shifts = self._begin[groups[filled]] - ends + counts
        total = int(ends[-1]) if len(ends) else 0
        return np.repeat(filled, counts), self._members[np.repeat(shifts, counts) + np.arange(total)]


def bits(mask: int) -> list[int]:
    """Return the places of the bits that are set, lowest first."""
    written = bin(mask)[:1:-1]
    found, at = [], written.find("1")
    while at >= 0:
        found.append(at)
        at = written.find("1", at + 1)
    return found


def _distinct(values: _Numbers) -> _Numbers:
    ordered = np.sort(values)
    return ordered[np.flatnonzero(np.diff(ordered, prepend=-1))]


def _places(grams: NDArray[np.uint32]) -> _Numbers:
    return ((grams * _MULTIPLIER) >> np.uint32(32 - _BITS)).astype(np.int64)


def _grams(atom: bytes) -> list[int]:
    return [int.from_bytes(atom[at : at + SHORTEST], "little") for at in range(len(atom) - SHORTEST + 1)]


def _two(atom: bytes, seen: Counter[int]) -> tuple[int, int, int]:
    """Return the atom's rarest three letters, three others as far from them as can be, and how far."""
    grams = _grams(atom)
    first = min(range(len(grams)), key=lambda at: (seen[grams[at]], at))
    second = max(0, len(grams) - 1, key=lambda at: abs(at - first))
    return grams[first], grams[second], second - first
