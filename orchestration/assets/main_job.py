"""The resource that gives assets the main job, and holds the right to run it for the length of a run."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import dagster as dg

from ingest.errors import Transient
from orchestration.context import MainJob, main_job
from orchestration.locking import only_one
from tenants.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITER_POOL = "duckdb_writer"
RETRIES = 3
FIRST_WAIT_SECONDS = 15
# Of runs that want to write the warehouse, one goes and the others queue.
QUEUE_SECONDS = 3600


class LogProgress:
    """Tells Dagster's log what is being done."""

    def __init__(self, log: dg.DagsterLogManager) -> None:
        self._log = log

    def step(self, text: str) -> None:
        """Log the step."""
        self._log.info(text)

    def detail(self, text: str) -> None:
        """Log the detail where it is asked for."""
        self._log.debug(text)


@dg.resource(description="The main job as the environment configures it; one run at a time.")
def main_job_resource(context: dg.InitResourceContext) -> Iterator[MainJob]:
    """Hold the right to pull, build and publish until the run ends, against `loki refresh` too."""
    assert context.log  # noqa: S101 - Dagster always gives one here
    job = main_job(LogProgress(context.log))
    with only_one(job.state, wait_seconds=QUEUE_SECONDS):
        yield job


@contextmanager
def retried_where_it_helps() -> Iterator[None]:
    """Turn our errors into Dagster's: another try for transient ones, the sentence for the rest."""
    try:
        yield
    except PlatformError as error:
        if isinstance(error, Transient):
            wait = error.retry_after or FIRST_WAIT_SECONDS
            raise dg.RetryRequested(max_retries=RETRIES, seconds_to_wait=wait) from error
        raise dg.Failure(description=error.message, allow_retries=False) from error
