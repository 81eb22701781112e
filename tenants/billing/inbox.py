"""The inbox of Stripe's events: checked, kept once, durable before anything is answered."""

from __future__ import annotations

import hmac
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from tenants.control.tables import webhook_inbox, webhook_rejections
from tenants.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.engine import Connection

    from tenants.control import ControlPlane

TOLERANCE = timedelta(seconds=300)
_LARGEST = 4_000_000

# A body and the header that signs it.
Delivery = tuple[bytes, str | None]


class RejectedWebhook(InvalidInput):
    """A webhook that is not kept; `reason` is forged, expired, malformed or too_large."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message, f"webhook_{reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class InboxEvent:
    """An event that waits to be applied."""

    seq: int
    event_id: str
    event_type: str
    created_at: datetime
    received_at: datetime
    payload: bytes
    attempts: int


class Inbox:
    """Receives events and hands them out until each is applied.

    Args:
        control: Its settings hold the endpoint's secret, its database the events.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._database = control.database
        self._clock = control.clock
        secret = control.settings.stripe_webhook_secret
        self._secret = None if secret is None else secret.get_secret_value().encode()

    def receive(self, payload: bytes, signature: str | None) -> bool:
        """Keep an event and return whether it is new; durable once this returns.

        Raises:
            RejectedWebhook: It is forged, expired or malformed; nothing is kept but its count.
            Unavailable: No endpoint secret is configured.
        """
        (outcome,) = self.receive_all([(payload, signature)])
        if isinstance(outcome, RejectedWebhook):
            raise outcome
        return outcome

    def receive_all(self, deliveries: Sequence[Delivery]) -> list[bool | RejectedWebhook]:
        """Do the same for many in one commit; in place of raising, return what was rejected.

        Raises:
            Unavailable: No endpoint secret is configured.
        """
        checked = [self._row_or_rejected(*delivery) for delivery in deliveries]
        rows = [each for each in checked if not isinstance(each, RejectedWebhook)]
        reasons = Counter(each.reason for each in checked if isinstance(each, RejectedWebhook))
        news = iter(self._database.write(lambda connection: _keep(connection, rows, reasons)))
        return [each if isinstance(each, RejectedWebhook) else next(news) for each in checked]

    def waiting(self, limit: int = 500) -> list[InboxEvent]:
        """Return events that are not applied yet, in the order of their arrival."""
        return self._events(webhook_inbox.c.applied_at.is_(None), limit)

    def after(self, seq: int, limit: int = 1000) -> list[InboxEvent]:
        """Return events that came after one, applied or not, in the order of their arrival."""
        return self._events(webhook_inbox.c.seq > seq, limit)

    def apply(self, events: Sequence[InboxEvent], work: Callable[[Connection], None]) -> None:
        """Do the work of events and mark them applied, in one transaction."""

        def both(connection: Connection) -> None:
            work(connection)
            for event in events:
                self._mark(connection, event, applied_at=self._clock.now(), failure=None)

        self._database.write(both, touches_access=True)

    def note_failure(self, event: InboxEvent, failure: str) -> None:
        """Keep why an event could not be applied; it stays waiting."""
        self._database.write(lambda connection: self._mark(connection, event, failure=failure[:500]))

    def rejections(self) -> dict[str, int]:
        """Return how many were rejected, by reason."""
        with self._database.read() as connection:
            return {row.reason: row.rejections for row in connection.execute(sa.select(webhook_rejections))}

    def _events(self, condition: sa.ColumnElement[bool], limit: int) -> list[InboxEvent]:
        columns = [webhook_inbox.c[name] for name in InboxEvent.__dataclass_fields__]
        query = sa.select(*columns).where(condition).order_by(webhook_inbox.c.seq).limit(limit)
        with self._database.read() as connection:
            return [InboxEvent(*row) for row in connection.execute(query)]

    @staticmethod
    def _mark(connection: Connection, event: InboxEvent, **fields: Any) -> None:  # noqa: ANN401 - columns
        of_event = sa.update(webhook_inbox).where(webhook_inbox.c.seq == event.seq)
        connection.execute(of_event.values(attempts=webhook_inbox.c.attempts + 1, **fields))

    def _row_or_rejected(self, payload: bytes, signature: str | None) -> dict[str, Any] | RejectedWebhook:
        try:
            return self._checked(payload, signature)
        except RejectedWebhook as rejected:
            return rejected

    def _checked(self, payload: bytes, signature: str | None) -> dict[str, Any]:
        if self._secret is None:
            message = "No webhook secret is set; put LOKI_STRIPE_WEBHOOK_SECRET into the environment or .env."
            raise Unavailable(message, "webhook_secret_missing")
        if len(payload) > _LARGEST:
            reason = "too_large"
            raise RejectedWebhook(reason, f"An event has at most {_LARGEST} bytes; send what Stripe sends.")
        now = self._clock.now()
        check_signature(payload, signature or "", self._secret, now)
        return {**_event_columns(payload), "received_at": now, "payload": payload, "attempts": 0}


def check_signature(payload: bytes, header: str, secret: bytes, now: datetime) -> None:
    """Check Stripe's signature over time stamp and payload, and the time stamp itself both ways.

    Raises:
        RejectedWebhook: The signature is missing or wrong, or the time stamp off by over five minutes.
    """
    parts = [part.partition("=") for part in header.split(",")]
    stamp = next((value for name, _, value in parts if name.strip() == "t"), "")
    given = [value for name, _, value in parts if name.strip() == "v1"]
    expected = hmac.new(secret, f"{stamp}.".encode() + payload, "sha256").hexdigest()
    if not any(hmac.compare_digest(expected.encode(), each.encode()) for each in given):
        reason = "forged"
        raise RejectedWebhook(reason, "The signature does not fit; check the endpoint's secret.")
    if not stamp.isdigit() or abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        reason = "expired"
        raise RejectedWebhook(reason, "The time stamp is off by over five minutes; check both clocks.")


def _event_columns(payload: bytes) -> dict[str, Any]:
    reason = "malformed"
    try:
        event = orjson.loads(payload)
        if event["object"] != "event" or not isinstance(event["data"]["object"], dict):
            raise RejectedWebhook(reason, "This is no Stripe event; send what Stripe sends.")
        event_id, event_type = event["id"], event["type"]
        created = datetime.fromtimestamp(event["created"], UTC)
    except (ValueError, KeyError, TypeError, OverflowError, OSError) as error:
        raise RejectedWebhook(reason, "This is no Stripe event; send what Stripe sends.") from error
    if not (isinstance(event_id, str) and event_id and isinstance(event_type, str)):
        raise RejectedWebhook(reason, "This event has no id or type; send what Stripe sends.")
    return {"event_id": event_id, "event_type": event_type, "created_at": created}


def _keep(connection: Connection, rows: Sequence[dict[str, Any]], reasons: Counter[str]) -> list[bool]:
    for reason, number in reasons.items():
        _count(connection, reason, number)
    if not rows:
        return []
    ids = [row["event_id"] for row in rows]
    named = sa.select(webhook_inbox.c.event_id).where(webhook_inbox.c.event_id.in_(ids))
    known, fresh, news = set(connection.scalars(named)), [], []
    for row in rows:
        is_new = row["event_id"] not in known
        known.add(row["event_id"])
        news.append(is_new)
        if is_new:
            fresh.append(row)
    if fresh:
        connection.execute(sa.insert(webhook_inbox), fresh)
    return news


def _count(connection: Connection, reason: str, number: int) -> None:
    counted = sa.update(webhook_rejections).where(webhook_rejections.c.reason == reason)
    more = counted.values(rejections=webhook_rejections.c.rejections + number)
    if connection.execute(more).rowcount == 0:
        connection.execute(sa.insert(webhook_rejections).values(reason=reason, rejections=number))
