"""Gates and clues with their patterns as numbers of a pattern set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from validation_engine.gates.schema import Clue, GateFile  # noqa: TC001 - the fields' types, for readers and msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.results import GateOutcome


class CompiledClue(msgspec.Struct, frozen=True, gc=False):
    """A clue with its patterns as numbers of the pattern set."""

    clue: Clue
    patterns: tuple[int, ...]
    near: tuple[int, ...]
    unless: tuple[int, ...]
    under: tuple[int, ...]

    def numbers(self) -> tuple[int, ...]:
        """Return the numbers of all its patterns."""
        return (*self.patterns, *self.near, *self.unless, *self.under)


class CompiledRequired(msgspec.Struct, frozen=True, gc=False):
    """What must be conveyed: by one of the clues, where one of `when` is there or none is named.

    `read`: by a match only where what was learned of its sentence does not speak against it.
    `open`: also by a match beside which a blank or a plain no stands.
    """

    name: str
    clues: tuple[CompiledClue, ...]
    when: tuple[CompiledClue, ...]
    review: bool = False
    read: bool = True
    open: bool = False


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

    def clues(self) -> Iterator[CompiledClue]:
        """Yield every clue of the gate."""
        yield from (*self.applies_when, *self.not_when, *self.forbidden, *self.doubtful)
        for required in self.required:
            yield from (*required.clues, *required.when)

    def patterns(self) -> set[int]:
        """Return the numbers of all its patterns."""
        return {number for clue in self.clues() for number in clue.numbers()}
