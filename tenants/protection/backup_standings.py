"""How each tenant's backups stand: the newest, how many there are, whether one was read to its end."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from tenants.protection.backups import Backups
from tenants.tasks.ledger import Tasks
from tenants.tasks.records import Kind

if TYPE_CHECKING:
    from tenants.control import ControlPlane
    from tenants.protection.backups import Backup
    from tenants.stores import TenantStores
    from tenants.tasks.records import Task
    from tenants.tenancy import Tenant


class BackupStanding(msgspec.Struct, frozen=True, kw_only=True):
    """One tenant's backups.

    Attributes:
        newest_at: When the newest was made; None without any.
        size: The newest one's, in bytes.
        backups: How many there are.
        verified_at: When one was last read to its end.
        verified_backup_at: When that one was made.
        is_sound: Whether it was whole; None where none was read.
        failure: What was wrong with it.
    """

    tenant_id: str
    slug: str
    newest_at: datetime | None
    size: int | None
    backups: int
    verified_at: datetime | None = None
    verified_backup_at: datetime | None = None
    is_sound: bool | None = None
    failure: str | None = None


def backup_standings(control: ControlPlane, stores: TenantStores) -> list[BackupStanding]:
    """Return every tenant's, those without a backup first, then the one whose newest is oldest."""
    backups, verified = Backups(control, stores), Tasks(control).newest_by_tenant(Kind.verify_backup)
    found = [
        _standing(tenant, backups.all(tenant), verified.get(tenant.tenant_id))
        for tenant in control.tenants.all()
        if tenant.erased_at is None
    ]
    return sorted(found, key=lambda each: (each.newest_at is not None, each.newest_at, each.slug))


def _standing(tenant: Tenant, there: list[Backup], verification: Task | None) -> BackupStanding:
    standing = BackupStanding(
        tenant_id=tenant.tenant_id,
        slug=tenant.slug,
        newest_at=there[0].at if there else None,
        size=there[0].size if there else None,
        backups=len(there),
    )
    if verification is None:
        return standing
    return msgspec.structs.replace(
        standing,
        verified_at=verification.finished_at,
        verified_backup_at=datetime.fromisoformat(verification.parameters["at"]),
        is_sound=verification.failure is None,
        failure=verification.failure,
    )
