"""A SQLite file with one writer over all processes.

SQLite 3.7.0 to 3.51.2 can lose commits when one connection resets the write-ahead
log while another checkpoints it (sqlite.org/wal.html, "The WAL-reset bug"). The
standard library carries such a version. Here every write, and with it every
checkpoint, happens behind one cross-process lock, and readers open the file read-only,
so that they never checkpoint.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

from tenants.databases.write_lock import WriteLock
from tenants.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenants.databases.connection import Dialect

_BUSY_SECONDS = 10


class SqliteFile:
    """One database file: a writing connection, a read-only one, each used by one thread at a time.

    Args:
        path: The file; made where it does not exist (its folder must).
    """

    dialect: Dialect = "sqlite"

    def __init__(self, path: Path) -> None:
        self._lock = WriteLock(path.with_name(path.name + ".lock"))
        self._writing = threading.Lock()
        self._reading = threading.Lock()
        with self._lock.held():
            self._writer = open_writer(path)
        self._reader = open_reader(path)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Enter the exclusive transaction; leaving it without an error makes it durable."""
        with self._writing, self._lock.held(), _translated():
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Enter a transaction that sees one moment and changes nothing."""
        with self._reading, _translated():
            self._reader.execute("BEGIN")
            try:
                yield self._reader
            finally:
                self._reader.execute("ROLLBACK")

    def close(self) -> None:
        """Close both connections; the last one to go checkpoints, so this too happens behind the lock."""
        with self._writing, self._reading:
            self._reader.close()
            with self._lock.held():
                self._writer.close()
            self._lock.close()


def open_writer(path: Path) -> sqlite3.Connection:
    """Return a connection that may write; its user holds the file's write lock while it does."""
    connection = _connect(path, "rwc")
    for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """Return a connection that can neither write nor checkpoint."""
    return _connect(path, "ro")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=_BUSY_SECONDS,
    )


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        message = f"The database could not be used ({error}); check free space and permissions, then retry."
        raise Unavailable(message, "store_unavailable") from error
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:  # a mistake of ours, and no damage
            raise
        message = f"The database is damaged ({error}); put a backup in its place."
        raise Unavailable(message, "store_damaged") from error
