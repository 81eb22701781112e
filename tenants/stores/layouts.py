"""Where tenants' stores lie: a SQLite file, a PostgreSQL database, or a PostgreSQL schema for each."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Protocol

from tenants.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tenants.databases.connection import Database
    from tenants.settings import PlatformSettings

LOCAL = "local"
_TENANT_ID = re.compile(r"[a-z][a-z0-9_]{1,47}")
_FILE = "store.sqlite"


class Layout(Protocol):
    """One way to keep tenants apart; each is tested by the same tests."""

    most_open: int

    def create(self, tenant_id: str, region: str) -> None:
        """Make the tenant's empty place; nothing happens where it exists."""
        ...

    def exists(self, tenant_id: str) -> bool:
        """Return whether the tenant has a place."""
        ...

    def open(self, tenant_id: str) -> Database:
        """Open the tenant's database."""
        ...

    def drop(self, tenant_id: str) -> None:
        """Remove the tenant's place with all that is in it."""
        ...

    def set_aside(self, tenant_id: str) -> None:
        """Move a damaged database out of the way, within the tenant's place; nothing where none can be."""
        ...

    def tenant_ids(self) -> list[str]:
        """Return every tenant that has a place, in order."""
        ...


def choose_layout(settings: PlatformSettings) -> Layout:
    """Return the layout that the settings ask for.

    Raises:
        InvalidInput: A schema per tenant is asked for without PostgreSQL.
    """
    url = settings.database_url or ""
    if url.startswith("postgres"):
        from tenants.stores import postgres_layouts  # noqa: PLC0415 - only where PostgreSQL is used

        is_schema = settings.tenant_isolation == "schema"
        made = postgres_layouts.SchemaPerTenant if is_schema else postgres_layouts.DatabasePerTenant
        return made(url)
    if settings.tenant_isolation == "schema":
        message = (
            "LOKI_TENANT_ISOLATION=schema needs PostgreSQL; set LOKI_DATABASE_URL to a postgresql:// address."
        )
        raise InvalidInput(message, "isolation_needs_postgresql")
    return FilePerTenant(settings.state(), settings.region_roots)


def checked(tenant_id: str) -> str:
    """Return the id if it is fit for paths and names of databases.

    Raises:
        NotFound: It cannot be a tenant's id.
    """
    if not _TENANT_ID.fullmatch(tenant_id):
        message = "There is no such tenant; check the id."
        raise NotFound(message, "tenant_not_found")
    return tenant_id


class FilePerTenant:
    """`tenants/<tenant_id>/store.sqlite` under the state folder, or under the root of the tenant's region."""

    # Seven descriptors each: well below the usual limit of 1,024.
    most_open = 96

    def __init__(self, state: Path, region_roots: Mapping[str, Path]) -> None:
        self._roots = {LOCAL: state, **{name: root.resolve() for name, root in region_roots.items()}}

    def create(self, tenant_id: str, region: str) -> None:
        """Make the tenant's folder under its region's root.

        Raises:
            InvalidInput: Roots are set, but none for this region.
        """
        if self._find(tenant_id) is None:
            self._folder(tenant_id, self._root(region)).mkdir(parents=True, mode=0o700)

    def exists(self, tenant_id: str) -> bool:
        """Return whether the tenant has a folder."""
        return self._find(tenant_id) is not None

    def open(self, tenant_id: str) -> Database:
        """Open the tenant's file."""
        from tenants.databases.sqlite import SqliteFile  # noqa: PLC0415 - start-up time

        return SqliteFile(self.folder(tenant_id) / _FILE)

    def drop(self, tenant_id: str) -> None:
        """Remove the tenant's folder."""
        folder = self._find(tenant_id)
        if folder is not None:
            shutil.rmtree(folder)

    def set_aside(self, tenant_id: str) -> None:
        """Give the tenant's file another name, by which it goes with the folder when that is dropped."""
        folder = self._find(tenant_id)
        if folder is None:
            return
        number = len(list(folder.glob(f"{_FILE}.damaged-*"))) + 1
        for suffix in ("-shm", "-wal", ""):
            path = folder / f"{_FILE}{suffix}"
            if path.exists():
                path.rename(folder / f"{_FILE}.damaged-{number}{suffix}")

    def tenant_ids(self) -> list[str]:
        """Return every tenant that has a folder, in order."""
        folders = (each for root in set(self._roots.values()) for each in root.glob("tenants/*/"))
        return sorted({each.name for each in folders if _TENANT_ID.fullmatch(each.name)})

    def folder(self, tenant_id: str) -> Path:
        """Return the tenant's folder.

        Raises:
            NotFound: There is none.
        """
        folder = self._find(tenant_id)
        if folder is None:
            message = "There is no such tenant; check the id."
            raise NotFound(message, "tenant_not_found")
        return folder

    def _root(self, region: str) -> Path:
        if region in self._roots or len(self._roots) > 1:
            root = self._roots.get(region)
            if root is None:
                message = f"The region {region!r} has no storage root; add it to LOKI_REGION_ROOTS."
                raise InvalidInput(message, "region_without_root", region=region)
            return root
        return self._roots[LOCAL]

    def _find(self, tenant_id: str) -> Path | None:
        folders = (self._folder(checked(tenant_id), root) for root in self._roots.values())
        return next((folder for folder in folders if folder.is_dir()), None)

    @staticmethod
    def _folder(tenant_id: str, root: Path) -> Path:
        return root / "tenants" / tenant_id
