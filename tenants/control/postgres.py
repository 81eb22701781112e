"""The control plane on PostgreSQL: writers take one advisory lock, so that the audit chain has one order."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants.control.tables import access_generation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

_GENERATION = sa.select(access_generation.c.generation)
_LOCK = sa.text("SELECT pg_advisory_xact_lock(7811887)")


class PostgresEngines:
    """One pool of connections to the server.

    Args:
        url: `postgresql://…`, as in LOKI_DATABASE_URL.
    """

    def __init__(self, url: str) -> None:
        driver = "postgresql+psycopg://" + url.partition("://")[2]
        self.reader = sa.create_engine(driver, pool_size=8, pool_pre_ping=True, hide_parameters=True)

    def generation(self) -> int:
        """Return the generation of access."""
        with self.reader.connect() as connection:
            return int(connection.scalar(_GENERATION) or 0)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Enter the exclusive transaction; leaving it without an error makes it durable."""
        with self.reader.begin() as connection:
            connection.execute(_LOCK)
            yield connection

    def compact(self) -> None:
        """Write the tables anew without deleted rows."""
        with self.reader.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM FULL")

    def close(self) -> None:
        """Close the connections."""
        self.reader.dispose()
