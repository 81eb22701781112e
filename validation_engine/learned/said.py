"""What a document says, of the statements that gates ask about: how surely, and in which sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validation_engine.lazy import lazy
from validation_engine.learned.windows import windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document
    from validation_engine.gates.schema import GateFile
    from validation_engine.learned.table import Table


class Statement(NamedTuple):
    """A statement's best place in a document: its margin (1 is certain, 0 not at all) and sentence."""

    margin: float
    sentence: int


_NEVER = Statement(0.0, 0)


def statement_name(gate_id: str, element: str) -> str:
    """Return the name of the statement of a gate's required element."""
    return f"{gate_id.split('.', 1)[1]}/{element}"


def names_of(gate: GateFile) -> Iterator[str]:
    """Yield the names of all statements that a gate may ask about."""
    return (statement_name(gate.id, required.name) for required in gate.required)


class Said:
    """The statements of some gates in one document; worked out when the first is asked for."""

    def __init__(self, table: Table | None = None, document: Document | None = None) -> None:
        self._table = table
        self._document = document

    def best(self, gate_id: str, element: str) -> Statement:
        """Return where the document comes closest to a statement."""
        return self._best.get(statement_name(gate_id, element), _NEVER)

    @lazy
    def _best(self) -> dict[str, Statement]:
        if self._table is None or self._document is None or not self._table.names:
            return {}
        table = self._table
        best = [_NEVER] * len(table.names)
        for sentence, features in windows(self._document):
            known = table.known(features)
            if not known:
                continue
            for at, margin in enumerate(table.margins(known)):
                if margin > best[at].margin:
                    best[at] = Statement(margin, sentence)
        return dict(zip(table.names, best, strict=True))
