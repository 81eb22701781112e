"""Webhooks that the control plane accepted, taken from its inbox in the order of arrival."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

import msgspec

from ingest.stripe.account import CURSOR
from ingest.stripe.sink import WEBHOOKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.settings import IngestSettings
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


class Sender(msgspec.Struct, frozen=True):
    """Where an event comes from: a connected account names itself, and each tells its mode."""

    id: str | None = None
    account: str | None = None
    livemode: bool | None = None


def take_webhooks(inbox: WebhookInbox, intake: EventIntake, sink: Sink, settings: IngestSettings) -> int:
    """Land every webhook of our account that has not landed; return how many were new.

    An endpoint may be told of connected accounts and of the other mode as well: these are listed as rejected.
    """
    new = 0
    own = (sink.landing.cursor(CURSOR) or {}).get("account")
    while webhooks := inbox.after(sink.landing.cursor(WEBHOOKS) or 0, AT_ONCE):
        for webhook in webhooks:
            sender = _sender(webhook.payload)
            if stranger := _stranger(sender, own, settings):
                sink.reject(
                    b"", sender.id, "event of others", stranger, stream="stripe_events", source="webhook"
                )
            else:
                new += intake.take(webhook.payload, "webhook")
        sink.move(WEBHOOKS, webhooks[-1].seq)
        sink.flush()
    return new


def _sender(payload: bytes) -> Sender:
    try:
        return msgspec.json.decode(payload, type=Sender)
    except msgspec.MsgspecError:
        return Sender()  # the intake says what is wrong with it


def _stranger(sender: Sender, own: str | None, settings: IngestSettings) -> str | None:
    if sender.account not in (None, own):
        return f"it comes from the connected account {sender.account}"
    if sender.livemode is not None and settings.has_key_of_mode(live=not sender.livemode):
        return f"it was made in {'live' if sender.livemode else 'test'} mode, unlike the key"
    return None
