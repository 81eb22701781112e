"""What the main job leaves behind: every tenant's file, and the build that readers get."""

from __future__ import annotations

from datetime import timedelta

import dagster as dg

from orchestration import refresh
from orchestration.assets.main_job import WRITER_POOL, retried_where_it_helps
from orchestration.context import MainJob  # noqa: TC001 - Dagster reads it at run time

GROUP = "published"
TENANT_FILES = dg.AssetKey("tenant_files")
PUBLISHED = dg.AssetKey("published_warehouse")
DAILY = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=26))


def published_assets(models: dg.AssetsDefinition) -> list[dg.AssetsDefinition]:
    """Return the last two steps."""

    @dg.asset(key=TENANT_FILES, deps=models.keys, group_name=GROUP, kinds={"duckdb"}, pool=WRITER_POOL)
    def tenant_files(main_job: dg.ResourceParam[MainJob]) -> dg.MaterializeResult[None]:
        """One small file per tenant, with that tenant's rows only."""
        with retried_where_it_helps():
            return dg.MaterializeResult(metadata={"files": refresh.write_files(main_job)})

    @dg.asset(
        key=PUBLISHED,
        deps=[TENANT_FILES],
        group_name=GROUP,
        kinds={"duckdb"},
        pool=WRITER_POOL,
        freshness_policy=DAILY,
    )
    def published_warehouse(main_job: dg.ResourceParam[MainJob]) -> dg.MaterializeResult[None]:
        """The build that dashboards and queries read from now on."""
        with retried_where_it_helps(), refresh.recorded(main_job):
            build = refresh.publish(main_job)
        rows = {name: dg.MetadataValue.int(count) for name, count in build.facts["rows"].items()}
        return dg.MaterializeResult(metadata={"build": build.id, **rows})

    return [tenant_files, published_warehouse]
