"""Every gate file proves itself by its own examples."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from validation_engine.engine import default_engine
from validation_engine.gates.examples import failures

if TYPE_CHECKING:
    from validation_engine.gates.compiled import CompiledGate

RULESET = default_engine().ruleset
# In characters: what is longer is a macro of the vocabulary.
MOST_REPEATED = 640


@pytest.mark.parametrize("compiled", RULESET.gates, ids=lambda compiled: compiled.gate.id)
def test_the_examples_in_the_file_come_out_as_it_says(compiled: CompiledGate) -> None:
    assert list(failures(compiled, RULESET.patterns)) == []


@pytest.mark.parametrize("compiled", RULESET.gates, ids=lambda compiled: compiled.gate.id)
def test_what_is_long_and_stands_in_many_clues_has_a_name(compiled: CompiledGate) -> None:
    gate = compiled.gate
    clues = [*gate.applies_when, *gate.not_when, *gate.forbidden]
    lists = [each for clue in clues for each in (clue.patterns, clue.near, clue.unless)]
    repeated = Counter(pattern for each in lists for pattern in each)
    assert [one for one, times in repeated.items() if times > 2 and times * len(one) > MOST_REPEATED] == []
