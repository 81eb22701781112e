"""Events: a frozen copy of the object and what its changed keys held before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from orchestration.demo.sandbox.errors import Json

RETENTION = 30 * 86_400


@dataclass(slots=True)
class Event:
    """One event, its data rendered once and for all.

    Attributes:
        data: JSON of `data`: the object as it was then, and `previous_attributes`.
        kept_from: The account's time when it happened, from which the 30 days count.
        pending: Webhook endpoints that have not yet taken it.
    """

    id: str
    type: str
    created: int
    object_id: str | None
    data: bytes
    request: bytes
    kept_from: int
    pending: int = 0

    def render(self, version: bytes) -> bytes:
        """Return the event as JSON; the API version is given as JSON too."""
        return b"".join((
            b'{"id":"', self.id.encode(), b'","object":"event","api_version":', version,
            b',"created":%d,"livemode":false,"pending_webhooks":%d,"type":"' % (self.created, self.pending),
            self.type.encode(), b'","request":', self.request, b',"data":', self.data, b"}",
        ))  # fmt: skip


def differences(before: Json, after: Json) -> Json:
    """Return `previous_attributes`: changed keys with old values, nested for hashes, null where new."""
    changed: Json = {}
    for key, old in before.items():
        new = after.get(key)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict) and old.get("id") == new.get("id"):
            changed[key] = differences(old, new)
        else:
            changed[key] = old
    changed.update({key: None for key in after if key not in before})
    return changed


def freeze(snapshot: bytes, previous: Json | None) -> bytes:
    """Return the JSON of an event's `data`."""
    if previous is None:
        return b'{"object":' + snapshot + b"}"
    return b'{"object":' + snapshot + b',"previous_attributes":' + orjson.dumps(previous) + b"}"


class EventLog:
    """Events of the last 30 days, newest last."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.by_id: dict[str, Event] = {}

    def append(self, event: Event) -> None:
        """Add the newest event."""
        self.events.append(event)
        self.by_id[event.id] = event

    def forget_before(self, moment: int) -> list[Event]:
        """Drop and return what happened before a moment."""
        keep = 0
        while keep < len(self.events) and self.events[keep].kept_from < moment:
            keep += 1
        dropped, self.events = self.events[:keep], self.events[keep:]
        for event in dropped:
            del self.by_id[event.id]
        return dropped
