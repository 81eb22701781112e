from __future__ import annotations

import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from orchestration.refresh import refresh
from tests.orchestration import small_job
from tests.orchestration.small_job import land

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.context import MainJob

pytestmark = pytest.mark.early


def refresh_and_kill_after(state: Path, seconds: float) -> None:
    """Run a refresh as a process of its own and end it with SIGKILL, unless it is quicker."""
    process = subprocess.Popen([sys.executable, small_job.__file__, str(state)])  # noqa: S603 - ours
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def run_ids(job: MainJob) -> list[str]:
    with job.warehouse.open() as connection:
        rows = connection.execute("select run_id from marts.validation_runs order by 1").fetchall()
    return [run_id for (run_id,) in rows]


def kill_often(state: Path, times: int) -> None:
    job = small_job.small_job(state)
    landed = ["run_00"]
    land(job, *landed)
    started = time.monotonic()
    refresh(job)
    usual = time.monotonic() - started + 2  # a new process starts first
    moments = random.Random(20261126)
    for number in range(1, times + 1):
        run_id = f"run_{number:02}"
        land(job, run_id)
        refresh_and_kill_after(state, moments.uniform(0.2, usual))
        landed.append(run_id)
        assert run_ids(job) in [landed[:count] for count in range(1, number + 2)]
    refresh(job)
    assert run_ids(job) == landed
    assert refresh(job).kind == "current"


def test_a_refresh_killed_at_three_moments_leaves_the_warehouse_readable_and_the_next_run_right(
    tmp_path: Path,
) -> None:
    kill_often(tmp_path, 3)


@pytest.mark.long
def test_a_refresh_killed_at_thirty_moments_leaves_the_warehouse_readable_and_the_next_run_right(
    tmp_path: Path,
) -> None:
    kill_often(tmp_path, 30)
