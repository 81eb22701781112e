"""Tenants' stores on a PostgreSQL server: a database each, or a schema each in one database."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tenants.databases.postgres import PostgresDatabase
from tenants.errors import NotFound, Unavailable
from tenants.stores.layouts import checked

_PREFIX = "loki_"
_CONNECT_SECONDS = 10


class _Server:
    """What both layouts share: short administrative statements outside transactions."""

    # Two connections each: well below PostgreSQL's usual limit of 100.
    most_open = 24
    _exists: str
    _all: str

    def __init__(self, url: str) -> None:
        self.conninfo = url.replace("postgresql+psycopg://", "postgresql://", 1)

    def exists(self, tenant_id: str) -> bool:
        """Return whether the tenant has a place."""
        return bool(self._run(sql.SQL(self._exists), _PREFIX + checked(tenant_id)))

    def set_aside(self, tenant_id: str) -> None:
        """Leave it: what is damaged on a server is for the server's own tools."""

    def tenant_ids(self) -> list[str]:
        """Return every tenant that has a place, in order."""
        names = self._run(sql.SQL(self._all), _PREFIX.replace("_", r"\_") + "%")
        return sorted(name.removeprefix(_PREFIX) for (name,) in names)

    def _require(self, tenant_id: str) -> str:
        if not self.exists(tenant_id):
            message = "There is no such tenant; check the id."
            raise NotFound(message, "tenant_not_found")
        return _PREFIX + tenant_id

    def _run(self, statement: sql.SQL | sql.Composed, *parameters: str) -> list[tuple[Any, ...]]:
        try:
            with psycopg.connect(
                self.conninfo, autocommit=True, connect_timeout=_CONNECT_SECONDS
            ) as connection:
                cursor = connection.execute(statement, parameters or None)
                return cursor.fetchall() if cursor.description else []
        except psycopg.OperationalError as error:
            message = "PostgreSQL does not answer; check LOKI_DATABASE_URL and the server, then retry."
            raise Unavailable(message, "store_unavailable") from error


class DatabasePerTenant(_Server):
    """A database `loki_<tenant_id>` for each tenant."""

    _exists = "SELECT 1 FROM pg_database WHERE datname = %s"
    _all = "SELECT datname FROM pg_database WHERE datname LIKE %s"

    def create(self, tenant_id: str, region: str) -> None:
        """Make the tenant's database."""
        del region
        if not self.exists(tenant_id):
            self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_PREFIX + tenant_id)))

    def open(self, tenant_id: str) -> PostgresDatabase:
        """Open the tenant's database."""
        fields = {**conninfo_to_dict(self.conninfo), "dbname": self._require(tenant_id)}
        return PostgresDatabase(make_conninfo("", **fields), tenant_id)

    def drop(self, tenant_id: str) -> None:
        """Remove the tenant's database, breaking what is connected to it."""
        name = sql.Identifier(_PREFIX + checked(tenant_id))
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


class SchemaPerTenant(_Server):
    """A schema `loki_<tenant_id>` for each tenant in the configured database."""

    _exists = "SELECT 1 FROM pg_namespace WHERE nspname = %s"
    _all = "SELECT nspname FROM pg_namespace WHERE nspname LIKE %s"

    def create(self, tenant_id: str, region: str) -> None:
        """Make the tenant's schema."""
        del region
        name = sql.Identifier(_PREFIX + checked(tenant_id))
        self._run(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(name))

    def open(self, tenant_id: str) -> PostgresDatabase:
        """Open the tenant's schema."""
        return PostgresDatabase(self.conninfo, tenant_id, self._require(tenant_id))

    def drop(self, tenant_id: str) -> None:
        """Remove the tenant's schema with all that is in it."""
        name = sql.Identifier(_PREFIX + checked(tenant_id))
        self._run(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
