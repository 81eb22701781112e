"""Which patterns may match in which sentences, told by the atoms that stand there: one pass over the text."""

from __future__ import annotations

from functools import reduce
from operator import itemgetter, or_
from typing import TYPE_CHECKING

from ahocorasick import Automaton

from validation_engine.lazy import per_document
from validation_engine.scan.atoms import SIGNS, spaced, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from validation_engine.documents.model import Document

_kind = itemgetter(1)


class Places:
    """In which sentences patterns may match.

    Args:
        rows: By sentence the bits of the patterns that may.
        places: Each pattern with its bit.

    Attributes:
        touched: The patterns that may match somewhere.
    """

    def __init__(self, rows: list[int], places: dict[int, int]) -> None:
        self._places, self._width = places, len(places)
        # Bits as text, the last pattern's first: each column tells of a pattern.
        self._table = "".join([self._written(row) for row in rows])
        last_first = list(reversed(places))
        self.touched = [last_first[at] for at in _ones(self._written(reduce(or_, rows, 0)))]

    def of(self, number: int) -> list[int]:
        """Return the sentences in which a pattern may match."""
        at = self._places.get(number)
        return [] if at is None else list(_ones(self._table[self._width - 1 - at :: self._width]))

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
        for number, at in self._places.items():
            listed = needed[number]
            for turn, one in enumerate(listed):
                bits_of.setdefault(tuple(one), []).append(turn * self._row + at)
            spare += [turn * self._row + at for turn in range(len(listed), rows)]
        self._spare = _sum(spare)
        self._automaton, self._masks = _indexed(bits_of)

    def find(self, document: Document) -> Places:
        """Return which patterns may match in which sentences."""
        walk, mask = self._automaton.iter, self._masks.__getitem__
        spare, shifts, low = self._spare, self._shifts, (1 << self._row) - 1
        rows = []
        for text in _texts(document) if self._row else ():
            found = reduce(or_, map(mask, set(map(_kind, walk(text)))), spare)
            may = found & low
            for shift in shifts:
                may &= found >> shift
            rows.append(may)
        return Places(rows, self._places)


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
def _texts(document: Document) -> list[str]:
    """Return what to look for atoms in, sentence by sentence: its words, and after them its signs."""
    words, folded = words_of(document.scan), document.folded
    texts = [spaced(words[one.start : one.end]) for one in document.sentences]
    for sign in SIGNS if texts else ():
        at = folded.find(sign)
        while at >= 0:
            index = document.sentence_at(at)
            end = document.sentences[index].end
            if at < end:  # else it stands where nobody reads it: in what a link of Markdown leads to
                texts[index] += sign
            at = folded.find(sign, max(end, at + 1))
    return texts
