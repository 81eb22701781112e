"""What a document says, of the statements that gates ask about: how surely, and in which sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validation_engine.lazy import lazy
from validation_engine.learned.table import Table
from validation_engine.learned.windows import windows, words_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from validation_engine.documents.model import Document
    from validation_engine.gates.schema import GateFile
    from validation_engine.learned.table import Packed


class Statement(NamedTuple):
    """A statement's best place in a document: its margin (1 is certain, 0 not at all) and sentence."""

    margin: float
    sentence: int


FORBIDDEN = "forbidden"
_NEVER = Statement(0.0, 0)


def statement_name(gate_id: str, element: str) -> str:
    """Return the name of the statement of a gate's required element."""
    return f"{gate_id.split('.', 1)[1]}/{element}"


def names_of(gate: GateFile) -> Iterator[str]:
    """Yield the names of all statements that a gate may ask about."""
    yield from (statement_name(gate.id, required.name) for required in gate.required)
    if gate.forbidden:
        yield statement_name(gate.id, FORBIDDEN)


def _unlearned() -> Table:
    return Table({})


class Said:
    """The statements of some gates in one document; worked out when the first is asked for.

    Args:
        table: Gives the weights of the statements.
        document: Where to look; where none is given, nothing is said.
    """

    def __init__(self, table: Callable[[], Table] = _unlearned, document: Document | None = None) -> None:
        self._give = table
        self._document = document
        self._known: dict[int, list[int]] = {}
        self._best: dict[int, Statement] = {}

    def best(self, gate_id: str, element: str) -> Statement:
        """Return where the document comes closest to a statement."""
        at = self._table.place(statement_name(gate_id, element))
        if at is None:
            return _NEVER
        if at not in self._best:
            best = _NEVER
            for sentence, packed in self._windows:
                margin = self._table.margin_at(packed, at)
                if margin > best.margin:
                    best = Statement(margin, sentence)
            self._best[at] = best
        return self._best[at]

    def margin_in(self, gate_id: str, element: str, sentence: int) -> float | None:
        """Return how close one sentence comes to a statement; None where that was never learned."""
        at = self._table.place(statement_name(gate_id, element))
        if at is None:
            return None
        return max((self._table.margin_at(packed, at) for packed in self._packed(sentence)), default=0.0)

    @lazy
    def _windows(self) -> list[tuple[int, Packed]]:
        """What the words of each window add up to, with its sentence."""
        count = len(self._document.sentences) if self._document is not None else 0
        return [(sentence, packed) for sentence in range(count) for packed in self._packed(sentence)]

    def _packed(self, sentence: int) -> Iterator[Packed]:
        """Yield what the words of each window of a sentence add up to."""
        if self._document is not None:
            for window in windows(self._document, sentence):
                total = sum([self._sums(one)[end] - self._sums(one)[start] for one, start, end in window])
                yield self._table.packed(total)

    def _sums(self, sentence: int) -> list[int]:
        if sentence not in self._known and self._document is not None:
            self._known[sentence] = self._table.running_sums(words_in(self._document, sentence))
        return self._known[sentence]

    @lazy
    def _table(self) -> Table:
        return self._give()
