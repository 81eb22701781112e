"""What the edge tells the audit log: refused access, and every look of staff into a tenant's data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenants.audit import Change
from tenants.stores.requests import LoggedRequest

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Scope

    from tenants.api.access import Granted
    from tenants.api.deps import Deps
    from tenants.audit import Actor
    from tenants.errors import PlatformError
    from tenants.sessions import Principal

# Refused for who is asking. A call that is unknown, unpaid or too fast is counted, not kept:
# whoever sends a million of them must not fill the log.
_TOLD = frozenset(
    {"wrong_tenant", "permission_missing", "module_not_in_plan", "feature_not_in_plan", "cross_site"}
)


def tell_refusal(
    deps: Deps, request: Request, actor: Actor, principal: Principal | None, refusal: PlatformError
) -> None:
    """Keep a refusal in the log of the caller's own tenant."""
    if principal is None or refusal.code not in _TOLD:
        return
    change = Change(
        action="access_refused",
        object_type="route",
        object_id=f"{request.method} {_route(request)}",
        tenant_id=principal.tenant_id,
        detail={"code": refusal.code},
    )
    deps.control.audit.record(actor, change)


def tell_look(deps: Deps, request: Request, actor: Actor, tenant_id: str) -> None:
    """Keep a look of staff into a tenant's data in that tenant's log."""
    change = Change(
        action="tenant_data_seen",
        object_type="route",
        object_id=f"{request.method} {_route(request)}",
        tenant_id=tenant_id,
    )
    deps.control.audit.record(actor, change)


def log_request(scope: Scope, status: int) -> None:
    """Keep an answered request in the log of the tenant it was for."""
    granted: Granted = scope["state"]["granted"]
    request = LoggedRequest(
        at=granted.deps.clock.now(),
        actor_kind=granted.principal.kind,
        actor_id=granted.principal.principal_id,
        method=scope["method"],
        route=str(getattr(scope.get("route"), "path", "unknown")),
        status_code=status,
    )
    granted.store.log_request(request)


def _route(request: Request) -> str:
    route = request.scope.get("route")
    return str(getattr(route, "path", "unknown"))
