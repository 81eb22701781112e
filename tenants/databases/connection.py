"""What a store's code sees of a database: statements with `:names`, one text for SQLite and PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager

Dialect = Literal["sqlite", "postgresql"]
Row = tuple[Any, ...]


class Result(Protocol):
    """The rows of one statement."""

    @property
    def rowcount(self) -> int:
        """Return how many rows the statement changed."""
        ...

    def fetchone(self) -> Row | None:
        """Return the next row, None after the last."""
        ...

    def fetchall(self) -> list[Row]:
        """Return all remaining rows."""
        ...


class Connection(Protocol):
    """One transaction's view of a database."""

    def execute(self, statement: str, parameters: Mapping[str, object], /) -> Result:
        """Run one statement whose parameters are written `:name`."""
        ...

    def executemany(self, statement: str, parameters: Iterable[Mapping[str, object]], /) -> Result:
        """Run one statement for each set of parameters."""
        ...


class Database(Protocol):
    """One tenant's database, or schema: many readers, one writer over all threads and processes."""

    dialect: Dialect

    def write(self) -> AbstractContextManager[Connection]:
        """Enter the exclusive transaction; leaving it without an error makes it durable."""
        ...

    def read(self) -> AbstractContextManager[Connection]:
        """Enter a transaction that sees one moment and changes nothing."""
        ...

    def close(self) -> None:
        """Release what is open."""
        ...
