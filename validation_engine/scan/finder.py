"""Which patterns may match in which sentences, told by the atoms that stand there: one pass over the text."""

from __future__ import annotations

from functools import reduce
from operator import itemgetter, or_
from typing import TYPE_CHECKING

from ahocorasick import Automaton

from validation_engine.lazy import per_document
from validation_engine.scan.atoms import SIGNS, spaced, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from validation_engine.documents.model import Document

_kind = itemgetter(1)
# By pattern, the sentences in which it may match.
Places = dict[int, list[int]]


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
        self._numbers = [number for number, listed in needed.items() if listed]
        self._row = len(self._numbers)
        rows = max(map(len, needed.values()), default=0)
        self._shifts = [turn * self._row for turn in range(1, rows)]
        bits_of: dict[tuple[str, ...], list[int]] = {}
        spare = []
        for at, number in enumerate(self._numbers):
            listed = needed[number]
            for turn, one in enumerate(listed):
                bits_of.setdefault(tuple(one), []).append(turn * self._row + at)
            spare += [turn * self._row + at for turn in range(len(listed), rows)]
        self._spare = _sum(spare)
        self._automaton, self._masks = _indexed(bits_of)

    def find(self, document: Document) -> Places:
        """Return which patterns may match in which sentences."""
        places: Places = {}
        if not self._numbers:
            return places
        walk, mask, numbers = self._automaton.iter, self._masks.__getitem__, self._numbers
        spare, shifts, low = self._spare, self._shifts, (1 << self._row) - 1
        for sentence, text in enumerate(_texts(document)):
            found = reduce(or_, map(mask, set(map(_kind, walk(text)))), spare)
            may = found & low
            for shift in shifts:
                may &= found >> shift
            if may:
                written = f"{may:b}"[::-1]
                at = written.find("1")
                while at >= 0:
                    number = numbers[at]
                    if number in places:
                        places[number].append(sentence)
                    else:
                        places[number] = [sentence]
                    at = written.find("1", at + 1)
        return places


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
    for sign in SIGNS:
        at = folded.find(sign)
        while at >= 0:
            index = document.sentence_at(at)
            texts[index] += sign
            at = folded.find(sign, document.sentences[index].end)
    return texts
