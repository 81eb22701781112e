"""The one door to DuckDB files: published builds for reading, one file being built for writing.

A file is either being built by one process, or published and never written again.
Readers keep the build they opened; a new build is a new folder and a switched pointer:

    builds/<id>/warehouse.duckdb        all tenants, for our own people
    builds/<id>/tenants/<id>.duckdb     one tenant's rows only, for that tenant
    builds/<id>/build.json              what the build was made of and how its tests went
    published                           the id of the build that readers get
"""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tenants.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
CONFINED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
_opening = threading.Lock()


@dataclass(frozen=True)
class Build:
    """One finished build.

    Attributes:
        id: Sorts by the time of building.
        path: The folder that holds it.
        built_at: When it was finished.
        facts: All of `build.json`: as-known-at time, policy, row counts, completeness, test results.
    """

    id: str
    path: Path
    built_at: datetime
    facts: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def file(self) -> Path:
        """Return the internal warehouse's file."""
        return self.path / "warehouse.duckdb"

    def tenant_file(self, tenant_id: str) -> Path:
        """Return where that tenant's own file lies, whether or not it exists."""
        return self.path / "tenants" / f"{tenant_id}.duckdb"


class Warehouse:
    """Reads published builds under one state folder.

    Args:
        state_dir: The folder of all run-time state, `PlatformSettings.state()`.
    """

    def __init__(self, state_dir: Path) -> None:
        self.builds_dir = state_dir / "builds"
        self.pointer = state_dir / "published"

    def published(self) -> Build:
        """Return the build that readers get.

        Raises:
            Unavailable: Nothing has been published yet.
        """
        try:
            return self.build(self.pointer.read_text().strip())
        except FileNotFoundError:
            message = "No warehouse has been published yet: run `loki refresh` first."
            raise Unavailable(message, code="nothing_published") from None

    def build(self, build_id: str) -> Build:
        """Return one finished build, published or not.

        Raises:
            NotFound: There is none of that id; old ones are removed after a while.
        """
        folder = self.builds_dir / build_id
        try:
            facts = json.loads((folder / "build.json").read_text()) if SAFE_ID.fullmatch(build_id) else None
        except FileNotFoundError:
            facts = None
        if facts is None:
            message = f"There is no build {build_id!r}; kept are: {', '.join(self.build_ids()) or 'none'}."
            raise NotFound(message, code="build_not_found")
        return Build(build_id, folder, datetime.fromisoformat(facts["built_at"]), facts)

    def build_ids(self) -> list[str]:
        """Return the ids of all finished builds, oldest first."""
        return sorted(found.parent.name for found in self.builds_dir.glob("[!.]*/build.json"))

    @contextmanager
    def open(self, build_id: str | None = None) -> Iterator[DuckDBPyConnection]:
        """Open the published build, or the named one: read-only and unable to leave its file.

        Raises:
            Unavailable: Nothing is published, or the file cannot be read.
            NotFound: There is no such build.
        """
        build = self.build(build_id) if build_id else self.published()
        with open_read_only(build.file) as connection:
            yield connection

    @contextmanager
    def open_both(self, earlier: Build, later: Build) -> Iterator[DuckDBPyConnection]:
        """Open two builds as the databases `earlier` and `later`: read-only and unable to leave their files.

        Raises:
            Unavailable: One of the files cannot be read.
        """
        with open_for_building() as connection:
            for name, build in (("earlier", earlier), ("later", later)):
                _attach(connection, name, build.file)
            for setting, value in CONFINED.items():
                connection.execute(f"set {setting} = {value}")
            connection.execute("set lock_configuration = true")
            yield connection

    @contextmanager
    def open_tenant(self, tenant_id: str, build_id: str | None = None) -> Iterator[DuckDBPyConnection]:
        """Open the file that holds this tenant's rows only: read-only and unable to leave it.

        Of the published build, or of the named one.

        Raises:
            Unavailable: Nothing is published yet, or nothing yet for this tenant.
            NotFound: There is no such build.
        """
        build = self.build(build_id) if build_id else self.published()
        file = build.tenant_file(tenant_id)
        if not SAFE_ID.fullmatch(tenant_id) or not file.exists():
            message = "Nothing has been published for this tenant yet: it comes with the next refresh."
            raise Unavailable(message, code="nothing_published", tenant_id=tenant_id)
        with open_read_only(file) as connection:
            yield connection


@contextmanager
def open_read_only(file: Path) -> Iterator[DuckDBPyConnection]:
    """Open a published file for reading, in UTC; files, network and settings stay out of its reach.

    Raises:
        Unavailable: The file is missing or damaged.
    """
    import duckdb  # noqa: PLC0415 - heavy, and not every command reads

    try:
        with _opening:  # connections of one process to one file share its settings, which lock once
            connection = duckdb.connect(str(file), read_only=True, config=CONFINED)  # noqa: TID251 - the door
            if not connection.execute("select current_setting('lock_configuration')").fetchall()[0][0]:
                connection.execute("set global TimeZone = 'UTC'")
                connection.execute("set lock_configuration = true")
    except duckdb.Error as error:
        raise _unreadable(file, error) from error
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def open_for_building(file: Path | None = None) -> Iterator[DuckDBPyConnection]:
    """Open an unpublished file for writing, or a scratch database in memory where none is named."""
    import duckdb  # noqa: PLC0415 - heavy, and not every command builds

    target = str(file) if file else ":memory:"
    connection = duckdb.connect(target)  # noqa: TID251 - the door
    try:
        connection.execute("set TimeZone = 'UTC'")
        yield connection
    finally:
        connection.close()


def _attach(connection: DuckDBPyConnection, name: str, file: Path) -> None:
    import duckdb  # noqa: PLC0415 - heavy, and not every command reads

    try:
        connection.execute(f"attach ? as {name} (read_only)", [str(file)])
    except duckdb.Error as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path, error: Exception) -> Unavailable:
    message = f"The warehouse file {file} cannot be read ({error}): run `loki rebuild` to make it anew."
    return Unavailable(message, code="warehouse_unreadable")
