"""Brings the landing zone up to date with a Stripe account."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from ingest.errors import StreamsFailed
from ingest.ledger import Pull
from ingest.stripe import listing as lists
from ingest.stripe.account import same_account
from ingest.stripe.client import StripeReader
from ingest.stripe.events import RETENTION, EventIntake, EventWalk
from ingest.stripe.lists import BY_TYPE
from ingest.stripe.sink import LISTED, LISTING, Sink
from ingest.stripe.webhooks import OLDEST_DELIVERY, WebhookInbox, take_webhooks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ingest.erasure import Forgotten
    from ingest.errors import StripeRefused
    from ingest.landing import LandingZone
    from ingest.settings import IngestSettings
    from ingest.stripe.observation import Observation
    from ingest.stripe.sink import TypedBatch
    from tenants.clock import Clock

log = structlog.get_logger()

SWEPT = "stripe/swept_on"
RECENT_INVOICES = timedelta(days=35)
MOST_REASONS = 3


@dataclass(frozen=True)
class SyncReport:
    """What one pull brought.

    Attributes:
        new_rows: Rows landed, by stream.
        complete_until: No event up to then is missing.
        gaps: What could not be observed, each in one sentence.
    """

    new_rows: dict[str, int]
    complete_until: datetime
    gaps: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing new was found."""
        return not any(self.new_rows.values())


def sync(  # noqa: PLR0913 - three things to work with, and five that have a default
    settings: IngestSettings,
    landing: LandingZone,
    clock: Clock,
    *,
    backfill: bool = False,
    inbox: WebhookInbox | None = None,
    progress: Callable[[str], None] = lambda _: None,
    to_tables: Callable[[Sequence[Observation]], TypedBatch] | None = None,
    forgotten: Forgotten | None = None,
) -> SyncReport:
    """Pull everything new: lists at first or after a gap, then webhooks, events, the nightly sweep.

    Args:
        settings: The account and the pace.
        landing: Where to.
        clock: Tells the moment of observation.
        backfill: Read all lists again.
        inbox: Webhooks that were accepted.
        progress: Told in few words what is being read.
        to_tables: Turns observations into rows; by default `ingest.stripe.typed.to_tables`.
        forgotten: Who was erased, and is scrubbed before anything lands.

    Raises:
        StreamsFailed: Stripe refused some lists; all the rest has landed.
        StripeKeyRefused: Stripe does not know the key.
        StripeUnreachable: Stripe does not answer; the next call goes on where this one stopped.
    """
    with landing.writer():
        sink = Sink(landing, to_tables or _typed(), clock.now, forgotten)
        return _Sync(settings, sink, clock, progress).run(inbox, backfill=backfill)


def _typed() -> Callable[[Sequence[Observation]], TypedBatch]:
    from ingest.stripe.typed import to_tables  # noqa: PLC0415 - start-up time

    return to_tables


class _Sync:
    def __init__(
        self,
        settings: IngestSettings,
        sink: Sink,
        clock: Clock,
        progress: Callable[[str], None],
    ) -> None:
        self._settings, self._sink, self._clock, self._progress = settings, sink, clock, progress
        self._landing = sink.landing
        self._reader = StripeReader(settings)
        self._listing = lists.Listing(self._reader, self._sink)
        self._skipped = set(settings.stripe_skip_streams)
        self._gaps: list[str] = []

    def run(self, inbox: WebhookInbox | None, *, backfill: bool) -> SyncReport:
        same_account(self._reader, self._sink, self._settings)
        walk = EventWalk(self._sink, timedelta(hours=self._settings.stripe_overlap_hours))
        self._note_gap(walk)
        refused = self._lists(backfill=backfill)
        since = min(walk.since, self._clock.now() - OLDEST_DELIVERY)
        intake = EventIntake(self._sink, since, walk.started, walk.state["doubts"])
        if inbox:
            take_webhooks(inbox, intake, self._sink, self._settings)
        self._progress("events")
        walk.read(self._reader, intake)
        refused += self._without_events(walk.since) + self._sweep()
        for object_type, created in intake.doubts.items():
            refused += lists.attempt(
                self._sink, BY_TYPE[object_type], partial(self._listing.observe_again, created=created)
            )
        walk.finish()
        if refused:
            raise _failed(refused)
        log.info("stripe_synced", **self._sink.new_rows)
        return SyncReport(dict(self._sink.new_rows), walk.started, self._gaps)

    def _lists(self, *, backfill: bool) -> list[StripeRefused]:
        is_interrupted = self._landing.cursor(LISTING) is not None
        if not (backfill or is_interrupted or self._gaps or self._landing.cursor(LISTED) is None):
            return []
        refused = lists.read_all(self._listing, self._sink, self._skipped, self._progress, anew=backfill)
        self._sink.move(LISTED, self._clock.now().isoformat())
        self._sink.move(SWEPT, self._clock.now().date().isoformat())
        self._sink.flush()
        return refused

    def _without_events(self, since: datetime) -> list[StripeRefused]:
        """Read what Stripe tells no events about: what was booked since the events were last complete."""
        if "balance_transaction" in self._skipped:
            return []
        observe = partial(self._listing.observe, filters={"created": {"gte": int(since.timestamp())}})
        return lists.attempt(self._sink, BY_TYPE["balance_transaction"], observe)

    def _note_gap(self, walk: EventWalk) -> None:
        """Events live for 30 days; what happened between the last sync and then can only be listed."""
        complete, oldest = walk.complete_until, self._clock.now() - RETENTION
        if complete is None or complete >= oldest:
            return
        sentence = (
            f"Events between {complete:%Y-%m-%d %H:%M} and {oldest:%Y-%m-%d %H:%M} UTC are no longer listed "
            "by Stripe; the lists were read again, so the state is right, but not the days of these changes."
        )
        self._gaps.append(sentence)
        self._sink.record(
            Pull(
                "stripe_events",
                self._clock.now(),
                since=complete,
                until=oldest,
                complete_until=complete,
                status="gap",
                detail=sentence,
            )
        )

    def _sweep(self) -> list[StripeRefused]:
        """Once a day look at what matters most, in case an event never came."""
        now = self._clock.now()
        if self._landing.cursor(SWEPT) == now.date().isoformat():
            return []
        self._progress("open subscriptions and recent invoices")
        recent = int((now - RECENT_INVOICES).timestamp())
        swept: dict[str, dict[str, object]] = {
            "subscription": {"status": None},  # Stripe's own default: all but canceled
            "invoice": {"created": {"gte": recent}},
            "invoice_payment": {"created": {"gte": recent}},
            "exchange_rate": {},
        }
        refused = []
        for object_type in sorted(swept.keys() - self._skipped):
            observe = partial(self._listing.observe, filters=swept[object_type])
            refused += lists.attempt(self._sink, BY_TYPE[object_type], observe)
        self._sink.move(SWEPT, now.date().isoformat())
        return refused


def _failed(refused: list[StripeRefused]) -> StreamsFailed:
    reasons = "; ".join(error.message for error in refused[:MOST_REASONS])
    if more := len(refused[MOST_REASONS:]):
        reasons += f"; and {more} more, see sync_ledger"
    message = (
        f"Stripe refused part of what was asked: {reasons}. Give the key these permissions, or "
        "name the object types in LOKI_STRIPE_SKIP_STREAMS to leave them out; everything else has landed."
    )
    return StreamsFailed(message, streams=[str(error.context["path"]) for error in refused])
