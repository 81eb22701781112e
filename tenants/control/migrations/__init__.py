"""Versions of the control plane's schema, made with Alembic.

A fresh database is made at once from the tables as they are now and marked with the
newest version; a test holds that the versions, one after another, lead to the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants.control.tables import access_generation
from tenants.control.task_tables import metadata

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_FOLDER = Path(__file__).parent
# The table in which Alembic keeps the version.
_MARK = sa.Table("alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32), primary_key=True))


def migrate(connection: Connection) -> None:
    """Bring the schema to the newest version within the connection's transaction."""
    current = current_version(connection)
    if current is None:
        _make(connection)
    elif current != newest_version():
        upgrade(connection)


def newest_version() -> str:
    """Return the newest version that this code knows."""
    return max(each.name for each in (_FOLDER / "versions").glob("[0-9]*.py"))[:4]


def current_version(connection: Connection) -> str | None:
    """Return the version of the database, None where it is fresh."""
    if not sa.inspect(connection).has_table(_MARK.name):
        return None
    version: str | None = connection.scalar(sa.select(_MARK.c.version_num))
    return version


def upgrade(connection: Connection) -> None:
    """Run the versions that the database lacks, one after another."""
    from alembic import command  # noqa: PLC0415 - only when there is something to do
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _make(connection: Connection) -> None:
    metadata.create_all(connection)
    connection.execute(sa.insert(access_generation).values(place=1, generation=1))
    _MARK.create(connection)
    connection.execute(sa.insert(_MARK).values(version_num=newest_version()))
