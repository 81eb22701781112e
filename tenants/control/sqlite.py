"""The control plane on SQLite: the same single writer behind the same lock as a tenant's store."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tenants.databases.sqlite import open_reader, open_writer
from tenants.databases.write_lock import WriteLock
from tenants.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import Connection

_READERS_SECONDS = 30.0
_BETWEEN_SECONDS = 0.05


class SqliteEngines:
    """A reading engine that can neither write nor checkpoint, and one writing connection.

    Args:
        path: The file; made, with its folder, where it does not exist.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = WriteLock(path.with_name(path.name + ".lock"))
        self._writing = threading.Lock()
        self._is_closed = False
        self._writer = sa.create_engine(
            "sqlite://",
            creator=lambda: open_writer(path),
            poolclass=sa.pool.StaticPool,
            hide_parameters=True,  # what people wrote has no place in errors, and so in logs
        )
        _begin_with(self._writer, "BEGIN IMMEDIATE")
        with self._lock.held(), self._writer.connect():
            pass
        self.reader = sa.create_engine(
            "sqlite://",
            creator=lambda: open_reader(path),
            poolclass=sa.pool.QueuePool,
            pool_size=8,
            hide_parameters=True,
        )
        _begin_with(self.reader, "BEGIN")
        self._look = open_reader(path)
        self._looking = threading.Lock()

    def generation(self) -> int:
        """Return the generation of access, read at every request: one row by a kept statement."""
        with self._looking:
            row = self._look.execute("SELECT generation FROM access_generation").fetchone()
        return int(row[0])

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Enter the exclusive transaction; leaving it without an error makes it durable."""
        with self._writing, self._lock.held(), self._writer.begin() as connection:
            yield connection

    def compact(self) -> None:
        """Write the file anew without deleted rows, and empty the write-ahead log of them.

        Raises:
            Unavailable: Readers kept the old pages for as long as we waited; repeat it.
        """
        self.reader.dispose()
        with self._writing, self._lock.held():
            pooled: Any = self._writer.raw_connection()
            connection = pooled.driver_connection
            connection.execute("VACUUM")
            deadline = time.monotonic() + _READERS_SECONDS
            while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > deadline:
                    message = "Others kept reading the control database; run the command again."
                    raise Unavailable(message, "control_database_busy")
                time.sleep(_BETWEEN_SECONDS)
            pooled.close()

    def close(self) -> None:
        """Close the connections; the last one to go checkpoints, so this too happens behind the lock."""
        if self._is_closed:
            return
        self._is_closed = True
        self.reader.dispose()
        self._look.close()
        with self._writing, self._lock.held():
            self._writer.dispose()
        self._lock.close()


def _begin_with(engine: sa.Engine, statement: str) -> None:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    sa.event.listen(engine, "begin", begin)
