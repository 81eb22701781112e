"""Gathers what was read, and commits it together with how far the reading came."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from ingest import ledger
from ingest.stripe import parsing
from ingest.stripe.schema import EVENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from ingest.erasure import Forgotten
    from ingest.landing import LandingZone
    from ingest.stripe.observation import Observation, Origin

ROWS_PER_COMMIT = 5_000
BYTES_PER_COMMIT = 64 * 2**20
# How far reading came: through the lists, since when they are complete, and the same of events and webhooks.
LISTING, LISTED = "stripe/lists", "stripe/listed_at"
WALK, COMPLETE = "stripe/events/walk", "stripe/events/complete_until"
WEBHOOKS = "stripe/webhooks"


TOLD_BY = ("event", "webhook")  # these land whatever they say
TOLD = pa.array(TOLD_BY)


class Reject(Protocol):
    """An observation that fits no stream, and why."""

    @property
    def observation(self) -> Observation: ...  # noqa: D102 - see the class

    @property
    def reason(self) -> str: ...  # noqa: D102 - see the class


class TypedBatch(Protocol):
    """Observations as rows of their streams."""

    @property
    def tables(self) -> Mapping[str, pa.Table]: ...  # noqa: D102 - see the class

    @property
    def rejects(self) -> Sequence[Reject]: ...  # noqa: D102 - see the class


class Sink:
    """Buffers observations and event rows; a commit holds them with the cursors that they justify.

    Args:
        landing: Where to.
        to_tables: Turns observations into typed rows by stream.
        now: The moment of observation.
        forgotten: Who was erased, and is scrubbed before anything lands.
    """

    def __init__(
        self,
        landing: LandingZone,
        to_tables: Callable[[Sequence[Observation]], TypedBatch],
        now: Callable[[], datetime],
        forgotten: Forgotten | None = None,
    ) -> None:
        self.landing, self.now = landing, now
        self._forgotten = forgotten or None
        self.new_rows: Counter[str] = Counter()
        self.observed: set[str] = set()
        self._to_tables = to_tables
        self._observations: list[Observation] = []
        self._events: list[dict[str, Any]] = []
        self._rejected: list[ledger.Rejected] = []
        self._pulls: list[ledger.Pull] = []
        self._cursors: dict[str, Any] = {}
        self._size = 0
        self._rewind = {name: landing.cursor(name) for name in (COMPLETE, WEBHOOKS)}
        self._rewind |= dict.fromkeys((LISTED, LISTING, WALK))
        self._newest: dict[str, dict[str, tuple[datetime, str]]] = {}

    def present(self, body: bytes, origin: Origin) -> None:
        """Take an object as a list or a fetch shows it."""
        try:
            observation = parsing.present(body, self.now(), origin)
        except msgspec.MsgspecError as error:
            self.reject(body, None, "unreadable object", str(error), stream="stripe")
            return
        observation = self._known(observation)
        self.observed.add(observation.object_id)
        self._observations.append(observation)
        self._size += len(body)

    def event(self, row: dict[str, Any], observation: Observation | None) -> None:
        """Take an event, with the object it carries where that has an id."""
        self._events.append(self._forgotten.event(row) if self._forgotten else row)
        self._size += 2 * len(row["body"])
        if observation:
            self._observations.append(self._known(observation))

    def reject(
        self,
        body: bytes,
        object_id: str | None,
        reason: str,
        detail: str,
        *,
        stream: str,
        source: str = "stripe",
    ) -> None:
        """Take something that fits nowhere."""
        text = body.decode(errors="replace")
        self._rejected.append(ledger.Rejected(source, object_id, reason, detail, text, stream))

    def _misfit(self, rejected: Reject) -> None:
        seen = rejected.observation
        self._rejected.append(
            ledger.Rejected(
                "stripe",
                seen.object_id,
                "does not fit",
                rejected.reason,
                seen.body.decode(errors="replace"),
                seen.object_type,
                seen.occurred_at,
            )
        )

    def record(self, pull: ledger.Pull) -> None:
        """Take a line of the completeness ledger."""
        self._pulls.append(pull)

    def move(self, cursor: str, position: Any) -> None:  # noqa: ANN401 - each source keeps what it needs
        """Commit a cursor with what has been taken so far, at once if that is much."""
        self._cursors[cursor] = position
        if len(self._observations) + len(self._events) >= ROWS_PER_COMMIT or self._size >= BYTES_PER_COMMIT:
            self.flush()

    def flush(self) -> None:
        """Commit what has been taken, with the cursors moved since the last commit."""
        now = self.now()
        batch = self._to_tables(self._observations)
        for rejected in batch.rejects:
            self._misfit(rejected)
        tables = {stream: self._changed(stream, table) for stream, table in batch.tables.items()}
        tables["stripe_events"] = pa.Table.from_pylist(self._events, EVENTS)
        tables["quarantine"] = ledger.quarantine(self._rejected, now)
        self.new_rows.update({stream: table.num_rows for stream, table in tables.items()})
        tables["sync_ledger"] = ledger.pulls(self._pulls, now)
        self.landing.commit(tables, self._cursors, rewind=self._rewind)
        self._observations, self._events, self._rejected, self._pulls, self._cursors = [], [], [], [], {}
        self._size = 0

    def knows(self, stream: str, object_id: str) -> bool:
        """Tell whether any version of an object has landed or is about to."""
        return object_id in self.observed or object_id in self._hashes(stream)

    def _known(self, observation: Observation) -> Observation:
        return self._forgotten.observation(observation) if self._forgotten else observation

    def _changed(self, stream: str, table: pa.Table) -> pa.Table:
        """Leave out states that only repeat what the newest version already says."""
        if stream not in self._newest and pc.all(pc.is_in(table["origin"], TOLD)).as_py():
            return table
        newest, keep = self._hashes(stream), []
        columns = (table[c].to_pylist() for c in ("object_id", "content_hash", "occurred_at", "origin"))
        for object_id, content_hash, occurred_at, origin in zip(*columns, strict=True):
            last = newest.get(object_id)
            keep.append(origin in TOLD_BY or last is None or last[1] != content_hash)
            if last is None or occurred_at >= last[0]:
                newest[object_id] = (occurred_at, content_hash)
        return table.filter(pa.array(keep, pa.bool_()))

    def _hashes(self, stream: str) -> dict[str, tuple[datetime, str]]:
        if stream not in self._newest:
            landed = self.landing.read(stream, ["object_id", "content_hash", "occurred_at", "observed_at"])
            order = [("occurred_at", "ascending"), ("observed_at", "ascending")]
            landed = landed.take(pc.sort_indices(landed, sort_keys=order))
            ids, *state = (landed[c].to_pylist() for c in ("object_id", "occurred_at", "content_hash"))
            self._newest[stream] = dict(zip(ids, zip(*state, strict=True), strict=True))
        return self._newest[stream]
