from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
import yaml

from dashboards.pages import INTERNAL, TENANT
from ingest import streams
from tenants.warehouse import open_for_building
from tests.dbt_project.factories import SCHEMAS
from tests.dbt_project.product.conftest import PRODUCT, PROJECT
from tests.dbt_project.product.ledger import create_ledger

if TYPE_CHECKING:
    from pathlib import Path

    from tests.dbt_project.product.conftest import Warehouse

MODELS = PROJECT / "models"
WITHOUT_MARTS = {
    "internal.staff",
    "internal.audit",
    "internal.erasures",
    "internal.builds",
    "internal.stripe_billing",
    "internal.backups",
    "internal.stores",
    "tenant.billing",
    "tenant.team",
    "tenant.settings",
    "tenant.sign_on",
    "tenant.profile",
}
CHECKS = sorted((MODELS / "intermediate" / "data_quality").glob("dq_*.sql"))


def yaml_models(folder: str) -> dict[str, dict[str, Any]]:
    found = [yaml.safe_load(path.read_text()) for path in (MODELS / "marts" / folder).glob("*.yml")]
    return {model["name"]: model for content in found for model in content["models"]}


@pytest.mark.parametrize("stream", sorted(SCHEMAS))
def test_the_factories_write_what_ingest_writes(stream: str) -> None:
    landed = {field.name: field.type for field in streams.schemas()[stream]}
    assert {field.name for field in SCHEMAS[stream]} == set(landed)


def test_every_page_that_reads_the_warehouse_is_an_exposure() -> None:
    declared = {e["name"] for e in yaml.safe_load((MODELS / "exposures.yml").read_text())["exposures"]}
    pages = {page.module for page in (*INTERNAL, *TENANT)} - WITHOUT_MARTS
    assert declared == {module.replace(".", "_") for module in pages}


@pytest.mark.parametrize("check", CHECKS, ids=lambda path: path.stem)
def test_every_check_finds_its_way_into_data_quality(check: Path) -> None:
    readers = [
        MODELS / "marts" / "operations" / "data_quality.sql",
        *(other for other in CHECKS if other != check),
    ]
    assert any(f"'{check.stem}'" in reader.read_text() for reader in readers)


@pytest.mark.parametrize("folder", ["usage", "compliance", "growth", "operations"])
def test_every_mart_states_its_grain_and_describes_each_column(folder: str) -> None:
    models = yaml_models(folder)
    assert set(models) == {path.stem for path in (MODELS / "marts" / folder).glob("*.sql")}
    for model in models.values():
        assert model["description"].startswith("Grain: ")
        assert all(column["description"] for column in model["columns"])


def test_contracts_grains_and_unit_tests_hold_on_an_empty_landing_zone(warehouse: Warehouse) -> None:
    for stream, schema in streams.schemas().items():
        folder = warehouse.landing / stream / "1970-01-01"
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(schema.empty_table(), folder / "none.parquet")
    warehouse.build_path.unlink(missing_ok=True)
    with open_for_building(warehouse.build_path) as connection:
        connection.execute("create schema marts; create schema intermediate")
        create_ledger(connection, {})
    results = warehouse.dbt("build", "--select", *PRODUCT, "--vars", "{now: '2026-03-17', keep_steps: true}")
    assert {r.node.name for r in results} >= {"quota_use", "tenant_health", "pipeline_streams"}
    assert {r.node.resource_type for r in results} == {"model", "test", "unit_test"}
