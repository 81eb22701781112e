"""A tenant's own gates: the same data, no Python checks, tested and costed before they are accepted."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from validation_engine.errors import GateFileError
from validation_engine.gates.compiling import compile_gate
from validation_engine.scan.scanner import PatternSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from validation_engine.gates.compiled import CompiledGate
    from validation_engine.gates.schema import GateFile

PREFIX = "custom."
MOST_GATES = 200
MOST_PATTERNS_IN_GATE = 120
MOST_CHARACTERS = 40_000
# Instructions of all of a tenant's compiled patterns: what a scan can cost at most.
MOST_STEPS_IN_GATE = 20_000
MOST_STEPS = 400_000
# Patterns without letters that must be there are tried on every sentence.
MOST_LOOSE = 300
# Matches in one document whose surroundings are looked at; beyond, a person must look at the document.
MOST_LOOKS_OF_GATE = 2_000
MOST_LOOKS = 20_000
_ANY_LETTER = b"q"


class CustomRuleset:
    """One tenant's enabled gates at one revision, compiled apart from everybody else's.

    Args:
        gates: The enabled gates.
        macros: The vocabulary their patterns may use.
        revision: Which state of the tenant's gates this is.

    Raises:
        GateFileError: There are too many, or one cannot be compiled.
    """

    def __init__(self, gates: Iterable[GateFile], macros: Mapping[str, str], revision: int) -> None:
        self.revision = revision
        self.patterns = PatternSet(macros)
        self.gates: list[CompiledGate] = [compile_gate(gate, self.patterns) for gate in gates if gate.enabled]
        if len(self.gates) > MOST_GATES:
            message = f"There are {len(self.gates)} enabled gates, more than {MOST_GATES}; disable some."
            raise GateFileError(message, "too_many_gates")
        steps = self.patterns.steps
        if steps > MOST_STEPS:
            message = (
                f"All gates together compile to {steps:,} steps, more than {MOST_STEPS:,}; simplify some."
            )
            raise GateFileError(message, "gates_too_costly")
        self.patterns.freeze()
        loose = sum(not atoms for atoms in self.patterns.atoms.values())
        if loose > MOST_LOOSE:
            message = (
                f"{loose} patterns of all gates name no letters that must be there, more than {MOST_LOOSE};"
                " add words to some."
            )
            raise GateFileError(message, "gates_too_costly")


def tested_gate(body: str, macros: Mapping[str, str]) -> GateFile:
    """Return the gate in a tenant's YAML once it has passed everything that makes it safe to save.

    Args:
        body: The gate file.
        macros: The vocabulary its patterns may use.

    Raises:
        GateFileError: It breaks the schema, names a check, repeats a pattern, has a correction that does
            nothing, costs too much, or an example of its own comes out otherwise than it says; the message
            names line or field.
    """
    from validation_engine.gates.examples import failures  # noqa: PLC0415 - no shipped gate needs it, to start fast
    from validation_engine.gates.idle import refuse_idle_correction  # noqa: PLC0415 - no shipped gate needs it, to start fast
    from validation_engine.gates.load import refuse_repeated_pattern  # noqa: PLC0415 - no kept form needs YAML, to start fast

    if len(body) > MOST_CHARACTERS:
        message = f"The gate has {len(body):,} characters, more than {MOST_CHARACTERS:,}; shorten it."
        raise GateFileError(message, "gate_too_long")
    gate = _parsed(body)
    _allowed(gate)
    refuse_repeated_pattern(gate, body, gate.id)
    refuse_idle_correction(gate, body)
    patterns = PatternSet(macros)
    compiled = compile_gate(gate, patterns)
    if patterns.steps > MOST_STEPS_IN_GATE:
        message = (
            f"{gate.id}: its patterns compile to {patterns.steps:,} steps, more than {MOST_STEPS_IN_GATE:,};"
            " bound their gaps or split the gate."
        )
        raise GateFileError(message, "gate_too_costly")
    _refuse_any_letter(gate, patterns)
    patterns.freeze()
    wrong = list(failures(compiled, patterns))
    if wrong:
        raise GateFileError(wrong[0], "example_failed", failures=wrong)
    return gate


def _refuse_any_letter(gate: GateFile, patterns: PatternSet) -> None:
    for number, pattern in enumerate(patterns.expanded):
        if patterns.pattern(number).search(_ANY_LETTER) is not None:
            message = (
                f"{gate.id}: the pattern `{pattern[:80]}` matches any letter; name the words it is about."
            )
            raise GateFileError(message, "pattern_refused")


def refuse_beyond_limits(gate: GateFile, others: Iterable[str], macros: Mapping[str, str]) -> None:
    """Refuse a gate that a tenant's other enabled gates leave no room for.

    Args:
        gate: The gate to enable.
        others: The files of the other enabled gates.
        macros: The vocabulary their patterns may use.

    Raises:
        GateFileError: All together would be too many or cost too much.
    """
    CustomRuleset([*map(_saved, others), gate], macros, 0)


@lru_cache(maxsize=2_000)
def _saved(body: str) -> GateFile:
    return _parsed(body)


def _parsed(body: str) -> GateFile:
    from validation_engine.gates.load import parse_gate  # noqa: PLC0415 - no shipped gate needs it, to start fast

    return parse_gate(body)


def _allowed(gate: GateFile) -> None:
    if not gate.id.startswith(PREFIX):
        message = f"`id` is {gate.id}; the id of a gate of your own begins with `{PREFIX}`."
        raise GateFileError(message)
    if gate.check is not None:
        message = f"{gate.id}: `check` is for the shipped gates; say it with `forbidden` and `required`."
        raise GateFileError(message)
    count = sum(
        len(clue.patterns) + len(clue.near) + len(clue.unless) + len(clue.under) for clue in gate.clues()
    )
    if count > MOST_PATTERNS_IN_GATE:
        message = f"{gate.id}: has {count} patterns, more than {MOST_PATTERNS_IN_GATE}; split the gate."
        raise GateFileError(message, "gate_too_costly")
