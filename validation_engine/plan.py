"""Which gates of a module apply to a type of document; what does not apply is worked out once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from validation_engine.evaluate import Examined, at_rest, evaluate
from validation_engine.gates.document_types import UNKNOWN
from validation_engine.lazy import lazy
from validation_engine.learned.said import Said, names_of
from validation_engine.learned.table import Learned, Table
from validation_engine.outcomes import not_for_type, outcome_of, settled, unreadable
from validation_engine.results import ModuleResult, status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from validation_engine.gates.compiled import CompiledGate
    from validation_engine.results import GateOutcome
    from validation_engine.suppressions import Suppression


class _Applying(NamedTuple):
    """A gate that applies, its place, and its outcome where none of the patterns may match."""

    at: int
    gate: CompiledGate
    resting: GateOutcome | None
    numbers: frozenset[int]


class Plan:
    """The gates of a module for one type: those to evaluate, and the outcome of the others.

    Args:
        gates: All gates of the module.
        document_type: The type.
        learned: Gives what the module learned to hear, when it is first needed.
    """

    def __init__(
        self, gates: Sequence[CompiledGate], document_type: str, learned: Callable[[], Learned] = Learned
    ) -> None:
        self._for_others = [not_for_type(gate, document_type) for gate in gates]
        self._applying = [
            _Applying(at, gate, *_at_rest(gate))
            for at, gate in enumerate(gates)
            if document_type in gate.types
        ]
        self._learned = learned
        self._unreadable = [
            unreadable(gate) if document_type in {UNKNOWN, *gate.types} else self._for_others[at]
            for at, gate in enumerate(gates)
        ]

    def judge(self, seen: Examined, suppressions: Sequence[Suppression]) -> ModuleResult:
        """Return the module's verdicts on a document of the plan's type."""
        if seen.document.is_empty:
            return ModuleResult(status_of(self._unreadable), self._unreadable)
        outcomes, judged = self._for_others.copy(), []
        hits = seen.hits
        touched = hits.touched if seen.answers is None else None
        seen = msgspec.structs.replace(seen, said=Said(lambda: self._table, seen.document))
        for at, gate, resting, numbers in self._applying:
            if (
                resting is not None
                and touched is not None
                and (numbers.isdisjoint(touched) or not any(map(hits.may_match, numbers & touched)))
            ):
                outcomes[at] = resting
            else:
                outcomes[at] = outcome_of(gate, evaluate(gate, seen), seen, suppressions)
                judged.append(outcomes[at])
        return ModuleResult(status_of(judged), outcomes)

    @lazy
    def _table(self) -> Table:
        return self._learned().table({name for one in self._applying for name in names_of(one.gate.gate)})


def _at_rest(gate: CompiledGate) -> tuple[GateOutcome | None, frozenset[int]]:
    found = at_rest(gate)
    return (settled(gate, found[0]), found[1]) if found else (None, frozenset())
