"""Stripe's events, listed or delivered: each lands once, and what they leave in doubt is read again.

Events come late, twice and in any order. The list is read from a day before the last time it was complete,
and whatever has landed already, by list or webhook, is left out by its id. Stripe lists the newest first, so
a walk that is interrupted goes on towards the past; only a finished one moves the point of completeness.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow.compute as pc

from ingest.ledger import Pull
from ingest.stripe import parsing
from ingest.stripe.lists import BY_TYPE
from ingest.stripe.sink import COMPLETE, WALK
from ingest.stripe.typed import SHAPES

if TYPE_CHECKING:
    from ingest.landing import LandingZone
    from ingest.stripe.client import StripeReader
    from ingest.stripe.observation import Origin
    from ingest.stripe.sink import Sink

RETENTION = timedelta(days=30)

Doubts = dict[str, dict[str, int | None]]


class EventIntake:
    """Takes events once, and notes the objects whose present state they leave in doubt.

    In doubt is an object with two different states in its newest second, one that a late event concerns, and
    one that an event shows only in part.

    Args:
        sink: Where to.
        since: Landed events made before are not looked at.
        started: When the walk began; an event is late only against what had landed before.
        doubts: Objects in doubt from an interrupted run: creation times by id, by type.
    """

    def __init__(self, sink: Sink, since: datetime, started: datetime, doubts: Doubts | None = None) -> None:
        self._sink = sink
        self.doubts: Doubts = doubts or {}
        self.ids: set[str] = set()
        self._landed: dict[str, int] = {}
        self._newest: dict[str, tuple[int, int]] = {}
        self._load(sink.landing, since, started)

    def take(self, body: msgspec.Raw | bytes, origin: Origin) -> bool:
        """Take one event; false where it had landed or does not fit (then it is in quarantine)."""
        try:
            seen = parsing.event(body)
            about = parsing.head(seen.data.object)
        except msgspec.MsgspecError as error:
            self._sink.reject(bytes(body), None, "unreadable event", str(error), stream="stripe_events")
            return False
        if seen.id in self.ids:
            return False
        self.ids.add(seen.id)
        now = self._sink.now()
        is_typed = bool(about.id) and about.object in SHAPES
        observation = parsing.from_event(seen, about, now, origin) if is_typed else None
        self._sink.event(parsing.event_row(body, seen, about, now, origin), observation)
        if observation and about.object in BY_TYPE and not observation.is_deleted:
            self._weigh(seen, about)
        return True

    def _weigh(self, seen: parsing.Event, about: parsing.ObjectHead) -> None:
        object_id, digest = str(about.id), hash(bytes(seen.data.object))
        second, state = self._newest.get(object_id, (-1, 0))
        is_tie = seen.created == second and state != digest
        if seen.created > second:
            self._newest[object_id] = (seen.created, digest)
        is_late = seen.created <= self._landed.get(object_id, -1)
        if is_tie or is_late or (seen.created >= second and parsing.is_cut(about)):
            self.doubts.setdefault(about.object, {})[object_id] = about.created

    def _load(self, landing: LandingZone, since: datetime, started: datetime) -> None:
        columns = ["event_id", "object_id", "created_at", "observed_at"]
        landed = landing.read("stripe_events", columns, pc.field("created_at") >= since)
        rows = zip(*(landed[c].to_pylist() for c in columns), strict=True)
        for event_id, object_id, created_at, observed_at in rows:
            self.ids.add(event_id)
            if object_id and observed_at < started:
                moment = int(created_at.timestamp())
                self._landed[object_id] = max(moment, self._landed.get(object_id, -1))


class EventWalk:
    """One reading of the list of events, from now back to where it starts; it can be resumed.

    Args:
        sink: Where to; its landing zone remembers how far the walk came.
        overlap: How far before the last completeness it starts.
    """

    def __init__(self, sink: Sink, overlap: timedelta) -> None:
        self._sink = sink
        interrupted = sink.landing.cursor(WALK)
        now = sink.now()
        self.complete_until = _time(sink.landing.cursor(COMPLETE))
        self.state: dict[str, Any] = interrupted or {
            "started": now.isoformat(),
            "since": self._start(now, overlap).isoformat(),
            "after": None,
            "rows": 0,
            "doubts": {},
        }

    @property
    def since(self) -> datetime:
        """The moment from which events are asked for."""
        return datetime.fromisoformat(self.state["since"])

    @property
    def started(self) -> datetime:
        """The moment until which events are complete once the walk is finished."""
        return datetime.fromisoformat(self.state["started"])

    def read(self, reader: StripeReader, intake: EventIntake) -> None:
        """Take the rest of the list."""
        asked = {"created": {"gte": int(self.since.timestamp())}}
        for page in reader.pages("/v1/events", asked, self.state["after"]):
            self.state["rows"] += sum(intake.take(raw, "event") for raw in page.data)
            self.state["after"] = parsing.head(page.data[-1]).id if page.data else None
            self.state["doubts"] = intake.doubts
            self._sink.move(WALK, self.state)

    def finish(self) -> None:
        """Move the point of completeness and write the ledger."""
        self._sink.record(
            Pull(
                "stripe_events",
                self.started,
                since=self.since,
                until=self.started,
                rows=self.state["rows"],
                complete_until=self.started,
            )
        )
        self._sink.move(COMPLETE, self.started.isoformat())
        self._sink.move(WALK, None)
        self._sink.flush()

    def _start(self, now: datetime, overlap: timedelta) -> datetime:
        oldest = now - RETENTION
        return max(oldest, self.complete_until - overlap) if self.complete_until else oldest


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
