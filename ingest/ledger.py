"""What was asked of each source, what came, and what did not fit: completeness is data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

TIME = pa.timestamp("us", "UTC")

QUARANTINE = pa.schema(
    [
        ("stream", pa.string()),
        ("source", pa.string()),
        ("object_id", pa.string()),
        ("reason", pa.string()),
        ("detail", pa.string()),
        ("body", pa.string()),
        ("occurred_at", TIME),
        ("observed_at", TIME),
    ]
)

SYNC_LEDGER = pa.schema(
    [
        ("stream", pa.string()),
        ("asked_at", TIME),
        ("since", TIME),
        ("until", TIME),
        ("rows", pa.int64()),
        ("complete_until", TIME),
        ("status", pa.string()),
        ("detail", pa.string()),
        ("observed_at", TIME),
    ]
)

SCHEMAS = {"quarantine": QUARANTINE, "sync_ledger": SYNC_LEDGER}


@dataclass(frozen=True)
class Rejected:
    """A row that did not fit its stream.

    Attributes:
        source: Where it came from: `stripe`, a tenant's id, a file's name with the line.
        object_id: What names it, its id there or file and line; null where nothing does.
        reason: What was wrong, in few constant words.
        detail: The facts, for a person.
        body: The row as received.
        stream: Where it should have gone.
        occurred_at: When it became so, null where that is not known.
    """

    source: str
    object_id: str | None
    reason: str
    detail: str
    body: str | None
    stream: str
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class Pull:
    """One question to one source and what came of it; until `complete_until` nothing is missing."""

    stream: str
    asked_at: datetime
    since: datetime | None = None
    until: datetime | None = None
    rows: int = 0
    complete_until: datetime | None = None
    status: Literal["ok", "gap", "error"] = "ok"
    detail: str | None = None


def quarantine(rejected: Iterable[Rejected], observed_at: datetime) -> pa.Table:
    """Return the rows of `quarantine`."""
    return pa.Table.from_pylist([vars(row) | {"observed_at": observed_at} for row in rejected], QUARANTINE)


def pulls(rows: Iterable[Pull], observed_at: datetime) -> pa.Table:
    """Return the rows of `sync_ledger`."""
    return pa.Table.from_pylist([vars(row) | {"observed_at": observed_at} for row in rows], SYNC_LEDGER)
