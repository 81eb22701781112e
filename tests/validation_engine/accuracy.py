"""How well the shipped gates do on labelled documents: faults found, missed and imagined."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import yaml

from tests.validation_engine.factories import outcome, validated
from validation_engine.documents.plain import read_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class Case(NamedTuple):
    """A document: its kind, told and detected, and its faults: all, those above low severity, those found."""

    name: str
    kind: str
    detected: str
    expected: frozenset[str]
    planted: frozenset[str]
    found: frozenset[str]

    @property
    def missed(self) -> frozenset[str]:
        return self.planted - self.found

    @property
    def imagined(self) -> frozenset[str]:
        return self.found - self.expected


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

    def __str__(self) -> str:
        return f"recall {self.recall:.2f}, precision {self.precision:.2f}"


@cache
def cases(folder: Path) -> tuple[Case, ...]:
    """Validate the documents of a folder, each as what its front matter says it is."""
    return tuple(_case(path, folder) for path in sorted(folder.rglob("*.txt")))


def _case(path: Path, folder: Path) -> Case:
    _, header, text = path.read_text(encoding="utf-8").split("---\n", 2)
    labels = yaml.safe_load(header)
    result = validated(read_plain(text), document_type=labels["type"])
    outcomes = [one for module in result.modules.values() for one in module.gates]
    slight = {one.id for one in outcomes if one.severity == "low"}
    expected = frozenset(labels["fails"])
    found = frozenset(one.id for one in outcomes if one.verdict == "FAIL")
    name = str(path.relative_to(folder))
    return Case(name, labels["type"], result.document.detected_type, expected, expected - slight, found)


@cache
def plain_cases(folder: Path) -> tuple[Case, ...]:
    """Judge the short texts of a folder's YAML files, each by the gate that it was written for alone."""
    return tuple(
        _plain_case(f"{path.stem}.{gate}", said["type"], text, fails=fails)
        for path in sorted(folder.rglob("*.yaml"))
        for gate, said in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).items()
        for fails in (True, False)
        for text in said["fails" if fails else "passes"]
    )


def _plain_case(gate: str, kind: str, text: str, *, fails: bool) -> Case:
    verdict = outcome(validated(text, document_type=kind, modules=[module_of(gate)]), gate).verdict
    expected = frozenset([gate]) if fails else frozenset[str]()
    found = frozenset([gate]) if verdict in {"FAIL", "WARNING"} else frozenset[str]()
    return Case(" / ".join(text.splitlines()), kind, kind, expected, expected, found)


def module_of(gate: str) -> str:
    return gate.partition(".")[0]


def scores(judged: Sequence[Case], by: Callable[[str], str]) -> dict[str, Score]:
    """Add up the faults of documents by what `by` makes of a gate's id."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for case in judged:
        for place, gates in enumerate((case.planted & case.found, case.missed, case.imagined)):
            for gate in gates:
                counts[by(gate)][place] += 1
    return {name: Score(*counts[name]) for name in sorted(counts)}


def failed_compliant(judged: Sequence[Case]) -> dict[str, list[str]]:
    """Return the documents that comply and fail all the same, with the gates that they fail."""
    return {case.name: sorted(case.found) for case in judged if case.found and not case.expected}


def compliant(judged: Sequence[Case]) -> int:
    return sum(not case.expected for case in judged)


def wrong_verdicts(judged: Sequence[Case]) -> list[str]:
    return [
        f"{case.name}: missed {sorted(case.missed)}, imagined {sorted(case.imagined)}"
        for case in judged
        if case.missed | case.imagined
    ]
