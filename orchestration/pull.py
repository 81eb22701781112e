"""The pull: every source in turn, each into its own streams of the landing zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest import run, streams

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.landing import LandingZone
    from ingest.run import PullReport
    from orchestration.context import MainJob


@dataclass(frozen=True)
class Source:
    """One place that data comes from.

    Attributes:
        name: What people and Dagster call it.
        streams: The streams that it fills; a name ending in `_` stands for all that begin so.
        read: Lands everything new; told whether to read all again.
    """

    name: str
    streams: tuple[str, ...]
    read: Callable[[MainJob, LandingZone, bool], PullReport]


def read_stripe(job: MainJob, landing: LandingZone, full: bool) -> PullReport:  # noqa: FBT001 - a source's shape
    """Land what is new in the Stripe account."""
    from ingest.settings import IngestSettings  # noqa: PLC0415 - heavy

    settings = IngestSettings(**job.settings.model_dump())
    return run.pull_stripe(settings, landing, job.clock, backfill=full, progress=job.progress.detail)


def read_tenant_stores(job: MainJob, landing: LandingZone, full: bool) -> PullReport:  # noqa: ARG001, FBT001 - as above
    """Land usage and validations from every tenant's store."""
    from tenants.stores import TenantStores  # noqa: PLC0415 - heavy

    stores = TenantStores(job.settings, job.clock)
    try:
        return run.pull_tenant_stores(stores, landing)
    finally:
        stores.close()


SOURCES = (
    Source("stripe", ("stripe_",), read_stripe),
    Source("tenant_stores", ("usage_records", "validation_runs", "gate_outcomes"), read_tenant_stores),
)


def pull(job: MainJob, *, full: bool = False) -> int:
    """Land everything new from every source.

    Returns:
        The number of rows that came.

    Raises:
        PlatformError: A source failed for good; what was read before it has landed.
    """
    landing = streams.open_landing(job.settings, job.clock)
    with landing.writer():
        return sum(pull_source(job, source, landing, full=full) for source in SOURCES)


def pull_one(job: MainJob, name: str, *, full: bool = False) -> int:
    """Land everything new from the source of that name; returns the number of rows."""
    landing = streams.open_landing(job.settings, job.clock)
    with landing.writer():
        return pull_source(job, next(s for s in SOURCES if s.name == name), landing, full=full)


def pull_source(job: MainJob, source: Source, landing: LandingZone, *, full: bool = False) -> int:
    """Land everything new from one source; returns the number of rows."""
    job.progress.step(f"Pulling {source.name.replace('_', ' ')}")
    report = source.read(job, landing, full)
    for gap in report.gaps:
        job.progress.step(gap)
    return sum(report.new_rows.values())
