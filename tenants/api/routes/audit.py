"""The tenant's audit trail."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import StreamingResponse

from tenants.api.access import Granted, allow
from tenants.api.fields import Moment  # noqa: TC001 - pydantic needs it at run time
from tenants.api.guarded import GuardedRoute
from tenants.api.lines import attached
from tenants.api.models import AuditOut, LoggedRequestOut
from tenants.api.protection_models import AuditVerdictOut

if TYPE_CHECKING:
    from tenants.audit import AuditEntry
    from tenants.stores.requests import LoggedRequest

routes = APIRouter(prefix="/v1/audit", tags=["audit"], route_class=GuardedRoute)

Reader = Annotated[Granted, Depends(allow("audit:read"))]
Operator = Annotated[Granted, Depends(allow("operations:read"))]


@routes.get("", response_model=list[AuditOut], summary="List audit entries")
def list_entries(
    granted: Reader,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    before: Annotated[int | None, Query(ge=1, le=2**62, description="Entries older than this `seq`.")] = None,
    action: Annotated[str | None, Query(max_length=100)] = None,
    actor: Annotated[str | None, Query(max_length=100, description="Id of who acted.")] = None,
    since: Annotated[Moment | None, Query(description="From this time on.")] = None,
    until: Annotated[Moment | None, Query(description="Before this time.")] = None,
) -> list[AuditEntry]:
    """Return the tenant's entries, newest first."""
    return granted.deps.control.audit.entries(
        before=before,
        limit=limit,
        tenant_id=granted.tenant.tenant_id,
        action=action,
        actor=actor,
        since=since,
        until=until,
    )


@routes.get(
    "/export",
    summary="Export the tenant's audit entries",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/x-ndjson": {}}, "description": "An entry a line."}},
)
def export_entries(granted: Reader) -> StreamingResponse:
    """Return every entry of the tenant, oldest first, an entry a line; the head behind them is signed."""
    from tenants.audit.heads import Heads  # noqa: PLC0415 - start-up time

    control = granted.deps.control
    head = Heads(control).signed()
    return attached(control.audit.oldest_first(tenant_id=granted.tenant.tenant_id), "audit", head)


@routes.get("/verification", summary="Verify the audit trail")
def verify(granted: Operator) -> AuditVerdictOut:
    """Check that no entry of any tenant was changed, removed or cut off (staff: operator)."""
    from tenants.audit.heads import Heads  # noqa: PLC0415 - start-up time

    heads = Heads(granted.deps.control)
    verdict = heads.verify()
    return AuditVerdictOut(
        is_sound=verdict.is_sound,
        entries=verdict.entries,
        heads=verdict.heads,
        first_broken=verdict.first_broken,
        missing=list(verdict.missing),
        forged=list(verdict.forged),
        public_key=heads.public_key(),
    )


@routes.get(
    "/evidence",
    summary="Evidence for SOC 2",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/x-ndjson": {}}, "description": "A record a line."}},
)
def evidence(
    granted: Operator, since: Annotated[Moment | None, Query(description="From this time on.")] = None
) -> StreamingResponse:
    """Return access review, changes, refusals, drills, retention and integrity, each with its criterion.

    Staff: operator.
    """
    from tenants.protection.evidence import evidence as records  # noqa: PLC0415 - start-up time

    found = list(records(granted.deps.control, since or datetime.fromtimestamp(0, UTC)))
    return attached(found, "soc2-evidence")


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
