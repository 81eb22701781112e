"""Which patterns may match in which sentences, told by the atoms that stand there: one pass over the text."""

from __future__ import annotations

from collections import defaultdict
from functools import reduce
from operator import itemgetter, or_
from typing import TYPE_CHECKING

from ahocorasick import Automaton

from validation_engine.lazy import per_document
from validation_engine.scan.atoms import SIGNS, spaced, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from validation_engine.documents.model import Document

_kind = itemgetter(1)
_NO_SIGNS = bytes(code for code in range(256) if chr(code) not in SIGNS)


class Places:
    """In which sentences patterns may match.

    Args:
        rows: By sentence the bits of the patterns that may.
        places: Each pattern with its bit.

    Attributes:
        touched: The patterns that may match somewhere.
    """

    def __init__(self, rows: Iterable[int], places: dict[int, int]) -> None:
        self._places, self._width = places, len(places)
        alike: defaultdict[int, list[int]] = defaultdict(list)
        for index, row in enumerate(rows):
            alike[row].append(index)
        self._sentences = list(alike.values())
        # Bits as text, the last pattern's first: each column tells of a pattern.
        self._table = "".join([self._written(row) for row in alike])
        last_first = list(reversed(places))
        self.touched = [last_first[at] for at in _ones(self._written(reduce(or_, alike, 0)))]

    def of(self, number: int) -> list[int]:
        """Return the sentences in which a pattern may match."""
        at = self._places.get(number)
        rows = () if at is None else _ones(self._table[self._width - 1 - at :: self._width])
        return sorted([index for row in rows for index in self._sentences[row]])

    def _written(self, bits: int) -> str:
        return f"{bits:0{self._width}b}" if self._width else ""


def _ones(bits: str) -> Iterator[int]:
    at = bits.find("1")
    while at >= 0:
        yield at
        at = bits.find("1", at + 1)


class Finder:
    """An automaton of all atoms, and which patterns need which.

    A pattern has a bit for each of its sets, in as many rows of bits as a pattern has sets at most. What the
    atoms of a sentence speak for is one sum of bits; where all rows of a pattern are set, it may match.

    Args:
        needed: For each pattern, by its number, sets of atoms of which one each stands in every match; none
            for a pattern that may match anywhere.

    Attributes:
        everywhere: The patterns that have no atoms, to be looked for in the whole text.
    """

    def __init__(self, needed: Mapping[int, Sequence[Sequence[str]]]) -> None:
        self.everywhere = frozenset(number for number, listed in needed.items() if not listed)
        found = [number for number, listed in needed.items() if listed]
        self._places = {number: at for at, number in enumerate(found)}
        self._row = len(found)
        rows = max(map(len, needed.values()), default=0)
        self._shifts = [turn * self._row for turn in range(1, rows)]
        bits_of: dict[tuple[str, ...], list[int]] = {}
        spare = []
        for at, number in enumerate(found):
            listed = needed[number]
            for turn, one in enumerate(listed):
                bits_of.setdefault(tuple(one), []).append(turn * self._row + at)
            spare += [turn * self._row + at for turn in range(len(listed), rows)]
        self._spare = _sum(spare)
        self._low = (1 << self._row) - 1
        automaton, masks = _indexed(bits_of)
        self._walk, self._mask = automaton.iter, masks.__getitem__

    def find(self, document: Document) -> Places:
        """Return which patterns may match in which sentences."""
        texts = _texts(document) if self._row else {}
        rows = {scan: self._row_of(text) for scan, text in texts.items()}
        return Places(map(rows.__getitem__, document.scans) if rows else (), self._places)

    def _row_of(self, text: str) -> int:
        found = reduce(or_, map(self._mask, set(map(_kind, self._walk(text)))), self._spare)
        may = found & self._low
        for shift in self._shifts:
            may &= found >> shift
        return may


class _Masks(dict[int, int]):
    """By kind of atom its bits, summed up when it is first met."""

    def __init__(self, sets: list[list[int]], kinds: list[tuple[int, ...]]) -> None:
        self._sets, self._kinds = sets, kinds

    def __missing__(self, kind: int) -> int:
        mask = self[kind] = _sum([bit for one in self._kinds[kind] for bit in self._sets[one]])
        return mask


def _indexed(bits_of: Mapping[tuple[str, ...], list[int]]) -> tuple[Automaton, _Masks]:
    """Return an automaton that tells the kinds of atoms, those in the same sets being of one kind."""
    holding: dict[str, list[int]] = {}
    for at, atoms in enumerate(bits_of):
        for atom in atoms:
            holding.setdefault(atom, []).append(at)
    kinds: dict[tuple[int, ...], int] = {}
    automaton = Automaton()
    for atom, sets in holding.items():
        automaton.add_word(atom, kinds.setdefault(tuple(sets), len(kinds)))
    automaton.make_automaton()
    return automaton, _Masks(list(bits_of.values()), list(kinds))


def _sum(bits: list[int]) -> int:
    return reduce(or_, (1 << bit for bit in bits), 0)


@per_document
def _texts(document: Document) -> dict[bytes, str]:
    """Return what to look for atoms in by sentence; one that is said twice is looked through once."""
    return {scan: _text(scan) for scan in dict.fromkeys(document.scans)}


def _text(scan: bytes) -> str:
    """Return a sentence's words, and after them its signs."""
    return spaced(words_of(scan)) + scan.translate(None, _NO_SIGNS).decode("latin-1")
