"""Which patterns may match in which sentences, told by the atoms that stand there: one pass over the text."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from ahocorasick import Automaton

from validation_engine.lazy import per_document
from validation_engine.scan.atoms import SIGNS, spaced, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from validation_engine.documents.model import Document

_atom = itemgetter(1)


class Finder:
    """An automaton of all atoms, and which patterns need which.

    Args:
        needed: For each pattern, by its number, sets of atoms of which one each stands in every match, the
            rarest set first; none for a pattern that may match anywhere.

    Attributes:
        everywhere: The patterns that have no atoms, to be looked for in the whole text.
        sets_of: The sets of a pattern, by their numbers.
        led_by: By set, the patterns of which it is the rarest.
        holding: By atom, the sets that hold it.
    """

    def __init__(self, needed: Mapping[int, Sequence[Sequence[str]]]) -> None:
        numbered: dict[tuple[str, ...], int] = {}
        self.everywhere = frozenset(number for number, listed in needed.items() if not listed)
        self.sets_of = {
            number: [numbered.setdefault(tuple(one), len(numbered)) for one in listed]
            for number, listed in needed.items()
            if listed
        }
        self.led_by: list[list[int]] = [[] for _ in numbered]
        for number, own in self.sets_of.items():
            self.led_by[own[0]].append(number)
        holding: dict[str, list[int]] = {}
        for atoms, at in numbered.items():
            for atom in atoms:
                holding.setdefault(atom, []).append(at)
        self.holding = list(holding.values())
        self._automaton = Automaton()
        for at, atom in enumerate(holding):
            self._automaton.add_word(atom, at)
        self._automaton.make_automaton()

    def find(self, document: Document) -> Found:
        """Return which atoms stand in which sentences."""
        standing: dict[int, int] = {}
        if self.holding:
            walk, known = self._automaton.iter, standing.get
            for at, text in enumerate(_texts(document)):
                bit = 1 << at
                for atom in set(map(_atom, walk(text))):
                    standing[atom] = known(atom, 0) | bit
        return Found(self, standing)


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


class Found:
    """What one text holds.

    Args:
        finder: What found it.
        standing: In which sentences each atom stands, as bits of a number, the first the lowest.

    Attributes:
        numbers: The patterns of which the rarest set stands somewhere; others that have one do not match.
    """

    def __init__(self, finder: Finder, standing: Mapping[int, int]) -> None:
        self._sets_of = finder.sets_of
        self._places: dict[int, int] = {}
        places, known, holding = self._places, self._places.get, finder.holding
        for atom, bits in standing.items():
            for one in holding[atom]:
                places[one] = known(one, 0) | bits
        led_by = finder.led_by
        self.numbers: set[int] = set().union(*[led_by[one] for one in places])

    def bits(self, number: int) -> int:
        """Return in which sentences an atom of each set of a pattern stands, as bits of a number."""
        known, found = self._places.get, -1
        for one in self._sets_of[number]:
            found &= known(one, 0)
        return found

    def sentences(self, number: int) -> list[int]:
        """Return the sentences that hold an atom of each set of a pattern."""
        return _places(self.bits(number))


def _places(bits: int) -> list[int]:
    """Return the places of the bits that are set."""
    written, found = bin(bits)[:1:-1], []
    at = written.find("1")
    while at >= 0:
        found.append(at)
        at = written.find("1", at + 1)
    return found
