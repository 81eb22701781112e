"""What staff has done with backups and stores."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tenants.errors import PlatformError, Unavailable
from tenants.protection.backups import Backups

if TYPE_CHECKING:
    from tenants.tasks.records import Outcome, Work


def back_up_all(work: Work) -> Outcome:
    """Back every tenant up, one after another; one that fails stops no other.

    Raises:
        Unavailable: Some failed; what was found tells which, and why.
    """
    backups, size = Backups(work.control, work.stores), 0
    failed: dict[str, str] = {}
    present = [tenant for tenant in work.control.tenants.all() if tenant.erased_at is None]
    for number, tenant in enumerate(present, 1):
        try:
            size += backups.make(tenant, work.by).size
        except PlatformError as error:
            failed[tenant.tenant_id] = error.message
            work.find(tenant.tenant_id, {"failure": error.message})
        if work.task.parameters.get("forget_old"):
            backups.forget_old(tenant)
        work.tell(number, len(present))
    if failed:
        message = f"{len(failed)} of {len(present)} tenants could not be backed up; the others were."
        raise Unavailable(message, "backups_incomplete", failures=failed)
    return {"tenants": len(present), "bytes": size}


def verify_backup(work: Work) -> Outcome:
    """Read a tenant's backup to its end and count what it holds.

    Raises:
        InvalidInput: It is damaged.
        NotFound: There is none of that time.
    """
    tenant = work.control.tenants.get(str(work.task.tenant_id))
    backups = Backups(work.control, work.stores)
    made = backups.made_at(tenant, datetime.fromisoformat(work.task.parameters["at"]))
    return {table: rows for table, rows in backups.verify(tenant, made.path).items() if rows}


def migrate_stores(work: Work) -> Outcome:
    """Bring every tenant's store to the newest schema; one that fails stops no other.

    Raises:
        Unavailable: Some failed; what was found tells which, and why. Running it again takes them up.
    """
    outcomes = work.stores.migrate(work.tell)
    failed = {tenant_id: str(told) for tenant_id, told in outcomes.items() if isinstance(told, Exception)}
    for tenant_id, failure in failed.items():
        work.find(tenant_id, {"failure": failure})
    if failed:
        message = (
            f"{len(failed)} of {len(outcomes)} stores could not be migrated; the others are up to date. "
            "Mend the cause and run it again."
        )
        raise Unavailable(message, "migration_incomplete", failures=failed)
    return {"stores": len(outcomes), "migrated": sum(1 for steps in outcomes.values() if steps)}
