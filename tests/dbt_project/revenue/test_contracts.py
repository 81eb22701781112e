"""What the project's own way of making tables and views keeps of a contract."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.dbt_project.revenue.warehouse import PROJECT

pytestmark = pytest.mark.early

PROMISED = [
    {"name": "day", "data_type": "date"},
    {"name": "amount", "data_type": "decimal(38,8)"},
    {"name": "told_at", "data_type": "timestamp with time zone"},
    {"name": "ids", "data_type": "varchar[]"},
]
AMOUNT = "cast(1 as decimal(38, 8)) as amount"
KEPT = f"select date '2025-01-01' as day, {AMOUNT}, timestamptz '2025-01-01' as told_at, ['a'] as ids"
MODELS = {
    "kept": KEPT,
    "kept_as_a_view": "{{ config(materialized='view') }} " + KEPT,
    "another_type": KEPT.replace(AMOUNT, "1.5 as amount"),
    "another_type_in_a_view": "{{ config(materialized='view') }} " + KEPT.replace(AMOUNT, "1.5 as amount"),
    "a_column_less": KEPT.replace(f"{AMOUNT}, ", ""),
    "a_column_more": f"{KEPT}, 1 as more",
    "another_name": KEPT.replace("as day", "as date"),
    "a_constraint_broken": KEPT.replace("date '2025-01-01'", "cast(null as date)"),
}


def _project(folder: Path) -> None:
    """Write a project of these models alone, made by the macros of ours."""
    settings = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    own = {"macro-paths": [str(PROJECT / "macros")], "models": {"loki": {"+contract": {"enforced": True}}}}
    settings = {name: value for name, value in settings.items() if name not in {"seeds", "test-paths"}} | own
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(settings))
    described = [{"name": name, "columns": PROMISED, "config": {"materialized": "table"}} for name in MODELS]
    required = {"constraints": [{"type": "not_null"}]}
    described[-1]["columns"] = [PROMISED[0] | required, *PROMISED[1:]]
    for model in described:
        if "view" in str(model["name"]):
            del model["config"]
    (folder / "models").mkdir()
    (folder / "models" / "models.yml").write_text(yaml.safe_dump({"models": described}))
    for name, query in MODELS.items():
        (folder / "models" / f"{name}.sql").write_text(query)


def test_a_relation_that_breaks_its_contract_fails_its_model(tmp_path: Path) -> None:
    _project(tmp_path)
    command = [
        *(str(Path(sys.executable).parent / "dbt"), "run", "--quiet"),
        *("--project-dir", str(tmp_path), "--profiles-dir", str(PROJECT)),
    ]
    state = {"LOKI_BUILD_PATH": str(tmp_path / "build.duckdb")}
    subprocess.run(command, env=os.environ | state, capture_output=True, check=False)  # noqa: S603 - our own dbt
    results = json.loads((tmp_path / "target" / "run_results.json").read_text())["results"]
    failed = {result["unique_id"].split(".")[-1] for result in results if result["status"] == "error"}
    assert failed == set(MODELS) - {"kept", "kept_as_a_view"}
