"""Every macro is named once, wherever it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from validation_engine.errors import GateFileError
from validation_engine.gates.ruleset import RULESETS, parsed_rules
from validation_engine.gates.vocabulary import read_vocabulary
from validation_engine.scan.patterns import compile_expanded, expand

if TYPE_CHECKING:
    from pathlib import Path


def _rulesets(folder: Path, **files: str) -> Path:
    (folder / "vocabulary").mkdir()
    (folder / "vocabulary.yaml").write_text("money: 'pounds'\nfee: 'fees?'\n")
    for name, text in files.items():
        (folder / "vocabulary" / f"{name}.yaml").write_text(text)
    return folder


def test_macros_of_all_files_are_one_vocabulary(tmp_path: Path) -> None:
    folder = _rulesets(tmp_path, leave="holiday: 'leave'\n", empty="")
    assert read_vocabulary(folder) == {"money": "pounds", "fee": "fees?", "holiday": "leave"}


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"tax": "fee: 'charge'\n"}, "vocabulary/tax.yaml: the macro fee is in vocabulary.yaml already"),
        (
            {"a": "x: 'y'\n", "b": "x: 'y'\n"},
            "vocabulary/b.yaml: the macro x is in vocabulary/a.yaml already",
        ),
        ({"a": "x: 'y'\nx: 'z'\n"}, "vocabulary/a.yaml: the macro x is in vocabulary/a.yaml already"),
    ],
)
def test_a_macro_that_is_named_twice_is_told(tmp_path: Path, files: dict[str, str], told: str) -> None:
    with pytest.raises(GateFileError, match=told):
        read_vocabulary(_rulesets(tmp_path, **files))


def test_the_shipped_rules_hold_the_whole_vocabulary() -> None:
    assert parsed_rules(RULESETS).macros == read_vocabulary(RULESETS)


def test_a_tenants_pattern_may_name_every_macro_also_those_that_no_shipped_gate_names() -> None:
    macros = read_vocabulary(RULESETS)
    for name in macros:
        pattern = f"{{{name}}} synergy"
        assert compile_expanded(expand(pattern, macros), pattern).programsize > len("synergy")
