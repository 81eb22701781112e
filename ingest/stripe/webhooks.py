"""Webhooks that the control plane accepted, taken from its inbox in the order of arrival."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from ingest.stripe.sink import WEBHOOKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.stripe.events import EventIntake
    from ingest.stripe.sink import Sink

AT_ONCE = 1_000
OLDEST_DELIVERY = timedelta(days=4)


class Delivered(Protocol):
    """One accepted webhook: its number in the order of arrival, and the raw event."""

    @property
    def seq(self) -> int: ...  # noqa: D102 - see the class

    @property
    def payload(self) -> bytes: ...  # noqa: D102 - see the class


class WebhookInbox(Protocol):
    """Where the control plane keeps the webhooks it has acknowledged."""

    def after(self, seq: int, limit: int = AT_ONCE) -> Sequence[Delivered]:
        """Return up to `limit` webhooks that came after a number."""
        ...


def take_webhooks(inbox: WebhookInbox, intake: EventIntake, sink: Sink) -> int:
    """Land every webhook that has not landed; return how many were new."""
    new = 0
    while webhooks := inbox.after(sink.landing.cursor(WEBHOOKS) or 0, AT_ONCE):
        new += sum(intake.take(webhook.payload, "webhook") for webhook in webhooks)
        sink.move(WEBHOOKS, webhooks[-1].seq)
        sink.flush()
    return new
