"""What the gates find on labelled documents, by module and by gate, beside what is wanted of them.

The corpus is what the rules were written with; the unseen documents tell what to expect of a stranger's.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.validation_engine.accuracy import (
    cases,
    compliant,
    failed_compliant,
    module_of,
    plain_cases,
    scores,
)

if TYPE_CHECKING:
    from tests.validation_engine.accuracy import Case, Score

FOLDERS = Path(__file__).parents[1] / "validation_engine"
RECALL, PRECISION, FAILED, TYPES = 0.85, 0.90, 3 / 60, 0.95


def main() -> bool:
    """Print the scores of both sets; return whether the unseen documents reach what is wanted."""
    kept = [_told(name, cases(FOLDERS / name)) for name in ("corpus", "unseen")]
    for module, score in scores(plain_cases(FOLDERS / "plain"), module_of).items():
        _say(f"plain cases, {module}: {score}")
    return kept[-1]


def _told(name: str, judged: tuple[Case, ...]) -> bool:
    by_gate = scores(judged, str)
    for module, score in scores(judged, module_of).items():
        _say(f"{name}, {module}: {score}")
        _say_gates({gate: one for gate, one in by_gate.items() if module_of(gate) == module})
    whole = scores(judged, lambda _: "all")["all"]
    failed = len(failed_compliant(judged)) / max(compliant(judged), 1)
    types = sum(case.kind == case.detected for case in judged) / len(judged)
    _say(f"{name}, {len(judged)} documents: {whole} (wanted {RECALL}, {PRECISION})")
    _say(f"{name}: {failed:.0%} of {compliant(judged)} compliant documents failed (wanted {FAILED:.0%})")
    _say(f"{name}: {types:.1%} of types told (wanted {TYPES:.0%})")
    return whole.recall >= RECALL and whole.precision >= PRECISION and failed <= FAILED and types >= TYPES


def _say_gates(scored: dict[str, Score]) -> None:
    """Print the gates that missed or imagined something, worst first; all others were always right."""
    worst = sorted(scored.items(), key=lambda one: (-one[1].missed - one[1].imagined, one[0]))
    for gate, score in worst:
        if score.missed or score.imagined:
            _say(f"  {gate}: {score.found} found, {score.missed} missed, {score.imagined} imagined")


def _say(text: str) -> None:
    sys.stdout.write(f"accuracy: {text}\n")


if __name__ == "__main__":
    main()
