"""Every example in the OpenAPI document is what a server answers, but for what each call has of its own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import yaml

from tenants.warehouse import Warehouse, open_for_building
from validation_engine.api import examples
from validation_engine.corrections.edits import SourceEdit
from validation_engine.results import Result

if TYPE_CHECKING:
    from tests.tenants.api.serving import Client
    from tests.validation_engine.api.conftest import Callers

MARTS = Path(__file__).parents[3] / "dbt_project" / "models" / "marts"
MAY = ["documents:validate", "documents:correct", "validations:read", "gates:read", "gates:manage"]
WAIVED = {name: examples.WAIVER[name] for name in ("gate_id", "fingerprint", "reason")}
# What other rules, other learning, another caller or another call change.
OWN = {
    *("author", "duration_ms", "engine_version", "hash", "revision", "ruleset_hash", "ruleset_version"),
    *("saved_by", "type_reasons", "type_score", "updated_by", "version"),
}
ID = re.compile(r"(?<=^[a-z]{3}_)[0-9a-z]{16}$")


def shown(example: Any, answer: Any, name: str = "") -> bool:
    """Return whether an answer has all that its example shows; of a list the example may show a part."""
    if isinstance(example, dict) and isinstance(answer, dict):
        return example.keys() == answer.keys() and all(shown(example[at], answer[at], at) for at in example)
    if isinstance(example, list) and isinstance(answer, list):
        parts = (any(shown(one, other, name) for other in answer) for one in example)
        return bool(example) == bool(answer) and all(parts)
    if name in OWN or (name == "gates" and isinstance(example, int)):
        return type(example) is type(answer)
    if isinstance(example, str) and isinstance(answer, str):
        return ID.sub("", example) == ID.sub("", answer)
    return type(example) is type(answer) and example == answer


@pytest.fixture(scope="module")
def client(callers: Callers) -> Client:
    return callers.key(callers.tenant(plan="enterprise"), MAY)


def test_a_result_and_its_line_in_the_history_are_as_shown(client: Client) -> None:
    answer = client.post("/v1/validations", json=examples.DOCUMENT).json()
    assert shown(examples.RESULT, answer)
    assert shown([examples.SUMMARY], client.get("/v1/validations").json()["validations"])


def test_the_examples_of_results_and_edits_are_all_that_their_structures_hold() -> None:
    for told in (examples.RESULT, examples.CORRECTED["before"], examples.CORRECTED["after"]):
        assert msgspec.to_builtins(msgspec.convert(told, Result)) == told
    for edit in examples.CORRECTED["applied"]:
        assert msgspec.to_builtins(msgspec.convert(edit, SourceEdit)) == edit


def test_a_batch_is_as_shown(client: Client) -> None:
    reference = examples.BATCH_RESULT["results"][0]["reference"]
    batch = {"documents": [examples.DOCUMENT | {"reference": reference}]}
    assert shown(examples.BATCH_RESULT, client.post("/v1/validations/batches", json=batch).json())


def test_a_correction_is_as_shown(client: Client) -> None:
    answer = client.post("/v1/corrections", json=examples.DOCUMENT | {"apply": "all"}).json()
    assert shown(examples.CORRECTED, answer)


def test_modules_and_gates_are_as_shown(client: Client) -> None:
    assert shown(examples.MODULES, client.get("/v1/modules").json())
    assert shown(examples.GATES, client.get("/v1/gates").json())


def test_a_waiver_is_as_shown(client: Client) -> None:
    answer = client.post("/v1/suppressions", json=WAIVED | {"expires_on": "2026-12-31"})
    assert shown(examples.WAIVER, answer.json())
    assert client.delete(f"/v1/suppressions/{answer.json()['id']}").status_code == 200


def test_a_gate_of_ones_own_is_as_shown(callers: Callers) -> None:
    client = callers.key(callers.tenant(plan="enterprise"), MAY)
    saved = client.post("/v1/custom-gates", json={"body": examples.OWN_GATE["body"]})
    assert shown(examples.OWN_GATE | {"revision": 1}, saved.json())
    assert shown(examples.OWN_GATES, client.get("/v1/custom-gates").json())
    versions = client.get(f"/v1/custom-gates/{examples.OWN_GATE['id']}/versions").json()["versions"]
    assert shown([examples.GATE_VERSION], versions)


def test_analytics_are_as_shown_where_a_build_holds_them(callers: Callers) -> None:
    tenant = callers.tenant()
    publish(Warehouse(callers.deps.settings.state()), tenant.tenant_id, examples.ANALYTICS)
    answer = callers.key(tenant, ["analytics:read"]).get("/v1/analytics").json()
    assert answer == examples.ANALYTICS


def publish(warehouse: Warehouse, tenant_id: str, told: dict[str, Any]) -> None:
    """Publish a build whose marts, as their contracts have them, hold what is told."""
    build = warehouse.builds_dir / told["build"]
    (build / "tenants").mkdir(parents=True)
    with open_for_building(build / "tenants" / f"{tenant_id}.duckdb") as connection:
        connection.execute("create schema marts")
        for file in MARTS.rglob("*.yml"):
            for model in yaml.safe_load(file.read_text()).get("models", []):
                columns = ", ".join(f'"{one["name"]}" {one["data_type"]}' for one in model["columns"])
                connection.execute(f"create table marts.{model['name']} ({columns})")
        for name in told.keys() - {"build", "as_of"}:
            row = {"tenant_id": tenant_id, **told[name][0]}
            marks = ", ".join(f"${column}" for column in row)
            connection.execute(f"insert into marts.{name} ({', '.join(row)}) values ({marks})", row)  # noqa: S608 - names are the examples' own
    (build / "build.json").write_text(json.dumps({"built_at": told["as_of"]}))
    warehouse.pointer.write_text(told["build"])
