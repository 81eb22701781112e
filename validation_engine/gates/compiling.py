"""From a gate file to a gate with numbered patterns, or an error that names the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validation_engine.checks.registry import named
from validation_engine.errors import PatternRefused
from validation_engine.gates.compiled import CompiledClue, CompiledGate, CompiledRequired
from validation_engine.gates.document_types import UNKNOWN, expanded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validation_engine.gates.schema import Clue, GateFile, Required
    from validation_engine.scan.scanner import PatternSet


def compile_gate(gate: GateFile, patterns: PatternSet) -> CompiledGate:
    """Return the gate with its patterns added to the set.

    Raises:
        PatternRefused: A pattern is not accepted; the message names its field.
        GateFileError: Its check does not exist.
        UnknownName: It names a document type that does not exist.
    """
    types = expanded(gate.document_types)
    unknown = gate.kind == "prohibited_claim" if gate.unknown_documents is None else gate.unknown_documents
    if gate.unknown_documents is False:
        types -= {UNKNOWN}
    if gate.check and not patterns.is_trusted:
        named(gate.check.name)
    return CompiledGate(
        gate,
        gate.id.split(".", 1)[0],
        types | {UNKNOWN} if unknown else types,
        _clues(gate, "applies_when", gate.applies_when, patterns),
        _clues(gate, "not_when", gate.not_when, patterns),
        _clues(gate, "forbidden", gate.forbidden, patterns),
        tuple(
            _required(gate, f"required[{index}]", one, patterns) for index, one in enumerate(gate.required)
        ),
        _clues(gate, "doubtful", gate.doubtful, patterns),
    )


def _required(gate: GateFile, field: str, required: Required, patterns: PatternSet) -> CompiledRequired:
    first = _clue(required, f"{gate.id}: {field}", patterns)
    others = _clues(gate, f"{field}.alternatives", required.alternatives, patterns)
    return CompiledRequired(
        required.name,
        (first, *others),
        _clues(gate, f"{field}.when", required.when, patterns),
        required.review,
        required.read,
        required.open,
    )


def _clues(
    gate: GateFile, field: str, clues: Iterable[Clue], patterns: PatternSet
) -> tuple[CompiledClue, ...]:
    return tuple(_clue(clue, f"{gate.id}: {field}[{index}]", patterns) for index, clue in enumerate(clues))


def _clue(clue: Clue, where: str, patterns: PatternSet) -> CompiledClue:
    return CompiledClue(
        clue,
        _numbers(clue.patterns, f"{where}.patterns", patterns),
        _numbers(clue.near, f"{where}.near", patterns),
        _numbers(clue.unless, f"{where}.unless", patterns),
        _numbers(clue.under, f"{where}.under", patterns),
    )


def _numbers(listed: list[str], where: str, patterns: PatternSet) -> tuple[int, ...]:
    numbers = []
    for index, pattern in enumerate(listed):
        try:
            numbers.append(patterns.add(pattern))
        except PatternRefused as refused:
            message = f"{where}[{index}]: {refused.message}"
            raise PatternRefused(message, refused.code) from None
    return tuple(numbers)
