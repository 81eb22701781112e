from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from orchestration.policies import FOLDER, allowed_values, presets, resolve
from tenants.errors import InvalidInput

if TYPE_CHECKING:
    from pathlib import Path


def test_the_five_presets_ship() -> None:
    assert presets() == ["baremetrics", "chartmogul", "default", "recurly", "stripe"]


@pytest.mark.parametrize("name", ["baremetrics", "chartmogul", "default", "recurly", "stripe"])
def test_a_preset_sets_every_switch_and_names_its_source(name: str) -> None:
    policy = resolve(name)
    assert policy.switches.keys() == allowed_values().keys()
    assert policy.version >= 1
    assert policy.summary
    assert policy.source


def test_the_project_s_own_default_equals_the_preset() -> None:
    project = yaml.safe_load((FOLDER.parent / "dbt_project.yml").read_text())
    assert project["vars"]["policy_switches"] == resolve("default").switches


def test_a_file_changes_only_what_it_names(tmp_path: Path) -> None:
    file = tmp_path / "Four Weeks.json"
    file.write_text(json.dumps({"base": "stripe", "week_factor": 4}))
    policy = resolve(str(file))
    assert policy.name == "four_weeks"
    assert policy.switches == resolve("stripe").switches | {"week_factor": 4}
    assert policy.source == str(file)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{week_factor: 5}", "week_factor to '5': give one of 52/12, 4.33, 4, 0"),
        ("{weeks: 4}", "'weeks', which is no switch"),
        ("{base: nobody}", "the base 'nobody': give one of baremetrics"),
        ("{name: default}", "is named 'default'"),
        ("{name: '../x'}", "is named '../x'"),
        ("{past_due_days: true}", "past_due_days to 'True'"),
        ("just words", "must be a mapping"),
        ("{", "cannot be read"),
        ("{week_factor: 4, week_factor: 0}", "it sets 'week_factor' twice"),
    ],
)
def test_a_bad_file_is_answered_with_what_is_wrong(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "own.yml"
    file.write_text(content)
    with pytest.raises(InvalidInput, match="own") as refusal:
        resolve(str(file))
    assert told in refusal.value.message


def test_an_unknown_name_is_answered_with_the_presets() -> None:
    with pytest.raises(InvalidInput, match="no revenue policy 'nope': give one of baremetrics"):
        resolve("nope")
