"""What an orchestrator calls: one function per source, each returning a small report.

Every function lands what is new and nothing else; called again with nothing new it answers quickly and
changes no table but the ledger. Hold `landing.writer()` around several of them to keep other writers out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from ingest.erasure import Forgotten
    from ingest.landing import LandingZone
    from ingest.settings import IngestSettings
    from ingest.stripe.webhooks import WebhookInbox
    from ingest.tenant_stores.read import Stores
    from tenants.clock import Clock
    from tenants.protection.record_keys import RecordKeys


@dataclass(frozen=True)
class PullReport:
    """What one pull of one source brought.

    Attributes:
        source: Its name.
        new_rows: Rows landed, by stream; the completeness ledger is not counted.
        complete_until: Up to then nothing is missing, null where the source cannot tell.
        gaps: What could not be observed, each in one sentence.
        rejected: How many rows went to quarantine.
    """

    source: str
    new_rows: dict[str, int] = field(default_factory=dict)
    complete_until: datetime | None = None
    gaps: list[str] = field(default_factory=list)
    rejected: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing new was found."""
        return not any(self.new_rows.values())


def pull_stripe(
    settings: IngestSettings,
    landing: LandingZone,
    clock: Clock,
    *,
    inbox: WebhookInbox | None = None,
    backfill: bool = False,
    progress: Callable[[str], None] = lambda _: None,
    forgotten: Forgotten | None = None,
) -> PullReport:
    """Bring Stripe's lists, events and accepted webhooks up to date; an empty report without a key.

    Raises:
        IngestError: Stripe refused or did not answer; what came before has landed.
    """
    from ingest.stripe.sync import sync  # noqa: PLC0415 - start-up time

    if settings.stripe_api_key is None:
        return PullReport("stripe")
    report = sync(
        settings, landing, clock, inbox=inbox, backfill=backfill, progress=progress, forgotten=forgotten
    )
    rejected = report.new_rows.get("quarantine", 0)
    gaps = landing.take_findings() + report.gaps
    return PullReport("stripe", report.new_rows, report.complete_until, gaps, rejected)


def pull_tenant_stores(stores: Stores, landing: LandingZone, keys: RecordKeys) -> PullReport:
    """Bring usage records, validation runs and gate outcomes of every tenant up to date."""
    from ingest.tenant_stores.read import pull  # noqa: PLC0415 - start-up time

    asked_at = landing.clock.now()
    return PullReport("tenant_stores", pull(stores, landing, keys), asked_at, landing.take_findings())


def pull_register(
    tenants: Iterable[Mapping[str, Any]], plans: Iterable[Mapping[str, Any]], landing: LandingZone
) -> PullReport:
    """Take the snapshot of register and plan catalogue, as `tenants.register.snapshot` returns them."""
    from ingest.register.read import pull  # noqa: PLC0415 - start-up time

    asked_at = landing.clock.now()
    rows = pull({"tenant_register": tenants, "plan_catalogue": plans}, landing)
    return PullReport("register", rows, asked_at, landing.take_findings())


def pull_usage_logs(
    settings: IngestSettings, landing: LandingZone, keys: RecordKeys, forgotten: Forgotten | None = None
) -> PullReport:
    """Land new rows of the log files in `LOKI_USAGE_LOGS`; an empty report where that is not set.

    Rows of a tenant that is forgotten are passed over: a log file outlives those that it tells of.

    Raises:
        SourceUnreadable: There is no such folder.
    """
    from ingest.usage_logs.read import pull  # noqa: PLC0415 - start-up time

    rows = pull(settings.usage_logs, landing, keys, forgotten) if settings.usage_logs else {}
    return PullReport("usage_logs", rows, None, landing.take_findings(), rows.get("quarantine", 0))


def pull_reference_files(settings: IngestSettings, landing: LandingZone) -> PullReport:
    """Land what changed in the files of `LOKI_FX_RATES` and `LOKI_CUSTOMER_MERGES`, where these are set.

    Raises:
        SourceUnreadable: A file is missing, or a row does not fit; nothing of that file was landed.
    """
    from ingest.reference_files.read import pull  # noqa: PLC0415 - start-up time

    files = {
        "fx_rates": ("LOKI_FX_RATES", settings.fx_rates),
        "customer_merges": ("LOKI_CUSTOMER_MERGES", settings.customer_merges),
    }
    rows = {stream: pull(stream, name, path, landing) for stream, (name, path) in files.items() if path}
    return PullReport("reference_files", rows, None, landing.take_findings())


def tidy(landing: LandingZone) -> int:
    """Merge small files of the landing zone where there are many; cheap where there are few.

    Returns:
        How many files were merged.
    """
    from ingest.landing.upkeep import compact  # noqa: PLC0415 - start-up time

    return compact(landing)


def mend(landing: LandingZone) -> list[str]:
    """Check every file of the landing zone against its hash, and set damaged ones aside.

    For when a build cannot read the landing zone, and for a nightly check; the next pull fetches again what
    the sources still have.

    Returns:
        One sentence for each damaged file.
    """
    from ingest.landing import damage  # noqa: PLC0415 - start-up time

    with landing.writer():
        damage.set_aside(landing, damage.find(landing, deep=True))
    return landing.take_findings()
