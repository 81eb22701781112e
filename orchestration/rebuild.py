"""The warehouse anew from the landing zone, as of now or as it was known at an earlier time."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.landing.extent import first_observed_at
from ingest.streams import open_landing
from orchestration import build, publishing
from orchestration.inputs import code_digest
from orchestration.locking import only_one
from orchestration.refresh import build_and_publish, order, recorded
from tenants.errors import InvalidInput

if TYPE_CHECKING:
    from datetime import datetime

    from orchestration.context import MainJob
    from tenants.warehouse import Build

PATIENCE_SECONDS = 300


def rebuild(job: MainJob) -> Build:
    """Build from all that has landed and publish it."""
    with only_one(job.state), recorded(job):
        _complete_streams(job)
        return build_and_publish(job)


def as_known(job: MainJob, moment: datetime) -> Build:
    """Return a build of only what had been observed by then; it is kept, but not published.

    Raises:
        InvalidInput: The moment has not come yet, or nothing had been observed by then.
        Conflict: Another refresh kept running.
    """
    if moment > job.clock.now():
        message = f"{moment.isoformat()} has not come yet: give a time at which something was known."
        raise InvalidInput(message, code="time_in_future")
    _check_something_was_known(job, moment)
    with only_one(job.state, wait_seconds=PATIENCE_SECONDS):
        kept = _kept(job, moment)
        if kept:
            return kept
        job.progress.step(f"Building what was known at {moment.isoformat()}")
        _complete_streams(job)
        wanted = replace(order(job), now=moment, as_known_at=moment, build_id=_build_id(job, moment))
        build.build_marts(job.warehouse, wanted, job.progress)
        build.write_files(job.warehouse, job.progress)
        return build.seal(job.warehouse)


def _check_something_was_known(job: MainJob, moment: datetime) -> None:
    first = first_observed_at(open_landing(job.settings, job.clock))
    if first is None:
        message = "Nothing has landed yet: run `loki refresh` first."
        raise InvalidInput(message, code="time_before_first_observation")
    if moment < first:
        message = f"Nothing was known yet at {moment.isoformat()}: give a time from {first.isoformat()} on."
        raise InvalidInput(message, code="time_before_first_observation")


def _complete_streams(job: MainJob) -> None:
    """Nothing is pulled, so that the landing zone may be as an earlier version left it."""
    open_landing(job.settings, job.clock).complete_streams()


def _kept(job: MainJob, moment: datetime) -> Build | None:
    build_id = _build_id(job, moment)
    return job.warehouse.build(build_id) if build_id in job.warehouse.build_ids() else None


def _build_id(job: MainJob, moment: datetime) -> str:
    """Name the build by all it depends on: what had been observed by then does not change any more."""
    depends_on = f"{moment.isoformat()} {job.reporting!r} {code_digest()}"
    return f"{publishing.AS_KNOWN}{hashlib.sha256(depends_on.encode()).hexdigest()[:16]}"
