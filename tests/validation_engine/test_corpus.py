"""How well the shipped gates do on whole documents: recall, precision, compliant documents failed."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from tests.validation_engine.factories import MODULES, validated
from validation_engine.documents.plain import read_plain

CORPUS = Path(__file__).parent / "corpus"
RECALL_FLOOR = 0.85
PRECISION_FLOOR = 0.90
# At most 3 of 60 compliant documents may fail.
FAILED_CEILING = 3 / 60


class Case(NamedTuple):
    """One document: the faults it is labelled with, those of medium severity and above, and those found."""

    name: str
    expected: frozenset[str]
    planted: frozenset[str]
    found: frozenset[str]


class Score(NamedTuple):
    """Faults found, missed and imagined."""

    found: int
    missed: int
    imagined: int

    @property
    def recall(self) -> float:
        return self.found / max(self.found + self.missed, 1)

    @property
    def precision(self) -> float:
        return self.found / max(self.found + self.imagined, 1)


@cache
def cases() -> tuple[Case, ...]:
    return tuple(_case(path) for path in sorted(CORPUS.glob("*/*.txt")))


def _case(path: Path) -> Case:
    _, header, text = path.read_text(encoding="utf-8").split("---\n", 2)
    labels = yaml.safe_load(header)
    result = validated(read_plain(text), document_type=labels["type"])
    outcomes = [one for module in result.modules.values() for one in module.gates]
    slight = {one.id for one in outcomes if one.severity == "low"}
    expected = frozenset(labels["fails"])
    found = frozenset(one.id for one in outcomes if one.verdict == "FAIL")
    return Case(f"{path.parent.name}/{path.name}", expected, expected - slight, found)


def scores() -> dict[str, Score]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for case in cases():
        for place, gates in enumerate(
            (case.planted & case.found, case.planted - case.found, case.found - case.expected)
        ):
            for gate in gates:
                counts[gate.split(".")[0]][place] += 1
    return {module: Score(*counts[module]) for module in MODULES if module in counts}


def test_each_module_finds_the_planted_faults_and_imagines_none() -> None:
    lines = [
        f"{module}: recall {score.recall:.2f}, precision {score.precision:.2f}"
        for module, score in scores().items()
    ]
    print("\n".join(lines))  # noqa: T201 - the scores are what a reader of the run wants to see
    wrong = [
        f"{case.name}: missed {sorted(missed)}, imagined {sorted(imagined)}"
        for case in cases()
        if (missed := case.planted - case.found) | (imagined := case.found - case.expected)
    ]
    for score in scores().values():
        assert score.recall >= RECALL_FLOOR, "\n".join([*lines, *wrong])
        assert score.precision >= PRECISION_FLOOR, "\n".join([*lines, *wrong])


def test_compliant_documents_are_left_alone() -> None:
    compliant = [case for case in cases() if not case.expected]
    failed = {case.name: sorted(case.found) for case in compliant if case.found}
    print(f"compliant documents failed: {len(failed)} of {len(compliant)}")  # noqa: T201 - as above
    assert len(failed) <= FAILED_CEILING * len(compliant), failed


@pytest.mark.parametrize("module", sorted(path.name for path in CORPUS.iterdir() if path.is_dir()))
def test_every_module_has_documents_that_comply_and_documents_that_do_not(module: str) -> None:
    own = [case for case in cases() if case.name.startswith(f"{module}/")]
    assert any(case.expected for case in own)
    assert any(not case.expected for case in own)
