"""A PostgreSQL database, or one schema of it, with one writer over all processes.

The writer takes an advisory lock for its transaction. Beside making quotas plain
to reason about, it makes the order of sequence numbers the order of commits:
a reader that follows them by cursor never steps over a row that commits late.
"""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from tenants.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tenants.databases.connection import Dialect

_NAME = re.compile(r"(?<!:):([a-z_][a-z_0-9]*)")
_CONNECT_SECONDS = 10


class PostgresConnection:
    """Statements written with `:names`, run by psycopg."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def execute(self, statement: str, parameters: Mapping[str, object], /) -> psycopg.Cursor[Any]:
        """Run one statement."""
        return self._connection.execute(_spelled(statement), parameters)

    def executemany(
        self, statement: str, parameters: Iterable[Mapping[str, object]], /
    ) -> psycopg.Cursor[Any]:
        """Run one statement for each set of parameters."""
        cursor = self._connection.cursor()
        cursor.executemany(_spelled(statement), parameters)
        return cursor


class PostgresDatabase:
    """One tenant's place on a server.

    Args:
        conninfo: The database to connect to.
        name: What the writers' lock is named after; the tenant.
        schema: The schema that holds the tables, None for the database's own.
    """

    dialect: Dialect = "postgresql"

    def __init__(self, conninfo: str, name: str, schema: str | None = None) -> None:
        self._conninfo = conninfo
        self._schema = schema
        self._lock_number = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
        self._writer: psycopg.Connection[Any] | None = None
        self._reader: psycopg.Connection[Any] | None = None
        self._writing = threading.Lock()
        self._reading = threading.Lock()

    @contextmanager
    def write(self) -> Iterator[PostgresConnection]:
        """Enter the exclusive transaction; leaving it without an error makes it durable."""
        with self._writing, _translated():
            self._writer = self._living(self._writer)
            with self._writer.transaction():
                self._writer.execute("SELECT pg_advisory_xact_lock(%s)", (self._lock_number,))
                yield PostgresConnection(self._writer)

    @contextmanager
    def read(self) -> Iterator[PostgresConnection]:
        """Enter a transaction that sees one moment and changes nothing."""
        with self._reading, _translated():
            self._reader = self._living(self._reader)
            with self._reader.transaction():
                self._reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                yield PostgresConnection(self._reader)

    def close(self) -> None:
        """Close what is open."""
        with self._writing, self._reading:
            for connection in (self._writer, self._reader):
                if connection is not None:
                    connection.close()
            self._writer = self._reader = None

    def _living(self, connection: psycopg.Connection[Any] | None) -> psycopg.Connection[Any]:
        if connection is not None and not connection.closed and not connection.broken:
            return connection
        fresh = psycopg.connect(self._conninfo, autocommit=True, connect_timeout=_CONNECT_SECONDS)
        if self._schema is not None:
            fresh.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(self._schema)))
        return fresh


@lru_cache(maxsize=512)
def _spelled(statement: str) -> bytes:
    return _NAME.sub(r"%(\1)s", statement).encode()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError as error:
        message = "PostgreSQL does not answer; check LOKI_DATABASE_URL and the server, then retry."
        raise Unavailable(message, "store_unavailable") from error
