"""Every gate file proves itself by its own examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from validation_engine.engine import default_engine
from validation_engine.gates.examples import failures

if TYPE_CHECKING:
    from validation_engine.gates.compiled import CompiledGate

RULESET = default_engine().ruleset


@pytest.mark.parametrize("compiled", RULESET.gates, ids=lambda compiled: compiled.gate.id)
def test_the_examples_in_the_file_come_out_as_it_says(compiled: CompiledGate) -> None:
    assert list(failures(compiled, RULESET.patterns)) == []
