"""The tenant's audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query

from tenants.api.access import Granted, allow
from tenants.api.models import AuditOut, LoggedRequestOut

if TYPE_CHECKING:
    from tenants.audit import AuditEntry
    from tenants.stores.requests import LoggedRequest

routes = APIRouter(prefix="/v1/audit", tags=["audit"])

Reader = Annotated[Granted, Depends(allow("audit:read"))]


@routes.get("", response_model=list[AuditOut], summary="List audit entries")
def list_entries(
    granted: Reader,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    before: Annotated[int | None, Query(ge=1, le=2**62, description="Entries older than this `seq`.")] = None,
    action: Annotated[str | None, Query(max_length=100)] = None,
) -> list[AuditEntry]:
    """Return the tenant's entries, newest first."""
    audit = granted.deps.control.audit
    return audit.entries(tenant_id=granted.tenant.tenant_id, action=action, before=before, limit=limit)


@routes.get("/requests", response_model=list[LoggedRequestOut], summary="List logged requests")
def list_requests(
    granted: Reader,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    before: Annotated[
        int | None, Query(ge=1, le=2**62, description="Requests older than this `seq`.")
    ] = None,
) -> list[LoggedRequest]:
    """Return the tenant's requests, newest first, from when it switched their log on."""
    return granted.store.requests(limit, before)
