"""Reads tenants' stores from where the last pull stopped; a store's own numbering makes every row new."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

import pyarrow as pa

from ingest import ledger
from ingest.tenant_stores.schema import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from ingest.landing import LandingZone

Stream = Literal["usage_records", "validation_runs", "gate_outcomes"]

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


def pull(stores: Stores, landing: LandingZone) -> dict[str, int]:
    """Land every row not landed yet; return how many, by stream."""
    new: Counter[str] = Counter()
    with landing.writer():
        for stream in get_args(Stream):
            for rows, cursors in _batches(stores, landing, stream):
                new[stream] += _commit(landing, stream, rows, cursors)
    return dict(new)


def _batches(
    stores: Stores, landing: LandingZone, stream: Stream
) -> Iterator[tuple[list[dict[str, Any]], dict[str, int]]]:
    rows: list[dict[str, Any]] = []
    cursors: dict[str, int] = {}
    for tenant_id in stores.tenant_ids():
        for some in _rows(stores.open(tenant_id), stream, landing.cursor(_cursor(stream, tenant_id)) or 0):
            rows.extend(some)
            cursors[_cursor(stream, tenant_id)] = some[-1]["seq"]
            if len(rows) >= ROWS_PER_COMMIT:
                yield rows, cursors
                rows, cursors = [], {}
    if rows:
        yield rows, cursors


def _rows(store: Store, stream: Stream, after: int) -> Iterator[list[dict[str, Any]]]:
    while rows := store.rows_after(stream, after, ROWS_AT_ONCE):
        yield rows
        after = rows[-1]["seq"]


def _commit(landing: LandingZone, stream: str, rows: list[dict[str, Any]], cursors: dict[str, int]) -> int:
    now = landing.clock.now()
    table = pa.Table.from_pylist([row | {"observed_at": now} for row in rows], SCHEMAS[stream])
    landing.commit({stream: table, "sync_ledger": _ledger(stream, now, len(rows))}, cursors)
    return len(rows)


def _ledger(stream: str, now: datetime, rows: int) -> pa.Table:
    return ledger.pulls([ledger.Pull(stream, now, until=now, rows=rows, complete_until=now)], now)


def _cursor(stream: str, tenant_id: str) -> str:
    return f"{stream}/{tenant_id}"
