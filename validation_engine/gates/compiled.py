"""Gates and clues with their patterns as numbers of a pattern set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from validation_engine.gates.schema import Clue, GateFile  # noqa: TC001 - the fields' types, for readers and msgspec

if TYPE_CHECKING:
    from validation_engine.results import GateOutcome


class CompiledClue(msgspec.Struct, frozen=True, gc=False):
    """A clue with its patterns as numbers of the pattern set."""

    clue: Clue
    patterns: tuple[int, ...]
    near: tuple[int, ...]
    unless: tuple[int, ...]
    under: tuple[int, ...]


class CompiledRequired(msgspec.Struct, frozen=True, gc=False):
    """What must be conveyed: by one of the clues, where one of `when` is there or none is named."""

    name: str
    clues: tuple[CompiledClue, ...]
    when: tuple[CompiledClue, ...]
    review: bool = False


class CompiledGate(msgspec.Struct, frozen=True):
    """A gate ready to be evaluated; `constant` keeps its outcomes that do not depend on the document."""

    gate: GateFile
    module: str
    types: frozenset[str]
    applies_when: tuple[CompiledClue, ...]
    not_when: tuple[CompiledClue, ...]
    forbidden: tuple[CompiledClue, ...]
    required: tuple[CompiledRequired, ...]
    doubtful: tuple[CompiledClue, ...]
    constant: dict[tuple[str, str], GateOutcome] = msgspec.field(default_factory=dict)
