"""One Stripe account: its objects, its time, its events, and what falls due when."""

from __future__ import annotations

import heapq
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock

import orjson

from orchestration.demo.sandbox.errors import ApiError, Json, missing
from orchestration.demo.sandbox.events import RETENTION, Event, EventLog, differences, freeze
from orchestration.demo.sandbox.ids import Ids
from orchestration.demo.sandbox.metering import Usage
from orchestration.demo.sandbox.store import Store

VERSION = "2026-10-28.endive"
_log = logging.getLogger(__name__)
Duty = Callable[["Account", Json], None]
DUTIES: dict[str, Duty] = {}
# A phase begins before the renewal of the same second, which then bills what the phase says.
FIRST = {"schedule.phase"}


def duty(kind: str) -> Callable[[Duty], Duty]:
    """Register what is done when something scheduled under this name falls due."""

    def register(function: Duty) -> Duty:
        DUTIES[kind] = function
        return function

    return register


@dataclass
class Timeline:
    """A course of time: the account's own, or a test clock's."""

    now: int
    clock_id: str | None = None
    queue: list[tuple[int, int, int, str, str]] = field(default_factory=list)


@dataclass
class Cause:
    """The API request that is being served, named in the events it causes."""

    request_id: str | None = None
    idempotency_key: str | None = None


class Account:
    """State and the few operations that everything else is made of.

    Args:
        now: Seconds since the epoch at which the account's time stands.
        seed: For ids; the same seed and calls give the same ids.
    """

    def __init__(self, now: int, seed: int = 0) -> None:
        self.lock = RLock()
        self.store = Store()
        self.ids = Ids(seed)
        self.main = Timeline(now)
        self.clocks: dict[str, Timeline] = {}
        self.timeline = self.main
        self.hidden: dict[str, Json] = {}
        self.plans: dict[str, Json] = {}
        self.log = EventLog()
        self.usage = Usage()
        self.settings: Json = {"retry_days": [3, 5, 7], "after_retries": "cancel", "country": "GB"}
        self.cause = Cause()
        self.base_url = ""
        self.dirty: set[str] = set()
        self.listeners: list[Callable[[Event], int]] = []
        self._order = 0

    @property
    def now(self) -> int:
        """The time of the object being handled: a test clock's for what belongs to one."""
        return self.timeline.now

    def begin(self, request_id: str | None = None, idempotency_key: str | None = None) -> None:
        """Start serving a request at the account's own time."""
        self.timeline = self.main
        self.cause = Cause(request_id, idempotency_key)

    def get(self, kind: str, object_id: str | None, param: str = "id", status: int = 404) -> Json:
        """Return an object, and go over to the time it lives in."""
        found = self.store.of(kind).objects.get(object_id or "")
        if found is None:
            raise missing(object_id or "", kind, param, status)
        self.enter(found["id"])
        return found

    def named(self, kind: str, object_id: str, param: str) -> Json:
        """Return an object that a parameter names; a wrong one is the parameter's fault."""
        return self.get(kind, object_id, param, status=400)

    def enter(self, object_id: str) -> None:
        """Go over to the time that an object lives in."""
        clock = self.hidden.get(object_id, {}).get("clock")
        if clock is not None:
            self.timeline = self.clocks[clock]

    def secret(self, object_id: str) -> Json:
        """Return what is known about an object but never shown; changes to it are kept."""
        self.dirty.add(object_id)
        return self.hidden.setdefault(object_id, {})

    def add(self, thing: Json, *events: str) -> Json:
        """Keep a new object and tell of it."""
        if self.timeline.clock_id:
            self.secret(thing["id"])["clock"] = self.timeline.clock_id
        self.store.add(thing)
        self.dirty.add(thing["id"])
        self.tell(thing, *events)
        return thing

    def remove(self, thing: Json, *events: str) -> Json:
        """Delete an object, tell of it, and return Stripe's deleted form."""
        self.tell(thing, *events)
        self.store.remove(thing)
        self.hidden.get(thing["id"], {}).pop("due", None)
        self.dirty.add(thing["id"])
        return {"id": thing["id"], "object": thing["object"], "deleted": True}

    @staticmethod
    def snapshot(thing: Json) -> bytes:
        """Return an object's state, to be compared after a change."""
        return orjson.dumps(thing)

    def saved(self, thing: Json, before: bytes, updated: str | None, *events: str) -> None:
        """Keep a changed object; tell of the change as `updated`, then of what it means as `events`."""
        self.dirty.add(thing["id"])
        after = orjson.dumps(thing)
        if updated and after != before:
            self._emit(updated, thing, freeze(after, differences(orjson.loads(before), thing)))
        for kind in events:
            self._emit(kind, thing, freeze(after, None))

    def once_told(self, thing: Json, event: str) -> str | None:
        """Return an event, or nothing while the creation of its object has not been told yet."""
        return None if self.hidden.get(thing["id"], {}).get("is_untold") else event

    def tell(self, thing: Json, *events: str) -> None:
        """Emit events about an object as it is."""
        if events:
            data = freeze(orjson.dumps(thing), None)
            for kind in events:
                self._emit(kind, thing, data)

    def _emit(self, kind: str, thing: Json, data: bytes) -> None:
        cause = orjson.dumps({"id": self.cause.request_id, "idempotency_key": self.cause.idempotency_key})
        event_id = self.ids.new("evt")
        event = Event(event_id, kind, self.now, thing.get("id"), data, cause, self.main.now)
        self.log.append(event)
        for listener in self.listeners:
            event.pending += listener(event)

    def schedule(self, kind: str, object_id: str, due: int) -> None:
        """Let a duty fall due for an object; an earlier appointment of the same kind lapses."""
        self.secret(object_id).setdefault("due", {})[kind] = due
        self._order += 1
        heapq.heappush(self.timeline.queue, (due, kind not in FIRST, self._order, kind, object_id))

    def unschedule(self, kind: str, object_id: str) -> None:
        """Cancel an appointment, if there is one."""
        if self.hidden.get(object_id, {}).get("due", {}).pop(kind, None) is not None:
            self.dirty.add(object_id)

    def due(self, kind: str, object_id: str) -> int | None:
        """Return when a duty falls due for an object."""
        found: int | None = self.hidden.get(object_id, {}).get("due", {}).get(kind)
        return found

    def advance(self, timeline: Timeline, until: int) -> None:
        """Move a course of time on, doing in order all that falls due."""
        while timeline.queue and timeline.queue[0][0] <= until:
            due, _, _, kind, object_id = heapq.heappop(timeline.queue)
            if self.due(kind, object_id) != due:
                continue
            self.begin()
            self.timeline = timeline
            timeline.now = max(timeline.now, due)
            self.unschedule(kind, object_id)
            try:
                DUTIES[kind](self, self.store.by_id[object_id])
            except ApiError:
                _log.exception("sandbox_duty_refused", extra={"duty": kind, "object_id": object_id})
        timeline.now = max(timeline.now, until)
        self.begin()
        if timeline is self.main:
            self.log.forget_before(timeline.now - RETENTION)

    def requeue(self) -> None:
        """Fill the queues anew from the appointments kept with the objects, after a restart."""
        entries: list[tuple[int, str, str]] = [
            (due, kind, object_id)
            for object_id, hidden in self.hidden.items()
            for kind, due in hidden.get("due", {}).items()
        ]
        for due, kind, object_id in sorted(entries):
            self._order += 1
            clock = self.hidden[object_id].get("clock")
            timeline = self.clocks[clock] if clock else self.main
            heapq.heappush(timeline.queue, (due, kind not in FIRST, self._order, kind, object_id))

    def expandable(self, object_id: str) -> Json | None:
        """Return the object that an id refers to: a deleted customer as such, others in their last state."""
        found = self.store.by_id.get(object_id) or self.store.gone.get(object_id)
        if found and found["object"] == "customer" and object_id not in self.store.by_id:
            return {"id": object_id, "object": "customer", "deleted": True}
        return found
