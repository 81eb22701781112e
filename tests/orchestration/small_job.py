"""The main job on a dbt project of three models; run as a program it refreshes once, to be killed."""

from __future__ import annotations

import sys
from pathlib import Path

from ingest.streams import open_landing
from orchestration import dbt_run
from orchestration.context import MainJob
from orchestration.progress import Silent
from orchestration.refresh import refresh
from orchestration.variants import Policy, Reporting
from tenants.clock import FixedClock
from tenants.settings import PlatformSettings
from tests.orchestration.factories import NOW

PROJECT = Path(__file__).parent / "mini_project"
REPORTING = Reporting(Policy("default", {}), "GBP", "UTC", "loki")


def small_job(state: Path) -> MainJob:
    """Return the main job on the small project, at a fixed time, without Stripe."""
    dbt_run.PROJECT = PROJECT
    settings = PlatformSettings(_env_file=None, home=state)
    return MainJob(settings, REPORTING, FixedClock(NOW), Silent())


def land(job: MainJob, *run_ids: str) -> None:
    """Land validations, observed now."""
    import pyarrow as pa  # noqa: PLC0415 - as late as where it is used elsewhere

    landing = open_landing(job.settings, job.clock)
    now = job.clock.now()
    rows = [
        {"run_id": run_id, "tenant_id": "ten_a", "status": "PASS", "created_at": now, "observed_at": now}
        for run_id in run_ids
    ]
    register = [{"tenant_id": "ten_a", "snapshot_on": now.date(), "observed_at": now}]
    landing.commit(
        {
            "validation_runs": pa.Table.from_pylist(rows, landing.schemas["validation_runs"]),
            "tenant_register": pa.Table.from_pylist(register, landing.schemas["tenant_register"]),
        }
    )


if __name__ == "__main__":
    refresh(small_job(Path(sys.argv[1])))
