"""Documents accepted for later: kept until each has been answered, then wiped."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from tenants.stores import idempotency
from tenants.stores.records import Batch
from tenants.stores.values import from_micros, to_micros

if TYPE_CHECKING:
    from datetime import datetime

    from tenants.databases.connection import Connection, Row
    from tenants.stores.records import IdempotencyKey

_COLUMNS = "batch_id, created_at, created_by, total, done, outcomes, documents, finished_at"
_ADD = """
    INSERT INTO batches (batch_id, created_at, created_by, total, done, outcomes, documents)
    VALUES (:batch_id, :created_at, :created_by, :total, 0, '[]', :documents)
"""
_FIND = f"SELECT {_COLUMNS} FROM batches WHERE batch_id = :batch_id"  # noqa: S608 - own names
_UNFINISHED = f"SELECT {_COLUMNS} FROM batches WHERE finished_at IS NULL ORDER BY created_at, batch_id"  # noqa: S608 - own names
_TELL = "UPDATE batches SET done = :done, outcomes = :outcomes WHERE batch_id = :batch_id"
_FINISH = """
    UPDATE batches SET done = total, outcomes = :outcomes, documents = NULL, finished_at = :at
    WHERE batch_id = :batch_id
"""


def add(connection: Connection, batch: Batch) -> None:
    """Accept a batch."""
    row = {
        "batch_id": batch.batch_id,
        "created_at": to_micros(batch.created_at),
        "created_by": batch.created_by,
        "total": batch.total,
        "documents": zlib.compress(batch.documents or b""),
    }
    connection.execute(_ADD, row)


def accept(connection: Connection, batch: Batch, key: IdempotencyKey | None) -> str | None:
    """Accept a batch once under its key.

    Returns:
        Its id, or that of the batch that the same request made before; None where that was another request.
    """
    known = idempotency.find(connection, key) if key is not None else None
    if known is not None:
        return known.response.decode() if known.is_same_request else None
    add(connection, batch)
    if key is not None:
        answer = idempotency.Answer(202, batch.batch_id.encode())
        idempotency.remember(connection, key, answer, batch.created_at)
    return batch.batch_id


def find(connection: Connection, batch_id: str) -> Batch | None:
    """Return a batch, None where there is none."""
    row = connection.execute(_FIND, {"batch_id": batch_id}).fetchone()
    return None if row is None else _batch(row)


def unfinished(connection: Connection) -> list[Batch]:
    """Return the batches that still have documents to answer, oldest first."""
    return [_batch(row) for row in connection.execute(_UNFINISHED, {}).fetchall()]


def tell(connection: Connection, batch_id: str, done: int, outcomes: str) -> None:
    """Note how far a batch is."""
    connection.execute(_TELL, {"batch_id": batch_id, "done": done, "outcomes": outcomes})


def finish(connection: Connection, batch_id: str, outcomes: str, at: datetime) -> None:
    """Note that every document was answered, and wipe them."""
    connection.execute(_FINISH, {"batch_id": batch_id, "outcomes": outcomes, "at": to_micros(at)})


def _batch(row: Row) -> Batch:
    batch_id, created, by, total, done, outcomes, documents, finished = row
    return Batch(
        batch_id=batch_id,
        created_at=from_micros(created),
        created_by=by,
        total=total,
        documents=None if documents is None else zlib.decompress(documents),
        done=done,
        outcomes=outcomes,
        finished_at=None if finished is None else from_micros(finished),
    )
