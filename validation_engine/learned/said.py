"""What a document says, of the statements that gates ask about: how surely, and in which sentence."""

from __future__ import annotations

from functools import cache
from heapq import nlargest
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from validation_engine.documents.model import Document
from validation_engine.lazy import lazy
from validation_engine.learned.second import SecondReading
from validation_engine.learned.table import Table
from validation_engine.learned.windows import Stretch, families_in, windows, words_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from validation_engine.gates.schema import GateFile
    from validation_engine.learned.table import Packed


class Statement(NamedTuple):
    """A statement's best place in a document: its margin (1 is certain, 0 not at all) and sentence."""

    margin: float
    sentence: int


FORBIDDEN = "forbidden"
_NEVER = Statement(0.0, 0)
_NOWHERE = Document(text="", scan=b"", blocks=[], sentences=[], media_type="text/plain", sha256="")
_Window = tuple[Stretch, ...]
# So many windows, the closest by their words alone, are read with what stands apart in them.
_CLOSEST = 4
# Words stand for less than all that is read of a sentence, but for so much of it.
_BY_WORDS = 0.25


def statement_name(gate_id: str, element: str) -> str:
    """Return the name of the statement of a gate's required element."""
    return f"{gate_id.split('.', 1)[1]}/{element}"


def names_of(gate: GateFile) -> Iterator[str]:
    """Yield the names of all statements that a gate may ask about."""
    yield from (statement_name(gate.id, required.name) for required in gate.required)
    if gate.forbidden:
        yield statement_name(gate.id, FORBIDDEN)


@cache
def unlearned() -> Table:
    """Return the weights of no statement."""
    return Table({})


class Said:
    """The statements of some gates in one document; worked out when the first is asked for.

    Args:
        table: Gives the weights of the statements.
        document: Where to look; where none is given, nothing is said.
    """

    def __init__(self, table: Callable[[], Table] = unlearned, document: Document | None = None) -> None:
        self._give = table
        self._document = document or _NOWHERE
        self._sums: dict[int, list[int]] = {}
        self._whole: dict[int, Packed] = {}
        self._packed: dict[_Window, Packed] = {}
        self._reached: dict[tuple[str, _Window, float], bool] = {}

    def best(self, gate_id: str, element: str, least: float = 0.0) -> Statement:
        """Return where the document comes closest to a statement; any place where none comes so close."""
        name = statement_name(gate_id, element)
        at = self._table.place(name)
        if at is None:
            return _NEVER
        heard = [
            Statement(self._margin(window, words, name, least), sentence)
            for sentence, window, words in self._closest(at)
        ]
        return max([_NEVER, *heard], key=attrgetter("margin"))

    def claims(self, gate_id: str, element: str, among: Iterable[int], margin: float) -> Iterator[int]:
        """Yield those of some sentences that come as close to a statement that was learned.

        Their words by themselves must come part of the way: that is soon known, and holds for one in five.
        """
        at = self._table.place(statement_name(gate_id, element))
        if at is not None:
            least, margin_at, alone = _BY_WORDS * margin, self._table.margin_at, self._alone
            for sentence in among:
                is_near = margin_at(alone(sentence), at) >= least
                if is_near and self.reaches(gate_id, element, sentence, margin):
                    yield sentence

    def reaches(self, gate_id: str, element: str, sentence: int, margin: float) -> bool:
        """Return whether one sentence comes as close to a statement, or that was never learned."""
        name = statement_name(gate_id, element)
        at = self._table.place(name)
        if at is None:
            return True
        return any(self._reaches(window, name, at, margin) for window in windows(self._document, sentence))

    def _reaches(self, window: _Window, name: str, at: int, margin: float) -> bool:
        asked = name, window, margin
        if asked not in self._reached:  # a sentence may hold many matches of one gate
            self._reached[asked] = self._is_so_close(window, name, at, margin)
        return self._reached[asked]

    def _is_so_close(self, window: _Window, name: str, at: int, margin: float) -> bool:
        """Return whether both readings of a window come so close; the second only where it may decide."""
        words, families = self._words(window), families_in(self._document, window)
        most, weight = self._second.most(name), self._table.weight(words, at, families)
        if not self._table.reaches(words, weight, families, margin - most):
            return False
        first = self._table.margin(words, weight, families)
        return first >= margin or first >= margin - self._second.margin(window, name)

    def _closest(self, at: int) -> list[tuple[int, _Window, Packed]]:
        """Return the windows closest to a statement by their words alone, which are soon added up."""
        margins = [self._table.margin_at(packed, at) for _, _, packed in self._windows]
        return [
            self._windows[place] for place in nlargest(_CLOSEST, range(len(margins)), margins.__getitem__)
        ]

    def _margin(self, window: _Window, words: Packed, name: str, least: float) -> float:
        """Return how close all of a window comes to a statement; any lower number where not `least`."""
        at, most = self._table.place(name), self._second.most(name)
        if at is None:
            return 0.0
        first = self._table.margin_with_apart(words, at, families_in(self._document, window), least - most)
        return first + self._second.margin(window, name) if most and first >= least - most else first

    @lazy
    def _windows(self) -> list[tuple[int, _Window, Packed]]:
        """All windows of the document, with their sentences and what their words add up to."""
        return [
            (sentence, window, self._words(window))
            for sentence in range(len(self._document.sentences))
            for window in windows(self._document, sentence)
        ]

    def _words(self, window: _Window) -> Packed:
        if window not in self._packed:
            self._packed[window] = self._table.packed(
                sum([self._running(one)[end] - self._running(one)[start] for one, start, end in window])
            )
        return self._packed[window]

    def _alone(self, sentence: int) -> Packed:
        """Return what the words of a whole sentence add up to."""
        sentence = self._document.alike[sentence]
        if sentence not in self._whole:
            self._whole[sentence] = self._table.packed(self._running(sentence)[-1])
        return self._whole[sentence]

    def _running(self, sentence: int) -> list[int]:
        sentence = self._document.alike[sentence]
        if sentence not in self._sums:
            self._sums[sentence] = self._table.running_sums(words_in(self._document, sentence))
        return self._sums[sentence]

    @lazy
    def _table(self) -> Table:
        return self._give()

    @lazy
    def _second(self) -> SecondReading:
        return SecondReading(self._table.network, self._document)
