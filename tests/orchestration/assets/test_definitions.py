from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

# What Dagster itself imports warns of its own dependencies.
pytestmark = [
    pytest.mark.early,
    pytest.mark.filterwarnings("ignore:sqlglotrs is deprecated:DeprecationWarning"),
]

# What a model is built from is the dbt project's own business; what people read is everybody's.
MODELS_BETWEEN = ("staging/", "intermediate/")
SNAPSHOT = Path(__file__).with_name("definitions.txt")
DAGSTER_YAML = Path(__file__).parents[3] / "dagster.yaml"


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOKI_HOME", str(tmp_path_factory.mktemp("home")))
        from orchestration.definitions import defs  # noqa: PLC0415 - it is made at import, as Dagster wants it
    return defs


def described(definitions: dg.Definitions) -> str:
    graph = definitions.resolve_asset_graph()
    job = definitions.resolve_job_def("main_job")
    keys = [key.to_user_string() for key in graph.get_all_asset_keys()]
    lines = [f"asset {key}" for key in keys if not key.startswith(MODELS_BETWEEN)]
    lines += [f"check {key.to_user_string()}" for key in graph.asset_check_keys if key.name != "dbt_tests"]
    lines += [f"job {job.name}: {', '.join(sorted(node.name for node in job.nodes))}"]
    lines += [
        f"schedule {s.name} {s.cron_schedule} {s.execution_timezone}" for s in definitions.schedules or []
    ]
    lines += [f"sensor {sensor.name}" for sensor in definitions.sensors or []]
    return "\n".join(sorted(lines)) + "\n"


def test_assets_jobs_schedules_and_sensors_are_as_reviewed(definitions: dg.Definitions) -> None:
    """Where a change is meant: delete the snapshot, run the test twice, and look at the difference."""
    found = described(definitions)
    if not SNAPSHOT.exists():
        SNAPSHOT.write_text(found)
        pytest.fail("a new snapshot was written; look at it and run again")
    assert found == SNAPSHOT.read_text()


def test_lineage_runs_from_a_stripe_stream_to_the_published_warehouse(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    upstream = graph.get_ancestor_asset_keys(dg.AssetKey(["marts", "mrr_months"]))
    assert dg.AssetKey(["landing", "stripe_subscription"]) in upstream
    published = graph.get_ancestor_asset_keys(dg.AssetKey("published_warehouse"))
    assert dg.AssetKey(["marts", "mrr_months"]) in published


def test_every_step_that_writes_waits_for_the_one_writer(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("main_job")
    assert {node.definition.pool for node in job.nodes if "check" not in node.name} <= {"duckdb_writer", None}
    writers = [node.name for node in job.nodes if getattr(node.definition, "pool", None) == "duckdb_writer"]
    assert {"pull_stripe", "pull_usage", "warehouse_models", "tenant_files", "published_warehouse"} <= set(
        writers
    )


def test_the_instance_can_be_made_from_dagster_yaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKI_DAGSTER_DIR", str(tmp_path))
    with dg.DagsterInstance.from_config(str(DAGSTER_YAML.parent)) as instance:
        assert not instance.telemetry_enabled
        assert instance.run_monitoring_enabled
        assert str(tmp_path) in instance.storage_directory()
