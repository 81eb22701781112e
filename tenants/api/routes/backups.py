"""Backups of one tenant and their restore, for the platform's operator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.api.protection_models import BackupOut, RestoredOut, RestoreIn
from tenants.api.routes.tenants import reachable

if TYPE_CHECKING:
    from tenants.protection.backups import Backup, Backups
    from tenants.tenancy import Tenant

routes = APIRouter(prefix="/v1/tenants/{tenant_id}", tags=["data protection"], route_class=GuardedRoute)

Operator = Annotated[Granted, Depends(allow("tenants:manage"))]


@routes.get("/backups", response_model=list[BackupOut], summary="List a tenant's backups")
def list_backups(tenant_id: str, granted: Operator) -> list[Backup]:
    """Return a tenant's backups, newest first (staff: operator)."""
    return _backups(granted).all(reachable(tenant_id, granted))


@routes.post("/backups", response_model=BackupOut, status_code=201, summary="Back a tenant up")
def make_backup(tenant_id: str, granted: Operator) -> Backup:
    """Back one tenant up, alone, while it goes on working (staff: operator)."""
    return _backups(granted).make(reachable(tenant_id, granted), granted.actor)


@routes.post("/restores", response_model=RestoredOut, summary="Restore a backup")
def restore(tenant_id: str, body: RestoreIn, granted: Operator) -> Tenant:
    """Put a backup in the place of the tenant's data, or make a new tenant of it (staff: operator).

    Into the same tenant: its users, keys and plan stay as they are now. Other tenants keep working.
    """
    backups, tenant = _backups(granted), reachable(tenant_id, granted)
    path = backups.made_at(tenant, body.at).path
    if body.as_new is not None:
        return backups.restore_as_new(tenant, path, body.as_new, granted.actor)
    backups.restore(tenant, path, granted.actor)
    return tenant


def _backups(granted: Granted) -> Backups:
    from tenants.protection.backups import Backups  # noqa: PLC0415 - start-up time

    return Backups(granted.deps.control, granted.deps.stores)
