"""Reads tenants' stores from where the last pull stopped; a store's own numbering makes every row new."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

import pyarrow as pa

from ingest import ledger, record_ids
from ingest.tenant_stores.schema import SCHEMAS
from tenants.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ingest.landing import LandingZone
    from tenants.protection.record_keys import RecordKeys

Stream = Literal["usage_records", "validation_runs", "gate_outcomes"]

STREAMS: tuple[Stream, ...] = get_args(Stream)
ROWS_AT_ONCE = 5_000
ROWS_PER_COMMIT = 50_000


class Store(Protocol):
    """One tenant's store."""

    def rows_after(self, table: Stream, after: int, limit: int) -> list[dict[str, Any]]:
        """Return rows numbered above `after`, in the order of their `seq`."""
        ...


class Stores(Protocol):
    """All tenants' stores."""

    def tenant_ids(self) -> Sequence[str]:
        """Return every tenant that has a store."""
        ...

    def open(self, tenant_id: str) -> Store:
        """Return a tenant's store."""
        ...


def pull(stores: Stores, landing: LandingZone, keys: RecordKeys) -> dict[str, int]:
    """Land every row not landed yet; return how many, by stream.

    Usage lands under keyed hashes of its ids. The store of an erased tenant, if it came back, is passed over.
    One that cannot be read is among the landing zone's findings and stops no other; once it is mended, it is
    read on from where that stopped.
    """
    new: Counter[str] = Counter()
    with landing.writer():
        batch = _Batch(landing, keys)
        present = stores.tenant_ids()
        keys.load(present)
        for tenant_id in present:
            if keys.is_erased(tenant_id):
                continue
            try:
                store = stores.open(tenant_id)
                for stream in STREAMS:
                    _read(store, stream, tenant_id, batch, new)
            except PlatformError as error:
                batch.gaps.append(f"{tenant_id} could not be read: {error.message}")
        batch.commit()
        landing.findings.extend(batch.gaps)
    return dict(new)


def _read(store: Store, stream: Stream, tenant_id: str, batch: _Batch, new: Counter[str]) -> None:
    cursor = f"{stream}/{tenant_id}"
    after = batch.landing.cursor(cursor) or 0
    while rows := store.rows_after(stream, after, ROWS_AT_ONCE):
        after = rows[-1]["seq"]
        batch.rows[stream].extend(rows)
        batch.cursors[cursor] = after
        new[stream] += len(rows)
        if len(batch.rows[stream]) >= ROWS_PER_COMMIT:
            batch.commit()


class _Batch:
    """Rows of many tenants with how far each was read, committed together."""

    def __init__(self, landing: LandingZone, keys: RecordKeys) -> None:
        self.landing = landing
        self._keys = keys
        self.rows: dict[str, list[dict[str, Any]]] = {stream: [] for stream in STREAMS}
        self.cursors: dict[str, int] = {}
        self.gaps: list[str] = []

    def commit(self) -> None:
        """Land what has gathered."""
        now = self.landing.clock.now()
        tables = {
            stream: pa.Table.from_pylist([row | {"observed_at": now} for row in rows], SCHEMAS[stream])
            for stream, rows in self.rows.items()
        }
        tables["usage_records"] = record_ids.hashed(tables["usage_records"], self._keys)
        pulls = [self._pull(stream, now, len(rows)) for stream, rows in self.rows.items()]
        tables["sync_ledger"] = ledger.pulls(pulls, now)
        self.landing.commit(tables, self.cursors)
        self.rows = {stream: [] for stream in STREAMS}
        self.cursors = {}

    def _pull(self, stream: str, now: datetime, rows: int) -> ledger.Pull:
        if self.gaps:
            return ledger.Pull(stream, now, until=now, rows=rows, status="gap", detail=self.gaps[0])
        return ledger.Pull(stream, now, until=now, rows=rows, complete_until=now)
