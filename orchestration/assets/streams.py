"""An asset per stream of the landing zone; the streams of one source are read together."""

from __future__ import annotations

from collections.abc import Iterator  # noqa: TC003 - Dagster reads it at run time

import dagster as dg

from ingest.streams import open_landing, schemas
from orchestration import pull
from orchestration.assets.main_job import WRITER_POOL, retried_where_it_helps
from orchestration.context import MainJob  # noqa: TC001 - Dagster reads it at run time

GROUP = "landing"
# Every source adds to these, so they belong to none.
SHARED = ("quarantine", "sync_ledger")


def key(stream: str) -> dg.AssetKey:
    """Return the asset key that dbt's sources have too."""
    return dg.AssetKey(["landing", stream])


def assets_of(source: pull.Source) -> dg.AssetsDefinition:
    """Return the assets that pulling this source fills."""
    names = [name for name in schemas() if source.fills(name)]
    specs = [dg.AssetSpec(key(name), group_name=GROUP, kinds={"parquet"}) for name in names]

    @dg.multi_asset(name=f"pull_{source.name}", specs=specs, pool=WRITER_POOL)
    def pull_source(main_job: dg.ResourceParam[MainJob]) -> Iterator[dg.MaterializeResult[None]]:
        with retried_where_it_helps():
            landing = open_landing(main_job.settings, main_job.clock)
            with landing.writer():
                report = pull.pull_source(main_job, source, landing)
        for name in names:
            metadata = {"dagster/row_count": sum(entry.rows for entry in landing.entries(name))}
            yield dg.MaterializeResult(
                asset_key=key(name), metadata=metadata | {"new_rows": report.new_rows.get(name, 0)}
            )

    return pull_source


def shared_specs() -> list[dg.AssetSpec]:
    """Return the streams that say how complete the others are, and what did not fit."""
    others = [key(name) for name in schemas() if name not in SHARED]
    return [dg.AssetSpec(key(name), deps=others, group_name=GROUP, kinds={"parquet"}) for name in SHARED]
