"""The main job, defined once: pull, build and test, publish. Dagster and `loki refresh` run these steps."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from orchestration import build, publishing
from orchestration.build import BuildOrder
from orchestration.dbt_run import BuildFailed
from orchestration.inputs import fingerprint
from orchestration.locking import only_one
from orchestration.pull import mend, pull
from tenants.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.context import MainJob
    from orchestration.dbt_run import Node
    from tenants.warehouse import Build

LAST_REFRESH = "last_refresh.json"


@dataclass(frozen=True)
class Outcome:
    """How a refresh ended well.

    Attributes:
        kind: A new build was published, or the published one is already current.
        build: What readers have now.
        seconds: How long it took.
        pulled: New rows landed.
    """

    kind: Literal["published", "current"]
    build: Build
    seconds: float
    pulled: int

    @property
    def sentence(self) -> str:
        """Say it in one sentence."""
        if self.kind == "current":
            return f"Nothing is new: build {self.build.id} is already current ({self.seconds:.1f} s)."
        rows = sum(self.build.facts["rows"].values())
        return (
            f"Published build {self.build.id}: {self.pulled:,} new rows pulled, {rows:,} rows in the marts, "
            f"{self.build.facts['tests']['passed']} tests passed ({self.seconds:.1f} s)."
        )


def refresh(job: MainJob, *, full: bool = False) -> Outcome:
    """Pull everything new, build and test if anything changed, publish.

    Args:
        job: What it is run with.
        full: Read every list of Stripe again, and build in any case.

    Raises:
        Conflict: Another refresh is running.
        BuildFailed: A model or test failed; the published build stays.
        PlatformError: A source could not be read; what did arrive has landed.
    """
    started = time.monotonic()
    with only_one(job.state), recorded(job):
        if full:
            for finding in mend(job):
                job.progress.step(finding)
        pulled = pull(job, full=full)
        current = None if full else current_build(job)
        finished = current or build_and_publish(job)
    kind: Literal["published", "current"] = "current" if current else "published"
    return Outcome(kind, finished, time.monotonic() - started, pulled)


def current_build(job: MainJob) -> Build | None:
    """Return the published build if another would hold the same."""
    try:
        published = job.warehouse.published()
    except PlatformError:
        return None
    return published if published.facts.get("inputs") == order(job).inputs else None


def order(job: MainJob) -> BuildOrder:
    """Return what to build now."""
    now = job.clock.now()
    inputs = fingerprint(job.state / "landing", job.reporting, now)
    return BuildOrder(job.state, job.reporting, ordered_at=now, now=now, inputs=inputs)


def build_marts(job: MainJob) -> list[Node]:
    """Build and test all models aside.

    Raises:
        BuildFailed: A model or test failed; where a damaged landing file is the reason, it is set aside.
    """
    job.progress.step("Building and testing the warehouse")
    try:
        return build.build_marts(job.warehouse, order(job), job.progress)
    except BuildFailed as failure:
        findings = mend(job)
        if not findings:
            raise
        message = f"{' '.join(findings)} Nothing was published; run `loki refresh` again."
        raise BuildFailed(message, code="landing_damaged") from failure


def write_files(job: MainJob) -> int:
    """Write every tenant's file."""
    job.progress.step("Writing the tenants' files")
    return build.write_files(job.warehouse, job.progress)


def publish(job: MainJob) -> Build:
    """Make the build durable and give it to readers."""
    finished = build.seal(job.warehouse)
    publishing.publish(job.warehouse, finished)
    return finished


def build_and_publish(job: MainJob) -> Build:
    """Run all steps after the pull."""
    build_marts(job)
    write_files(job)
    return publish(job)


@contextmanager
def recorded(job: MainJob) -> Iterator[None]:
    """Note how the refresh ended, for those who read what is published."""
    try:
        yield
    except PlatformError as error:
        _note(job, "failed", error.message)
        raise
    _note(job, "succeeded", None)


def _note(job: MainJob, outcome: str, message: str | None) -> None:
    note = {"finished_at": job.clock.now().isoformat(), "outcome": outcome, "message": message}
    with suppress(OSError):  # a full disk is told by the error itself
        publishing.write_atomically(job.state / LAST_REFRESH, json.dumps(note))
