"""Tenants: their own record, and all of them for the platform's staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from fastapi import APIRouter, Depends

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.api.idempotency import Once, once
from tenants.api.models import ReasonIn, TenantChange, TenantIn, TenantOut
from tenants.api.protection_models import EntitlementsOut
from tenants.billing.closing import Closing
from tenants.errors import NotAllowed, NotFound
from tenants.tenancy import NewTenant, Overrides
from tenants.tenancy.checks import require_plan_free
from tenants.tenancy.provisioning import provision

if TYPE_CHECKING:
    from starlette.responses import Response

    from tenants.tenancy import Tenant

routes = APIRouter(prefix="/v1/tenants", tags=["tenants"], route_class=GuardedRoute)

SignedIn = Annotated[Granted, Depends(allow(None))]
SettingsManager = Annotated[Granted, Depends(allow("settings:manage"))]
SettingsReader = Annotated[Granted, Depends(allow("settings:read"))]
# Who is to close first cancels, and must not be asked to pay then.
Closer = Annotated[Granted, Depends(allow("tenant:close", is_billing=True))]
Operator = Annotated[Granted, Depends(allow("tenants:manage"))]


_OF_STAFF = {"plan", "overrides"}


@routes.get("", response_model=list[TenantOut], summary="List tenants")
def list_tenants(granted: SignedIn) -> list[Tenant]:
    """Return the caller's own tenant; staff who may read tenants get all of them."""
    if granted.principal.kind == "staff" and "tenants:read" in granted.principal.permissions:
        return granted.deps.control.tenants.all()
    return [granted.tenant]


@routes.post("", response_model=TenantOut, status_code=201, summary="Create a tenant")
def create_tenant(
    body: TenantIn, granted: Operator, request_once: Annotated[Once, Depends(once)]
) -> Response:
    """Make a tenant with its store (staff: operator)."""
    deps, new = granted.deps, NewTenant(**body.model_dump())
    return request_once.run(
        granted, lambda: provision(deps.control, deps.stores, new, granted.actor), TenantOut, 201
    )


@routes.get("/{tenant_id}", response_model=TenantOut, summary="Get a tenant")
def get_tenant(tenant_id: str, granted: SignedIn) -> Tenant:
    """Return a tenant: one's own, or any for staff who may read tenants."""
    return reachable(tenant_id, granted)


@routes.patch("/{tenant_id}", response_model=TenantOut, summary="Change a tenant")
def change_tenant(tenant_id: str, body: TenantChange, granted: SettingsManager) -> Tenant:
    """Change what a tenant sets of itself; staff also its limits, and a plan not subscribed to."""
    tenant = reachable(tenant_id, granted)
    fields = body.model_dump(exclude_unset=True)
    if _OF_STAFF & fields.keys() and "tenants:manage" not in granted.principal.permissions:
        message = "Plan and limits follow the subscription; change it under /v1/billing."
        raise NotAllowed(message, "permission_missing", permission="tenants:manage")
    require_plan_free(tenant, fields.get("plan"))
    if fields.get("modules") is not None:
        fields["modules"] = tuple(fields["modules"])
    if "overrides" in fields:
        fields["overrides"] = Overrides(**{**(fields["overrides"] or {}), "seats": tenant.overrides.seats})
    return granted.deps.control.tenants.update(tenant.tenant_id, granted.actor, **fields)


@routes.post("/{tenant_id}/deactivate", response_model=TenantOut, summary="Take a tenant out of service")
def deactivate_tenant(tenant_id: str, granted: Operator, body: ReasonIn | None = None) -> Tenant:
    """Answer the tenant's calls with 503 until it is reactivated (staff: operator)."""
    return granted.deps.control.tenants.deactivate(tenant_id, granted.actor, _reason(body))


@routes.post("/{tenant_id}/reactivate", response_model=TenantOut, summary="Put a tenant back into service")
def reactivate_tenant(tenant_id: str, granted: Operator, body: ReasonIn | None = None) -> Tenant:
    """Undo a deactivation (staff: operator); what waits for its erasure stays out of service."""
    from tenants.protection.erasure import Erasures  # noqa: PLC0415 - start-up time

    Erasures(granted.deps.control, granted.deps.stores).require_none_due(tenant_id)
    return granted.deps.control.tenants.reactivate(tenant_id, granted.actor, _reason(body))


@routes.post("/{tenant_id}/close", response_model=TenantOut, summary="Close a tenant")
def close_tenant(tenant_id: str, granted: Closer, body: ReasonIn | None = None) -> Tenant:
    """End a tenant for good, one's own or as operator any; its data stays until it is erased.

    Whose subscription goes on, or is paid for some days more, is not closed: cancel it from now on first, or
    wait. Open Checkout pages and schedules of a later subscription end with it.
    """
    tenant = reachable(tenant_id, granted)
    return Closing.of(granted.deps.control).close(tenant, granted.actor, _reason(body))


@routes.get("/{tenant_id}/entitlements", summary="What a tenant may use")
def get_entitlements(tenant_id: str, granted: SettingsReader) -> EntitlementsOut:
    """Return modules, features and limits that hold now, and what of them is not the plan's."""
    tenant = reachable(tenant_id, granted)
    control = granted.deps.control
    may = control.tenants.entitlements(tenant)
    return EntitlementsOut(
        plan=may.plan,
        modules=list(may.modules),
        features=sorted(may.features),
        quotas={meter: None if units is None else f"{units:f}" for meter, units in may.quotas.items()},
        user_limit=may.user_limit,
        active_users=control.users.seats(tenant.tenant_id),
        rate_limit_per_minute=may.rate_limit_per_minute,
        overage_meters=sorted(may.overage_meters),
        overrides=msgspec.to_builtins(tenant.overrides),
    )


def reachable(tenant_id: str, granted: Granted) -> Tenant:
    """Return one's own tenant, or any for staff who may read tenants; its log tells of their look.

    Raises:
        NotFound: There is none, or it is another's: the two look the same.
    """
    is_staff = granted.principal.kind == "staff" and "tenants:read" in granted.principal.permissions
    if not is_staff and granted.tenant.tenant_id != tenant_id:
        message = "There is no such tenant; check the id or slug."
        raise NotFound(message, "tenant_not_found")
    tenant = granted.deps.control.tenants.get(tenant_id)
    granted.look_into(tenant.tenant_id)
    return tenant


def _reason(body: ReasonIn | None) -> str | None:
    return None if body is None else body.reason
