"""Which gates of a module apply to a type of document; what does not apply is worked out once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from validation_engine.gates.document_types import UNKNOWN
from validation_engine.judging.evaluate import Examined, at_rest, evaluate
from validation_engine.judging.outcomes import not_for_type, outcome_of, settled, unreadable
from validation_engine.learned.said import Said, unlearned
from validation_engine.results import ModuleResult, status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from validation_engine.gates.compiled import CompiledGate
    from validation_engine.learned.table import Table
    from validation_engine.suppressions import Suppression


class Plan:
    """The gates of a module for one type: those to evaluate, and the outcome of the others.

    Args:
        gates: All gates of the module.
        document_type: The type.
        learned: Gives what the module learned to hear; asked for when it is needed.
    """

    def __init__(
        self, gates: Sequence[CompiledGate], document_type: str, learned: Callable[[], Table] = unlearned
    ) -> None:
        for_others = [not_for_type(gate, document_type) for gate in gates]
        self._applying = [(at, gate) for at, gate in enumerate(gates) if document_type in gate.types]
        self._resting = for_others.copy()
        self._restless: set[int] = set()
        self._touching: dict[int, list[int]] = {}
        for at, gate in self._applying:
            self._rest(at, gate)
        self._learned = learned
        self._unreadable = [
            unreadable(gate) if document_type in {UNKNOWN, *gate.types} else for_others[at]
            for at, gate in enumerate(gates)
        ]

    def judge(self, seen: Examined, suppressions: Sequence[Suppression]) -> ModuleResult:
        """Return the module's verdicts on a document of the plan's type."""
        if seen.document.is_empty:
            return ModuleResult(status_of(self._unreadable), self._unreadable)
        outcomes, judged = self._resting.copy(), []
        seen = msgspec.structs.replace(seen, said=Said(self._learned, seen.document))
        for at, gate in self._awake(seen):
            outcomes[at] = outcome_of(gate, evaluate(gate, seen), seen, suppressions)
            judged.append(outcomes[at])
        return ModuleResult(status_of(judged), outcomes)

    def _awake(self, seen: Examined) -> list[tuple[int, CompiledGate]]:
        """Return the gates to evaluate, with their places: all where their answers are wanted."""
        if seen.answers is not None:
            return self._applying
        hits, touching = seen.hits, self._touching
        touched = {
            at
            for number in touching.keys() & hits.touched
            if hits.may_match(number)
            for at in touching[number]
        }
        return [one for one in self._applying if one[0] in touched or one[0] in self._restless]

    def _rest(self, at: int, gate: CompiledGate) -> None:
        """Note what a gate answers where none of some patterns may match, and those patterns."""
        found = at_rest(gate)
        if found is None:
            self._restless.add(at)
            return
        self._resting[at] = settled(gate, found[0])
        for number in found[1]:
            self._touching.setdefault(number, []).append(at)
