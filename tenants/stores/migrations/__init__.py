"""Numbered steps of a store's schema: one file, one transaction, one row that says it was done.

A thousand stores are migrated one by one; one that failed is tried again by the
next run, which skips what is already done.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenants.databases.connection import Connection, Database, Dialect

_FOLDER = Path(__file__).parent
_WORDS: dict[Dialect, dict[str, str]] = {
    "sqlite": {
        "serial": "INTEGER PRIMARY KEY AUTOINCREMENT",
        "bytes": "BLOB",
        "without_rowid": " WITHOUT ROWID",
    },
    "postgresql": {
        "serial": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        "bytes": "BYTEA",
        "without_rowid": "",
    },
}


def migrate(database: Database) -> int:
    """Bring a store to the newest step and return how many that took."""
    with database.write() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS store_steps (step INTEGER PRIMARY KEY)", {})
        first = current_step(connection) + 1
    for step in range(first, newest_step() + 1):
        _apply(database, step)
    return newest_step() + 1 - first


def newest_step() -> int:
    """Return the number of the newest step that this code knows."""
    return len(_steps())


def current_step(connection: Connection) -> int:
    """Return the number of the newest step that the store has."""
    row = connection.execute("SELECT max(step) FROM store_steps", {}).fetchone()
    return (row and row[0]) or 0


def _apply(database: Database, step: int) -> None:
    with database.write() as connection:
        if current_step(connection) >= step:  # another process was first
            return
        for statement in _statements(step, database.dialect):
            connection.execute(statement, {})
        connection.execute("INSERT INTO store_steps (step) VALUES (:step)", {"step": step})


@lru_cache(maxsize=1)
def _steps() -> tuple[Path, ...]:
    return tuple(sorted(_FOLDER.glob("[0-9]*.sql")))


@lru_cache(maxsize=64)
def _statements(step: int, dialect: Dialect) -> tuple[str, ...]:
    lines = _steps()[step - 1].read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("--")).format(**_WORDS[dialect])
    return tuple(part.strip() for part in text.split(";") if part.strip())
