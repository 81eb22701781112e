"""The audit trail of the whole platform, for its operators."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import StreamingResponse

from tenants.api.access import Granted, allow
from tenants.api.fields import Moment  # noqa: TC001 - pydantic needs it at run time
from tenants.api.guarded import GuardedRoute
from tenants.api.lines import attached
from tenants.api.models import PlatformAuditOut
from tenants.errors import NotFound

if TYPE_CHECKING:
    from tenants.audit import AuditEntry

routes = APIRouter(prefix="/v1/audit/platform", tags=["audit"], route_class=GuardedRoute)

Operator = Annotated[Granted, Depends(allow("operations:read"))]
TenantId = Annotated[str | None, Query(max_length=100, description="Only this tenant's, also once erased.")]


@routes.get("", response_model=list[PlatformAuditOut], summary="List the platform's audit entries")
def list_entries(  # noqa: PLR0913, PLR0917 - the filters of one route
    granted: Operator,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    before: Annotated[int | None, Query(ge=1, le=2**62, description="Entries older than this `seq`.")] = None,
    tenant_id: TenantId = None,
    action: Annotated[str | None, Query(max_length=100)] = None,
    actor: Annotated[str | None, Query(max_length=100, description="Id of who acted.")] = None,
    since: Annotated[Moment | None, Query(description="From this time on.")] = None,
    until: Annotated[Moment | None, Query(description="Before this time.")] = None,
) -> list[AuditEntry]:
    """Return entries of every tenant and of the platform itself, newest first (staff: operator).

    Personal fields of a tenant's entries come with `tenant_id` only, and its trail tells of that look.
    """
    found = granted.deps.control.audit.entries(
        before=before,
        limit=limit,
        tenant_id=tenant_id,
        action=action,
        actor=actor,
        since=since,
        until=until,
    )
    _tell(granted, tenant_id)
    return [_shown(entry, tenant_id) for entry in found]


@routes.get(
    "/export",
    summary="Export the platform's audit entries",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/x-ndjson": {}}, "description": "An entry a line."}},
)
def export_entries(granted: Operator, tenant_id: TenantId = None) -> StreamingResponse:
    """Return every entry, oldest first, an entry a line; the head behind them is signed (staff: operator).

    Personal fields of a tenant's entries come with `tenant_id` only, and its trail tells of that look.
    """
    from tenants.audit.heads import Heads  # noqa: PLC0415 - start-up time

    control = granted.deps.control
    _tell(granted, tenant_id)
    head = Heads(control).sign()
    entries = control.audit.oldest_first(tenant_id=tenant_id)
    return attached((_shown(entry, tenant_id) for entry in entries), "platform-audit", head)


def _shown(entry: AuditEntry, tenant_id: str | None) -> AuditEntry:
    return entry if entry.tenant_id == tenant_id else replace(entry, personal=None)


def _tell(granted: Granted, tenant_id: str | None) -> None:
    if tenant_id is None:
        return
    try:
        granted.look_into(granted.deps.control.tenants.get(tenant_id).tenant_id)
    except NotFound:  # erased, and its personal fields with it: nothing of it is left to look at
        return
