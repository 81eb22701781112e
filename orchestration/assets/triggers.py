"""What starts the main job: the clock, and usage log files that arrive."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import dagster as dg

from ingest.settings import IngestSettings
from orchestration.context import load
from tenants.errors import PlatformError
from tenants.settings import PlatformSettings
from tenants.warehouse import Warehouse

if TYPE_CHECKING:
    from pathlib import Path

MAIN_JOB = dg.define_asset_job(
    "main_job",
    selection=dg.AssetSelection.all(),
    description="Pull everything new, build and test the warehouse, publish it: what `loki refresh` does.",
    executor_def=dg.in_process_executor,
)

DAILY = dg.ScheduleDefinition(
    name="daily_refresh",
    job=MAIN_JOB,
    cron_schedule="15 2 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)


@dg.sensor(job=MAIN_JOB, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def new_usage_logs(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Start the main job when the folder of usage logs holds other files than last time."""
    folder = load(IngestSettings).usage_logs
    if folder is None:
        return dg.SkipReason("LOKI_USAGE_LOGS names no folder")
    seen = contents(folder)
    if seen == context.cursor or not any(folder.glob("*")):
        return dg.SkipReason(f"nothing new in {folder}")
    if context.cursor is None and not _changed_since_the_published_build(folder):
        context.update_cursor(seen)
        return dg.SkipReason(f"{folder} was read by the last refresh")
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=seen)], cursor=seen)


def _changed_since_the_published_build(folder: Path) -> bool:
    try:
        built = Warehouse(load(PlatformSettings).state()).published().file.stat().st_mtime
    except PlatformError:
        return True
    return any(path.stat().st_mtime > built for path in folder.rglob("*"))


def contents(folder: Path) -> str:
    """Return a hash of the folder's file names, sizes and times."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    facts = "\n".join(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)
    return hashlib.sha256(facts.encode()).hexdigest()
