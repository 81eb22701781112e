"""The control plane's database: SQLite under the state folder, or PostgreSQL by address."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tenants.control.migrations import migrate
from tenants.control.tables import access_generation
from tenants.databases.group_commit import GroupCommit
from tenants.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from tenants.settings import PlatformSettings

T = TypeVar("T")
_RAISE_GENERATION = sa.update(access_generation).values(generation=access_generation.c.generation + 1)


class Engines(Protocol):
    """How a kind of database is read and written."""

    reader: sa.Engine

    def transaction(self) -> AbstractContextManager[sa.Connection]:
        """Enter the exclusive transaction."""
        ...

    def generation(self) -> int:
        """Return the generation of access."""
        ...

    def compact(self) -> None:
        """Leave nothing of deleted rows in the files, as far as the kind of database can."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class ControlDatabase:
    """Readers see one moment; writers share durable commits behind one lock over all processes."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._commits = GroupCommit(engines.transaction)
        self._joined = threading.local()
        self.write(migrate)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Enter a transaction that changes nothing; within a writer's work it sees what that wrote."""
        joined = self._joined_connection()
        if joined is not None:
            yield joined
            return
        with _translated(), self._engines.reader.connect() as connection:
            yield connection

    def write(self, work: Callable[[sa.Connection], T], *, touches_access: bool = False) -> T:
        """Return what `work` returned once its effects are durable; an error undoes them.

        Called within another writer's work it joins that one: both are durable, or neither.

        Args:
            work: Changes rows through its connection and nothing else; it may be run twice.
            touches_access: Whether who may do what can change; each process then forgets what it knew.
        """
        whole = _raising_generation(work) if touches_access else work
        self._joined.seen = None  # what is looked at next may be what this changes
        joined = self._joined_connection()
        if joined is not None:
            return whole(joined)
        with _translated():
            return self._commits.run(lambda connection: self._joining(connection, whole))

    @property
    def is_writing(self) -> bool:
        """Return whether this thread is within a writer's work."""
        return self._joined_connection() is not None

    def generation(self) -> int:
        """Return the number of the present state of access; any change of access raises it."""
        seen: int | None = getattr(self._joined, "seen", None)
        if seen is not None:
            return seen
        with _translated():
            return self._engines.generation()

    @contextmanager
    def one_look(self) -> Iterator[None]:
        """Enter a block in which this thread decides on one state of access: the one at its beginning."""
        self._joined.seen = self.generation()
        try:
            yield
        finally:
            self._joined.seen = None

    def compact(self) -> None:
        """Leave nothing of deleted rows in the files, as far as the kind of database can."""
        with _translated():
            self._engines.compact()

    def close(self) -> None:
        """Close the connections."""
        self._engines.close()

    def _joined_connection(self) -> sa.Connection | None:
        connection: sa.Connection | None = getattr(self._joined, "connection", None)
        return connection

    def _joining(self, connection: sa.Connection, work: Callable[[sa.Connection], T]) -> T:
        # The leader of a shared commit runs the work of others in its own thread.
        self._joined.connection = connection
        try:
            return work(connection)
        finally:
            self._joined.connection = None


def open_database(settings: PlatformSettings) -> ControlDatabase:
    """Open the configured database at the newest version of its schema.

    Raises:
        InvalidInput: The address is of a kind that is not supported.
    """
    url = settings.database_url
    if url is None:
        from tenants.control.sqlite import SqliteEngines  # noqa: PLC0415 - only the one that is used

        return ControlDatabase(SqliteEngines(settings.state() / "control.sqlite"))
    if url.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        from tenants.control.postgres import PostgresEngines  # noqa: PLC0415 - only the one that is used

        return ControlDatabase(PostgresEngines(url))
    message = "LOKI_DATABASE_URL must start with postgresql://; leave it out to use SQLite under LOKI_HOME."
    raise InvalidInput(message, "unsupported_database")


def _raising_generation(work: Callable[[sa.Connection], T]) -> Callable[[sa.Connection], T]:
    def both(connection: sa.Connection) -> T:
        result = work(connection)
        connection.execute(_RAISE_GENERATION)
        return result

    return both


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, sqlite3.OperationalError) as error:
        why = getattr(error, "orig", error)
        message = f"The control plane's database could not be used ({why}); check it, then retry."
        raise Unavailable(message, "control_unavailable") from error
