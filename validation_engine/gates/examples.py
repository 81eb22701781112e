"""Running the examples inside a gate file against the gate itself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from validation_engine.documents.plain import read_plain
from validation_engine.fields import Fields
from validation_engine.gates.document_types import GROUPS, TYPES
from validation_engine.judging.evaluate import Examined, evaluate
from validation_engine.judging.outcomes import not_for_type, outcome_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.gates.compiled import CompiledGate
    from validation_engine.gates.schema import Example, Verdict
    from validation_engine.results import GateOutcome
    from validation_engine.scan.scanner import PatternSet

# The day of an example that names none and whose text has no date.
DEFAULT_DAY = date(2026, 11, 1)


def failures(compiled: CompiledGate, patterns: PatternSet) -> Iterator[str]:
    """Yield one sentence for each example of a gate that does not come out as its file says."""
    fault: Verdict = "WARNING" if compiled.gate.severity == "low" else "FAIL"
    examples = compiled.gate.examples
    kinds: tuple[tuple[str, list[Example], Verdict], ...] = (
        ("passes", examples.passes, "PASS"),
        ("fails", examples.fails, fault),
        ("not_applicable", examples.not_applicable, "NOT_APPLICABLE"),
    )
    for kind, listed, expected in kinds:
        for index, example in enumerate(listed):
            where = f"{compiled.gate.id}: examples.{kind}[{index}]"
            if example.type is not None and example.type not in TYPES:
                yield f"{where}: there is no document type {example.type!r}; use one of: {', '.join(TYPES)}"
                continue
            outcome = run(compiled, patterns, example)
            if outcome.verdict != expected:
                told = f"got {outcome.verdict}: {outcome.message} {_quotes(outcome)}"
                yield f"{where}: expected {expected}, {told}"
            elif example.finds is not None and _quotes(outcome) != example.finds:
                yield f"{where}: expected to find {example.finds}, found {_quotes(outcome)}"


def run(compiled: CompiledGate, patterns: PatternSet, example: Example) -> GateOutcome:
    """Return the outcome of a gate on one example: by its patterns and its check alone, no sentence is read.

    So it tests what the gate's file says, whatever was learned.
    """
    document = read_plain(example.text)
    kind = example.type or _first_type(compiled)
    if kind not in compiled.types:
        return not_for_type(compiled, kind)
    fields = Fields(document)
    own = fields.date.value if fields.date else DEFAULT_DAY
    seen = Examined(document, patterns.scan(document), fields, kind, example.date or own)
    return outcome_of(compiled, evaluate(compiled, seen), seen, ())


def _first_type(compiled: CompiledGate) -> str:
    name = compiled.gate.document_types[0]
    return GROUPS[name][0] if name in GROUPS else name if name in TYPES else TYPES[0]


def _quotes(outcome: GateOutcome) -> list[str]:
    return [evidence.quote for evidence in outcome.evidence]
