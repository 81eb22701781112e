"""Webhooks that the control plane accepted, taken from its inbox in the order of arrival."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.stripe.events import EventIntake
    from ingest.stripe.sink import Sink

CURSOR = "stripe/webhooks"
AT_ONCE = 1_000
OLDEST_DELIVERY = timedelta(days=4)


class WebhookInbox(Protocol):
    """Where the control plane keeps the webhooks it has acknowledged."""

    def webhook_rows_after(self, seq: int, limit: int) -> list[tuple[int, str, datetime, bytes]]:
        """Return up to `limit` webhooks after `seq`: number, event id, time received, raw body."""
        ...


def take_webhooks(inbox: WebhookInbox, intake: EventIntake, sink: Sink) -> int:
    """Land every webhook that has not landed; return how many were new."""
    new = 0
    while rows := inbox.webhook_rows_after(sink.landing.cursor(CURSOR) or 0, AT_ONCE):
        new += sum(intake.take(body, "webhook") for _, _, _, body in rows)
        sink.move(CURSOR, rows[-1][0])
        sink.flush()
    return new
