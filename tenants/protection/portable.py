"""A tenant's store as rows, the same for every layout: what backups, restores and exports are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tenants.databases.connection import Connection, Database

# In an order in which rows can be written; each with the columns that its rows are read and written by.
TABLES: dict[str, tuple[str, ...]] = {
    "validation_runs": (
        "seq", "run_id", "document_type", "detected_type", "type_score", "modules", "status", "created_at",
        "ruleset_version", "ruleset_hash", "engine_version", "custom_gates_revision", "as_of",
        "document_sha256", "characters", "duration_ms", "gate_outcomes", "result",
    ),
    "kept_documents": ("run_id", "media_type", "content"),
    "usage_records": (
        "seq", "source", "record_id", "meter", "module", "endpoint", "status_code", "succeeded", "units",
        "occurred_at",
    ),
    "usage_keys": ("key_hash",),
    "quota_counters": ("meter", "period_start", "period_end", "used"),
    "idempotency_keys": (
        "idempotency_key", "request_hash", "status_code", "run_id", "response", "created_at",
    ),
    "custom_gates": ("gate_id", "body", "is_enabled", "created_at", "updated_at", "updated_by"),
    "custom_gate_versions": ("gate_id", "revision", "body", "is_enabled", "saved_at", "saved_by"),
    "batches": (
        "batch_id", "created_at", "created_by", "total", "done", "outcomes", "documents", "finished_at",
    ),
    "suppressions": (
        "suppression_id", "gate_id", "fingerprint", "author", "reason", "created_at", "expires_at",
    ),
    "request_log": ("seq", "at", "actor_kind", "actor_id", "method", "route", "status_code"),
    "revisions": ("name", "revision"),
}  # fmt: skip
NUMBERED = ("validation_runs", "usage_records", "request_log")
_AT_ONCE = 2000
Row = tuple[Any, ...]


def read_rows(connection: Connection, tables: Iterable[str] = TABLES) -> Iterator[tuple[str, Row]]:
    """Yield every row of a store with its table, as of one moment."""
    for table in tables:
        statement = f"SELECT {', '.join(TABLES[table])} FROM {table}"  # noqa: S608 - names of ours
        for row in connection.execute(statement, {}).fetchall():
            yield table, tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)


def replace_rows(
    database: Database,
    rows: Iterator[tuple[str, Row]],
    change: Callable[[str, Row], Row | None],
    behind: int = 0,
) -> dict[str, int]:
    """Put rows in the place of all that a store holds, in one transaction; return how many, by table.

    A row that `change` returns None for is left out.

    Numbering goes on behind the highest number that the store ever gave, and behind `behind`, so that
    whoever reads rows by number misses none that comes after.
    """
    counts = dict.fromkeys(TABLES, 0)
    with database.write() as connection:
        highest = {table: max(behind, _highest(connection, table)) for table in NUMBERED}
        for table in reversed(TABLES):
            connection.execute(f"DELETE FROM {table}", {})  # noqa: S608 - names of ours
        waiting: list[Row] = []
        current = ""
        for table, row in rows:
            if table != current or len(waiting) >= _AT_ONCE:
                _insert(connection, database.dialect, current, waiting)
                current, waiting = table, []
            changed = change(table, row)
            if changed is not None:
                waiting.append(changed)
                counts[table] += 1
        _insert(connection, database.dialect, current, waiting)
        for table, number in highest.items():
            _number_on(connection, database.dialect, table, number)
    return counts


def _insert(connection: Connection, dialect: str, table: str, rows: list[Row]) -> None:
    if not rows:
        return
    columns = TABLES[table]
    overriding = " OVERRIDING SYSTEM VALUE" if dialect == "postgresql" else ""
    named = ", ".join(f":{column}" for column in columns)
    statement = f"INSERT INTO {table} ({', '.join(columns)}){overriding} VALUES ({named})"  # noqa: S608 - names of ours
    connection.executemany(statement, [dict(zip(columns, row, strict=True)) for row in rows])


def _highest(connection: Connection, table: str) -> int:
    row = connection.execute(f"SELECT max(seq) FROM {table}", {}).fetchone()  # noqa: S608 - names of ours
    return (row and row[0]) or 0


def _number_on(connection: Connection, dialect: str, table: str, highest: int) -> None:
    """Let the next row of a table get a number above every one that was ever given."""
    number = max(highest, _highest(connection, table))
    given = {"name": table, "number": number}
    if dialect == "sqlite":
        # AUTOINCREMENT keeps the highest number by itself, also over deletions; it is told only of those
        # that another file gave.
        connection.execute("DELETE FROM sqlite_sequence WHERE name = :name AND seq < :number", given)
        connection.execute(
            "INSERT INTO sqlite_sequence (name, seq) SELECT :name, :number "
            "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = :name)",
            given,
        )
    elif number:
        of_table = "pg_get_serial_sequence(:name, 'seq')"
        statement = f"SELECT setval({of_table}, greatest(:number, nextval({of_table})))"
        connection.execute(statement, given)
