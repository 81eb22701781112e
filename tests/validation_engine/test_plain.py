"""What every compliance officer would see at once is seen, and what is plainly in order is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.validation_engine.accuracy import module_of, plain_cases, scores
from tests.validation_engine.factories import MODULES
from validation_engine.engine import default_engine

PLAIN = Path(__file__).parent / "plain"
RECALL_FLOOR = 0.97
PRECISION_FLOOR = 0.99


@pytest.mark.parametrize("module", MODULES)
def test_plain_faults_are_found_and_plain_compliance_is_left_alone(module: str) -> None:
    score = scores(plain_cases(PLAIN), module_of)[module]
    wrong = [
        f"{sorted(one.missed | one.imagined)}: {one.name}"
        for one in plain_cases(PLAIN)
        for gate in one.missed | one.imagined
        if module_of(gate) == module
    ]
    told = "\n".join([str(score), *wrong])
    assert score.recall >= RECALL_FLOOR, told
    assert score.precision >= PRECISION_FLOOR, told


@pytest.mark.parametrize("module", MODULES)
def test_every_gate_has_plain_cases(module: str) -> None:
    gates = {gate for one in plain_cases(PLAIN) for gate in one.expected if module_of(gate) == module}
    assert gates == {one.gate.id for one in default_engine().ruleset.module(module)}
