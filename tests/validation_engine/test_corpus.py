"""The shipped gates find the faults of the documents they were written with, and imagine none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.validation_engine.accuracy import (
    cases,
    compliant,
    failed_compliant,
    module_of,
    scores,
    wrong_verdicts,
)

CORPUS = Path(__file__).parent / "corpus"
RECALL_FLOOR = 0.85
PRECISION_FLOOR = 0.90
# At most 3 of 60 compliant documents may fail.
FAILED_CEILING = 3 / 60


def test_each_module_finds_the_planted_faults_and_imagines_none() -> None:
    for module, score in scores(cases(CORPUS), module_of).items():
        told = "\n".join([f"{module}: {score}", *wrong_verdicts(cases(CORPUS))])
        assert score.recall >= RECALL_FLOOR, told
        assert score.precision >= PRECISION_FLOOR, told


def test_compliant_documents_are_left_alone() -> None:
    failed = failed_compliant(cases(CORPUS))
    assert len(failed) <= FAILED_CEILING * compliant(cases(CORPUS)), failed


@pytest.mark.parametrize("module", sorted(path.name for path in CORPUS.iterdir() if path.is_dir()))
def test_every_module_has_documents_that_comply_and_documents_that_do_not(module: str) -> None:
    own = [case for case in cases(CORPUS) if case.name.startswith(f"{module}/")]
    assert any(case.expected for case in own)
    assert any(not case.expected for case in own)
