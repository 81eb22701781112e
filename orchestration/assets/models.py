"""The dbt models as assets, all built by the main job's own step in one go."""

from __future__ import annotations

from collections.abc import Iterator  # noqa: TC003 - Dagster reads it at run time
from typing import TYPE_CHECKING

import dagster as dg
from dagster_dbt import build_dbt_asset_specs

from orchestration import refresh
from orchestration.assets.main_job import WRITER_POOL, retried_where_it_helps
from orchestration.context import MainJob  # noqa: TC001 - Dagster reads it at run time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from orchestration.dbt_run import Node


def model_assets(manifest: Path) -> dg.AssetsDefinition:
    """Return an asset per model, in the lineage that dbt knows."""
    specs = build_dbt_asset_specs(manifest=manifest)
    keys = {spec.metadata["dagster_dbt/unique_id"]: spec.key for spec in specs}
    checks = [dg.AssetCheckSpec("dbt_tests", asset=asset_key, blocking=True) for asset_key in keys.values()]

    @dg.multi_asset(name="warehouse_models", specs=specs, check_specs=checks, pool=WRITER_POOL)
    def warehouse_models(
        main_job: dg.ResourceParam[MainJob],
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        with retried_where_it_helps():
            nodes = refresh.build_marts(main_job)
        configured = main_job.reporting.policy.name
        yield from results(keys, [node for node in nodes if node.policy == configured])

    return warehouse_models


def results(
    keys: Mapping[str, dg.AssetKey], nodes: Sequence[Node]
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Yield what became of each model and of the tests on it; a failed test never gets here."""
    for model in nodes:  # dbt finished them in an order in which Dagster may hear of them
        if model.id not in keys:
            continue
        asset_key = keys[model.id]
        yield dg.MaterializeResult(asset_key=asset_key, metadata={"seconds": model.seconds})
        tests = [node for node in nodes if node.type == "test" and model.id in node.depends_on]
        warnings = {node.name: node.failures or 0 for node in tests if node.status == "warn"}
        yield dg.AssetCheckResult(
            asset_key=asset_key,
            check_name="dbt_tests",
            passed=not warnings,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"tests": len(tests), **warnings},
        )
