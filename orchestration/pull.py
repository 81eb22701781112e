"""The pull: every source in turn, each into its own streams of the landing zone."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest import run, streams
from ingest.erasure import Forgotten
from ingest.run import PullReport
from ingest.settings import IngestSettings
from orchestration.sandbox_access import sandbox_while_needed

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.landing import LandingZone
    from orchestration.context import MainJob
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores


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

    def fills(self, stream: str) -> bool:
        """Whether rows of that stream come from here."""
        return any(stream.startswith(name) if name.endswith("_") else stream == name for name in self.streams)


def read_stripe(job: MainJob, landing: LandingZone, full: bool) -> PullReport:  # noqa: FBT001 - a source's shape
    """Land what is new in the Stripe account and its webhooks; without a key there is none to ask."""
    from tenants.billing.inbox import Inbox  # noqa: PLC0415 - heavy
    from tenants.control import ControlPlane  # noqa: PLC0415 - as above
    from tenants.stores import TenantStores  # noqa: PLC0415 - as above

    if job.settings.stripe_api_key is None:
        job.progress.step("Stripe is skipped: LOKI_STRIPE_API_KEY is not set")
    settings = _ingest_settings(job)
    with (
        sandbox_while_needed(job.settings),
        closing(ControlPlane.open(job.settings, job.clock)) as control,
        closing(TenantStores(job.settings, job.clock)) as stores,
    ):
        return run.pull_stripe(
            settings,
            landing,
            job.clock,
            inbox=Inbox(control),
            backfill=full,
            progress=job.progress.detail,
            forgotten=_forgotten(control, stores),
        )


def read_usage(job: MainJob, landing: LandingZone, full: bool) -> PullReport:  # noqa: ARG001, FBT001 - as above
    """Land usage and validations from every tenant's store, and usage from log files."""
    from tenants.control import ControlPlane  # noqa: PLC0415 - heavy
    from tenants.protection.record_keys import record_keys  # noqa: PLC0415 - as above
    from tenants.stores import TenantStores  # noqa: PLC0415 - as above

    with (
        closing(ControlPlane.open(job.settings, job.clock)) as control,
        closing(TenantStores(job.settings, job.clock)) as stores,
    ):
        keys = record_keys(control)
        logged = run.pull_usage_logs(_ingest_settings(job), landing, keys, _forgotten(control, stores))
        stored = run.pull_tenant_stores(stores, landing, keys)
    rows = Counter(stored.new_rows) + Counter(logged.new_rows)
    return PullReport("usage", dict(rows), stored.complete_until, stored.gaps + logged.gaps, logged.rejected)


def read_register(job: MainJob, landing: LandingZone, full: bool) -> PullReport:  # noqa: ARG001, FBT001 - as above
    """Land the tenant register and the plan catalogue as they are today."""
    from tenants.control import ControlPlane  # noqa: PLC0415 - heavy
    from tenants.register import snapshot  # noqa: PLC0415 - as above
    from tenants.stores import TenantStores  # noqa: PLC0415 - as above

    with (
        closing(ControlPlane.open(job.settings, job.clock)) as control,
        closing(TenantStores(job.settings, job.clock)) as stores,
    ):
        return run.pull_register(*snapshot(control, stores, job.clock), landing)


def read_reference_files(job: MainJob, landing: LandingZone, full: bool) -> PullReport:  # noqa: ARG001, FBT001 - as above
    """Land exchange rates and merged customers where files name them."""
    return run.pull_reference_files(_ingest_settings(job), landing)


def _forgotten(control: ControlPlane, stores: TenantStores) -> Forgotten:
    from tenants.protection.erasure import Erasures  # noqa: PLC0415 - heavy

    erased = Erasures(control, stores)
    return Forgotten(erased.secret, erased.forgotten())


def _ingest_settings(job: MainJob) -> IngestSettings:
    return IngestSettings(**job.settings.model_dump())


SOURCES = (
    Source("stripe", ("stripe_",), read_stripe),
    Source("usage", ("usage_records", "validation_runs", "gate_outcomes"), read_usage),
    Source("register", ("tenant_register", "plan_catalogue"), read_register),
    Source("reference_files", ("fx_rates", "customer_merges"), read_reference_files),
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
        rows = sum(_count(pull_source(job, source, landing, full=full)) for source in SOURCES)
        if rows:  # merged files look new to a build, so they are merged only where one is due anyway
            run.tidy(landing)
        return rows


def mend(job: MainJob) -> list[str]:
    """Set damaged files of the landing zone aside; the next pull fetches their rows again.

    Returns:
        One sentence for each.
    """
    return run.mend(streams.open_landing(job.settings, job.clock))


def pull_one(job: MainJob, name: str, *, full: bool = False) -> int:
    """Land everything new from the source of that name; returns the number of rows."""
    landing = streams.open_landing(job.settings, job.clock)
    with landing.writer():
        return _count(pull_source(job, next(s for s in SOURCES if s.name == name), landing, full=full))


def pull_source(job: MainJob, source: Source, landing: LandingZone, *, full: bool = False) -> PullReport:
    """Land everything new from one source."""
    job.progress.step(f"Pulling {source.name.replace('_', ' ')}")
    report = source.read(job, landing, full)
    for gap in report.gaps:
        job.progress.step(gap)
    return report


def _count(report: PullReport) -> int:
    return sum(report.new_rows.values())
