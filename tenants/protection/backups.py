"""One tenant's backup, sealed with its own key, and its restore into the same or a new tenant."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from tenants.audit.records import Change
from tenants.control.tables import users
from tenants.errors import Conflict, InvalidInput, NotFound, Unavailable
from tenants.ids import new_id
from tenants.protection.portable import TABLES, read_rows, replace_rows
from tenants.protection.sealed_file import read_sealed, write_sealed
from tenants.tenancy import NewTenant
from tenants.tenancy.provisioning import provision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tenants.audit import Actor
    from tenants.control import ControlPlane
    from tenants.protection.portable import Row
    from tenants.stores import TenantStores
    from tenants.tenancy import Tenant

FORMAT = 1
_NAME = re.compile(r"(\d{8}T\d{12}Z)\.backup")
_LOST = frozenset({"tenant_not_found", "store_damaged"})
_STAMP = "%Y%m%dT%H%M%S%fZ"
_KEPT_OF_TENANT = (
    "name", "plan", "region", "time_zone", "language", "billing_email", "retention_days", "is_audited",
    "keeps_documents",
)  # fmt: skip


class Header(msgspec.Struct, frozen=True, tag="header"):
    """What a backup begins with."""

    format: int
    tenant_id: str
    at: datetime
    tenant: dict[str, Any]
    users: list[dict[str, Any]]


class StoreRow(msgspec.Struct, frozen=True, tag="row"):
    """One row of the store."""

    table: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that lies there."""

    tenant_id: str
    at: datetime
    path: Path
    size: int


class Backups:
    """Backups of tenants, under the root of each tenant's region.

    Args:
        control: The tenants and their keys.
        stores: Their data.
    """

    def __init__(self, control: ControlPlane, stores: TenantStores) -> None:
        self._control = control
        self._stores = stores

    def folder(self, tenant: Tenant) -> Path:
        """Return where a tenant's backups lie."""
        settings = self._control.settings
        root = settings.region_roots.get(tenant.region, settings.state())
        return root / "backups" / tenant.tenant_id

    def all(self, tenant: Tenant) -> list[Backup]:
        """Return a tenant's backups, newest first."""
        found = []
        for path in sorted(self.folder(tenant).glob("*.backup"), reverse=True):
            named = _NAME.fullmatch(path.name)
            if named:
                at = datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC)
                found.append(Backup(tenant.tenant_id, at, path, path.stat().st_size))
        return found

    def made_at(self, tenant: Tenant, at: datetime) -> Backup:
        """Return a tenant's backup of a time.

        Raises:
            NotFound: There is none.
        """
        for backup in self.all(tenant):
            if backup.at == at:
                return backup
        message = "The tenant has no backup of that time; the list of its backups shows the times there are."
        raise NotFound(message, "backup_not_found")

    def make(self, tenant: Tenant, by: Actor) -> Backup:
        """Back a tenant up, and return the backup once it is durable.

        Raises:
            Conflict: The tenant is erased.
        """
        now = self._now()
        path = self.folder(tenant) / f"{now.strftime(_STAMP)}.backup"
        size = write_sealed(path, self._key(tenant), tenant.tenant_id, self._records(tenant, now))
        self._tell(tenant, "backup_made", by, file=path.name, bytes=size)
        return Backup(tenant.tenant_id, now, path, size)

    def forget_old(self, tenant: Tenant) -> int:
        """Delete backups older than the tenant's days of retention, but never the newest; return how many."""
        oldest = self._now() - timedelta(days=tenant.retention_days)
        old = [backup for backup in self.all(tenant)[1:] if backup.at < oldest]
        for backup in old:
            backup.path.unlink()
        return len(old)

    def verify(self, tenant: Tenant, path: Path) -> dict[str, int]:
        """Read a backup to its end and return the rows it holds, by table.

        Raises:
            InvalidInput: It is damaged or another tenant's.
        """
        counts = dict.fromkeys(TABLES, 0)
        for record in self._decoded(tenant, path):
            if isinstance(record, StoreRow):
                counts[record.table] += 1
        return counts

    def restore(self, tenant: Tenant, path: Path, by: Actor) -> dict[str, int]:
        """Put a backup's store in the place of the tenant's own; return the rows, by table.

        A store that is lost, or so damaged that nothing can be put into it, is begun anew.
        """
        self.verify(tenant, path)
        try:
            counts, told = self._replaced(tenant, path), {}
        except (NotFound, Unavailable) as error:
            if error.code not in _LOST:
                raise
            self._stores.begin_anew(tenant.tenant_id, tenant.region)
            counts, told = self._replaced(tenant, path, self._behind()), {"store": "begun anew"}
        self._tell(tenant, "backup_restored", by, file=path.name, rows=sum(counts.values()), **told)
        return counts

    def _replaced(self, tenant: Tenant, path: Path, behind: int = 0) -> dict[str, int]:
        with self._stores.leased(tenant.tenant_id) as database:
            return replace_rows(database, self._rows(tenant, path), lambda _, row: row, behind)

    def _behind(self) -> int:
        """Return a number above all that a lost store can have given: since 1970, a thousand a second."""
        return int(self._now().timestamp() * 1000)

    def restore_as_new(self, tenant: Tenant, path: Path, slug: str, by: Actor) -> Tenant:
        """Make a new tenant of a backup: same data and people, fresh ids, no keys and no subscription."""
        self.verify(tenant, path)
        header = self._header(tenant, path)
        fields = {
            name: header.tenant[name] for name in _KEPT_OF_TENANT if name in NewTenant.__struct_fields__
        }
        made = provision(self._control, self._stores, NewTenant(slug=slug, **fields), by)
        rest = {name: header.tenant[name] for name in _KEPT_OF_TENANT if name not in fields}
        made = self._control.tenants.update(made.tenant_id, by, "tenant_restored", **rest)
        with self._stores.leased(made.tenant_id) as database:
            replace_rows(database, self._rows(tenant, path), _fresh_ids())
        self._control.database.write(lambda connection: self._add_users(connection, made, header))
        self._tell(made, "backup_restored", by, file=path.name, source=tenant.tenant_id)
        return made

    def _add_users(self, connection: sa.Connection, tenant: Tenant, header: Header) -> None:
        for user in header.users:
            row = {**user, "user_id": new_id("usr"), "tenant_id": tenant.tenant_id}
            for name in ("created_at", "updated_at", "last_active_at"):
                row[name] = None if row[name] is None else datetime.fromisoformat(row[name])
            connection.execute(sa.insert(users).values(row))

    def _records(self, tenant: Tenant, now: datetime) -> Iterator[bytes]:
        encode = msgspec.msgpack.Encoder().encode
        with self._control.database.read() as connection:
            people = connection.execute(sa.select(users).where(users.c.tenant_id == tenant.tenant_id))
            kept = [msgspec.to_builtins(row._asdict()) for row in people]
        yield encode(Header(FORMAT, tenant.tenant_id, now, msgspec.to_builtins(tenant), kept))
        with self._stores.leased(tenant.tenant_id) as database, database.read() as rows:
            for table, row in read_rows(rows):
                yield encode(StoreRow(table, row))

    def _decoded(self, tenant: Tenant, path: Path) -> Iterator[Header | StoreRow]:
        decode = msgspec.msgpack.Decoder(Header | StoreRow).decode
        for record in read_sealed(path, self._key(tenant), tenant.tenant_id):
            yield decode(record)

    def _header(self, tenant: Tenant, path: Path) -> Header:
        header = next(iter(self._decoded(tenant, path)))
        if not isinstance(header, Header) or header.format != FORMAT:
            message = f"{path} has a format that this version does not read; use the version that wrote it."
            raise InvalidInput(message, "backup_format")
        return header

    def _rows(self, tenant: Tenant, path: Path) -> Iterator[tuple[str, Row]]:
        for record in self._decoded(tenant, path):
            if isinstance(record, StoreRow):
                yield record.table, record.values

    def _key(self, tenant: Tenant) -> bytes:
        now = self._now()
        key = self._control.database.write(
            lambda connection: self._control.encryption.key(connection, tenant.tenant_id, now)
        )
        if key is None:
            message = "The tenant is erased and its key destroyed; its backups cannot be read by anyone."
            raise Conflict(message, "tenant_erased")
        return key

    def _tell(self, tenant: Tenant, action: str, by: Actor, **detail: Any) -> None:  # noqa: ANN401 - facts of an entry
        tenant_id = tenant.tenant_id
        change = Change(
            action=action, object_type="tenant", object_id=tenant_id, tenant_id=tenant_id, detail=detail
        )
        self._control.audit.record(by, change)

    def _now(self) -> datetime:
        return self._control.clock.now()


def _renamed(packed: bytes, old: str, new: str) -> bytes:
    return zlib.compress(zlib.decompress(packed).replace(old.encode(), new.encode()), 1)


def _fresh_ids() -> Callable[[str, Row], Row | None]:
    """Return a change of rows that gives each run a new id wherever it is named.

    Two tenants never share the id of a run: reports across tenants count by it.
    """
    new: dict[str, str] = {}

    def fresh(run_id: str | None) -> str | None:
        return None if run_id is None else new.setdefault(run_id, new_id("val"))

    def change(table: str, row: Row) -> Row | None:
        if table == "batches":  # what was answered for them names the old ids
            return None
        columns = TABLES[table]
        values = dict(zip(columns, row, strict=True))
        old = values.get("run_id")
        if old is not None:
            values["run_id"] = fresh(old)
            for name in ("result", "response"):
                if values.get(name) is not None:
                    values[name] = _renamed(values[name], old, str(values["run_id"]))
        if table == "usage_records" and values["record_id"] in new:
            values["record_id"] = new[values["record_id"]]
        return tuple(values.values())

    return change
