"""Idempotency keys: the same key with the same request acts once and gets the same bytes again."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenants.stores.records import CommitOutcome
from tenants.stores.values import to_micros

if TYPE_CHECKING:
    from datetime import datetime

    from tenants.databases.connection import Connection
    from tenants.stores.records import IdempotencyKey, QuotaState

_ADD = """
    INSERT INTO idempotency_keys (idempotency_key, request_hash, status_code, run_id, response, created_at)
    VALUES (:idempotency_key, :request_hash, :status_code, :run_id, :response, :created_at)
"""
_FIND = """
    SELECT known.request_hash, known.status_code, coalesce(known.response, runs.result)
    FROM idempotency_keys AS known
    LEFT JOIN validation_runs AS runs ON runs.run_id = known.run_id
    WHERE known.idempotency_key = :idempotency_key
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered under a key; a validation's answer is its run's result, kept once."""

    status_code: int
    response: bytes
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key that was used before, for the same request or for another."""

    is_same_request: bool
    status_code: int
    response: bytes

    def outcome(self, quota: QuotaState) -> CommitOutcome:
        """Return the outcome for the caller who came again."""
        if not self.is_same_request:
            return CommitOutcome("conflict", b"", 409, quota)
        return CommitOutcome("replayed", self.response, self.status_code, quota)


def find(connection: Connection, key: IdempotencyKey) -> KnownKey | None:
    """Return what the key was used for, None where it is new."""
    row = connection.execute(_FIND, {"idempotency_key": key.key}).fetchone()
    if row is None:
        return None
    return KnownKey(row[0] == key.request_hash, row[1], zlib.decompress(row[2]))


def remember(connection: Connection, key: IdempotencyKey, answer: Answer, at: datetime) -> None:
    """Keep the answer under the key."""
    row: dict[str, object] = {
        "idempotency_key": key.key,
        "request_hash": key.request_hash,
        "status_code": answer.status_code,
        "run_id": answer.run_id,
        "response": zlib.compress(answer.response) if answer.run_id is None else None,
        "created_at": to_micros(at),
    }
    connection.execute(_ADD, row)
