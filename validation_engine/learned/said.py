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

    def best(self, gate_id: str, element: str) -> Statement:
        """Return where the document comes closest to a statement."""
        return self._best.get(statement_name(gate_id, element), _NEVER)

    def margin_in(self, gate_id: str, element: str, sentence: int) -> float | None:
        """Return how close one sentence comes to a statement; None where that was never learned."""
        at = self._table.place(statement_name(gate_id, element))
        if at is None:
            return None
        return max((self._table.margins_of(total)[at] for total in self._totals(sentence)), default=0.0)

    def _totals(self, sentence: int) -> Iterator[int]:
        """Yield what the words of each window of a sentence add up to."""
        if self._document is not None:
            for window in windows(self._document, sentence):
                yield sum([self._sums(one)[end] - self._sums(one)[start] for one, start, end in window])

    def _sums(self, sentence: int) -> list[int]:
        if sentence not in self._known and self._document is not None:
            self._known[sentence] = self._table.running_sums(words_in(self._document, sentence))
        return self._known[sentence]

    @lazy
    def _table(self) -> Table:
        return self._give()

    @lazy
    def _best(self) -> dict[str, Statement]:
        best = [_NEVER] * len(self._table.names)
        count = len(self._document.sentences) if self._document is not None and best else 0
        for sentence in range(count):
            for total in self._totals(sentence):
                for at, margin in enumerate(self._table.margins_of(total)):
                    if margin > best[at].margin:
                        best[at] = Statement(margin, sentence)
        return dict(zip(self._table.names, best, strict=True))
