"""A tenant's own gates: the same data, no Python checks, tested and costed before they are accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validation_engine.gates.compiled import CompiledGate  # noqa: TC001 - public attribute

if TYPE_CHECKING:
    from validation_engine.scan.scanner import PatternSet


class CustomRuleset:
    """One tenant's enabled gates at one revision."""

    def __init__(self, gates: list[CompiledGate], patterns: PatternSet, revision: int) -> None:
        self.gates = gates
        self.patterns = patterns
        self.revision = revision
