"""Validation history of one tenant, and its rows in order for the warehouse."""

from __future__ import annotations

import zlib
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson

from tenants.stores.values import from_micros, from_millionths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenants.databases.connection import Connection, Row
    from tenants.stores.records import StreamTable

RowDict = dict[str, Any]

_RUN_NAMES = (
    "seq",
    "run_id",
    "document_type",
    "detected_type",
    "type_score",
    "modules",
    "status",
    "created_at",
    "ruleset_version",
    "ruleset_hash",
    "engine_version",
    "custom_gates_revision",
    "as_of",
    "document_sha256",
    "characters",
    "duration_ms",
)
_USAGE_NAMES = (
    "seq",
    "source",
    "record_id",
    "meter",
    "module",
    "endpoint",
    "status_code",
    "succeeded",
    "units",
    "occurred_at",
)
_OUTCOME_NAMES = ("module", "gate_id", "title", "severity", "verdict", "waived", "findings")
_RUN_COLUMNS = ", ".join(_RUN_NAMES)
_RUNS_AFTER = f"SELECT {_RUN_COLUMNS} FROM validation_runs WHERE seq > :after ORDER BY seq LIMIT :most"  # noqa: S608 - own names
_RUNS_BEFORE = (
    f"SELECT {_RUN_COLUMNS} FROM validation_runs WHERE seq < :before"  # noqa: S608 - own names
    " ORDER BY seq DESC LIMIT :most"
)
_USAGE_AFTER = (
    f"SELECT {', '.join(_USAGE_NAMES)} FROM usage_records"  # noqa: S608 - own names
    " WHERE seq > :after ORDER BY seq LIMIT :most"
)
_OUTCOMES_FROM = """
    SELECT seq, run_id, created_at, gate_outcomes FROM validation_runs
    WHERE seq >= :first ORDER BY seq LIMIT :most
"""
_RESULT = "SELECT result FROM validation_runs WHERE run_id = :run_id"
_SEQ_OF = "SELECT seq FROM validation_runs WHERE run_id = :run_id"
_DOCUMENT = "SELECT media_type, content FROM kept_documents WHERE run_id = :run_id"
_NEWEST = 2**62
# An outcome's number is its run's times this plus its place: room for every gate a run can have.
GATES_PER_RUN = 4096


def result(connection: Connection, run_id: str) -> bytes | None:
    """Return a run's result as it was answered, None where there is no such run."""
    row = connection.execute(_RESULT, {"run_id": run_id}).fetchone()
    return None if row is None else zlib.decompress(row[0])


def document(connection: Connection, run_id: str) -> tuple[str, bytes] | None:
    """Return the media type and content of a kept document."""
    row = connection.execute(_DOCUMENT, {"run_id": run_id}).fetchone()
    return None if row is None else (row[0], zlib.decompress(row[1]))


def newest_runs(connection: Connection, limit: int, before: str | None) -> list[RowDict]:
    """Return up to `limit` runs, newest first, of those before the run `before`."""
    bound = _NEWEST
    if before is not None:
        row = connection.execute(_SEQ_OF, {"run_id": before}).fetchone()
        bound = 0 if row is None else row[0]
    rows = connection.execute(_RUNS_BEFORE, {"before": bound, "most": limit}).fetchall()
    return [_run(row) for row in rows]


def rows_after(connection: Connection, table: StreamTable, after: int, limit: int) -> list[RowDict]:
    """Return up to `limit` rows of a stream with a `seq` above `after`, in its order."""
    if table == "validation_runs":
        rows = connection.execute(_RUNS_AFTER, {"after": after, "most": limit}).fetchall()
        return [_run(row) for row in rows]
    if table == "usage_records":
        rows = connection.execute(_USAGE_AFTER, {"after": after, "most": limit}).fetchall()
        return [_usage(row) for row in rows]
    return _outcomes_after(connection, after, limit)


def _outcomes_after(connection: Connection, after: int, limit: int) -> list[RowDict]:
    first, most = after // GATES_PER_RUN, limit
    found: list[RowDict] = []
    while len(found) < limit:
        runs = connection.execute(_OUTCOMES_FROM, {"first": first, "most": min(most, 512)}).fetchall()
        found.extend(row for run in runs for row in _outcomes(run) if row["seq"] > after)
        if not runs:
            break
        first = runs[-1][0] + 1
    return found[:limit]


def _outcomes(row: Row) -> Iterable[RowDict]:
    seq, run_id, created_at, packed = row
    at = from_micros(created_at)
    for place, values in enumerate(orjson.loads(packed)):
        outcome = dict(zip(_OUTCOME_NAMES, values, strict=True))
        yield {"seq": seq * GATES_PER_RUN + place, "run_id": run_id, **outcome, "created_at": at}


def _run(row: Row) -> RowDict:
    run = dict(zip(_RUN_NAMES, row, strict=True))
    run["modules"] = orjson.loads(run["modules"])
    run["created_at"] = from_micros(run["created_at"])
    run["as_of"] = date.fromisoformat(run["as_of"])
    return run


def _usage(row: Row) -> RowDict:
    usage = dict(zip(_USAGE_NAMES, row, strict=True))
    usage["succeeded"] = bool(usage["succeeded"])
    usage["units"] = from_millionths(usage["units"])
    usage["occurred_at"] = from_micros(usage["occurred_at"])
    return usage
