"""Which gates of a module apply to a type of document; what does not apply is worked out once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from validation_engine.evaluate import Examined, evaluate
from validation_engine.gates.document_types import UNKNOWN
from validation_engine.learned.said import Said, names_of
from validation_engine.learned.table import Table
from validation_engine.outcomes import not_for_type, outcome_of, unreadable
from validation_engine.results import ModuleResult, status_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validation_engine.gates.compiled import CompiledGate
    from validation_engine.learned.table import WeightTable
    from validation_engine.suppressions import Suppression


class Plan:
    """The gates of a module for one type: those to evaluate, and the outcome of the others.

    Args:
        gates: All gates of the module.
        document_type: The type.
        weights: What the module learned to hear.
    """

    def __init__(
        self, gates: Sequence[CompiledGate], document_type: str, weights: WeightTable | None = None
    ) -> None:
        self._for_others = [not_for_type(gate, document_type) for gate in gates]
        self._applying = [(at, gate) for at, gate in enumerate(gates) if document_type in gate.types]
        names = {name for _, gate in self._applying for name in names_of(gate.gate)}
        self._table = Table(weights or {}, names)
        doubtful = list(enumerate(gates)) if document_type == UNKNOWN else self._applying
        self._unreadable = list(self._for_others)
        for at, gate in doubtful:
            self._unreadable[at] = unreadable(gate)

    def judge(self, seen: Examined, suppressions: Sequence[Suppression]) -> ModuleResult:
        """Return the module's verdicts on a document of the plan's type."""
        if seen.document.is_empty:
            return ModuleResult(status_of(self._unreadable), self._unreadable)
        outcomes = self._for_others.copy()
        seen = msgspec.structs.replace(seen, said=Said(self._table, seen.document))
        for at, gate in self._applying:
            outcomes[at] = outcome_of(gate, evaluate(gate, seen), seen, suppressions)
        return ModuleResult(status_of(outcomes[at] for at, _ in self._applying), outcomes)
