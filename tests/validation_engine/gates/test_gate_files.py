"""A gate file is refused with its place; shipped files obey the catalogue's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.validation_engine.factories import GATE
from validation_engine.checks.registry import named
from validation_engine.engine import default_engine
from validation_engine.errors import GateFileError
from validation_engine.gates import idle
from validation_engine.gates.load import parse_gate, read_gate
from validation_engine.gates.ruleset import MODULES

if TYPE_CHECKING:
    from pathlib import Path

RULESET = default_engine().ruleset
REQUIRED = "required:\n  - patterns: ['we']\n    name: us\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("severity: high", "severity: huge", "gate.yaml:3: Invalid enum value 'huge', in `severity`"),
        ("why: Readers", "whi: Readers", "gate.yaml:9: Object contains unknown field `whi`"),
        ("severity: high", "severity: high\ncolour: red", "unknown field `colour`"),
        ("title: No jargon", "title: [", "gate.yaml:"),
        ("patterns: ['synergy']", "patterns: []", "forbidden.0.patterns"),
        ("forbidden:\n  - patterns: ['synergy']\n", "", "nothing to look for"),
        (
            "kind: prohibited_claim",
            "kind: prohibited_claim\neffective: {since: 2026-02-01, until: 2026-01-01}",
            "swap",
        ),
        (
            "kind: prohibited_claim",
            "kind: prohibited_claim\neffective: {since: 2026-02-30}",
            "gate.yaml:5: no such date",
        ),
        (
            "severity: high",
            f"severity: high\nmargins: {{agrees: {'9' * 5_000}}}",
            "gate.yaml:4: no such date",
        ),
        ("why: Readers", "message: Other.\nwhy: Readers", "gate.yaml:9: `message` is given twice"),
        ("title: No jargon", "title: &a No jargon\nx: *a", "aliases"),
        ("message: The text uses jargon.", "message: 5", "in `message`"),
        ("severity: high", "severity: hgih", "in `severity`; use one of `critical`, `high`"),
        ("title: No jargon", "title: No jar\0gon", "gate.yaml:2: YAML may not hold the character U+0000"),
        ("severity: high", "severity: high\neffective: {since: '2026'}", "write a day as YYYY-MM-DD"),
    ],
)
def test_a_file_that_breaks_the_schema_is_refused_with_its_place(old: str, new: str, told: str) -> None:
    assert old in GATE
    with pytest.raises(GateFileError) as refused:
        parse_gate(GATE.replace(old, new), "gate.yaml")
    assert told in refused.value.message


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "['synergy']",
            "\n      - 'synergy'\n      - 'jargon'\n      - 'synergy'",
            ":17: the pattern `synergy` is given twice in `forbidden.0.patterns`",
        ),
        (
            "['synergy']",
            "['synergy']\n    unless: ['no', 'no']",
            "`no` is given twice in `forbidden.0.unless`",
        ),
        ("['synergy']", "['synergy']\n    near: ['no', 'no']", "`no` is given twice in `forbidden.0.near`"),
        ("['(?:our|a|we)']", "['we']\n    under: ['no', 'no']", "given twice in `applies_when.0.under`"),
        ("forbidden:", "not_when:\n  - patterns: ['no', 'no']\nforbidden:", "in `not_when.0.patterns`"),
        ("forbidden:", "doubtful:\n  - patterns: ['no', 'no']\nforbidden:", "in `doubtful.0.patterns`"),
        (
            "forbidden:",
            f"{REQUIRED}    when:\n      - patterns: ['no', 'no']\nforbidden:",
            "in `required.0.when.0.patterns`",
        ),
        (
            "forbidden:",
            f"{REQUIRED}    alternatives:\n      - patterns: ['no', 'no']\nforbidden:",
            "in `required.0.alternatives.0.patterns`",
        ),
        ("['synergy']", "['synergy']\n    unless: ['synergy fair']\n    near: ['synergy']", None),
    ],
)
def test_a_file_with_a_pattern_twice_in_one_list_is_refused_with_its_place(
    old: str, new: str, told: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "custom" / "no_jargon.yaml"
    path.parent.mkdir()
    path.write_text(GATE.replace(old, new))
    if told is None:
        assert read_gate(path).id == "custom.no_jargon"
        return
    with pytest.raises(GateFileError) as refused:
        read_gate(path)
    assert refused.value.message.startswith("custom/no_jargon.yaml:")
    assert told in refused.value.message


def test_no_shipped_correction_has_a_part_that_does_nothing() -> None:
    for compiled in RULESET.gates:
        idle.refuse_idle_correction(compiled.gate, "")


def test_every_module_has_gates_in_the_order_of_their_ids() -> None:
    assert tuple(RULESET.by_module) == MODULES
    for gates in RULESET.by_module.values():
        ids = [compiled.gate.id for compiled in gates]
        assert ids == sorted(ids)
        assert len(ids) >= 10


@pytest.mark.parametrize("compiled", RULESET.gates, ids=lambda compiled: compiled.gate.id)
def test_a_verified_reference_has_a_link_and_a_check_exists(compiled: object) -> None:
    gate = compiled.gate  # type: ignore[attr-defined]
    assert gate.legal_reference.link or not gate.legal_reference.verified
    assert gate.check is None or callable(named(gate.check.name))
