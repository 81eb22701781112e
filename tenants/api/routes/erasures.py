"""Erasure on request: asked for by an owner, carried out by the operator within thirty days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.api.protection_models import ErasureIn, ErasureOut
from tenants.api.routes.tenants import reachable
from tenants.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from tenants.protection.erasure import Erasure, Erasures
    from tenants.tenancy import Tenant

routes = APIRouter(prefix="/v1", tags=["data protection"], route_class=GuardedRoute)

Closer = Annotated[Granted, Depends(allow("tenant:close", is_billing=True))]
Operator = Annotated[Granted, Depends(allow("tenants:manage"))]


@routes.post(
    "/tenants/{tenant_id}/erasure",
    response_model=ErasureOut,
    status_code=202,
    summary="Ask for a tenant's erasure",
)
def request_erasure(tenant_id: str, body: ErasureIn, granted: Closer) -> Erasure:
    """Take the tenant out of service now and have everything of it erased within 30 days.

    Until then the platform's support can take it back. Asking again changes nothing. A subscription is
    not renewed meanwhile; the erasure cancels what of it is left, without a refund.
    """
    tenant = reachable(tenant_id, granted)
    _require_slug(body, tenant)
    return _erasures(granted).request(tenant, granted.actor)


@routes.delete("/tenants/{tenant_id}/erasure", status_code=204, summary="Take an erasure back")
def withdraw_erasure(tenant_id: str, granted: Operator) -> None:
    """Take a request back and put the tenant into service again (staff: operator)."""
    _erasures(granted).withdraw(granted.deps.control.tenants.get(tenant_id), granted.actor)


@routes.post(
    "/tenants/{tenant_id}/erasure/hasten",
    response_model=ErasureOut,
    status_code=202,
    summary="Have an erasure carried out in the next night",
)
def hasten_erasure(tenant_id: str, body: ErasureIn, granted: Operator) -> Erasure:
    """Make a request that waits due now; the nightly run carries it out (staff: operator).

    Until then it can still be taken back. `loki erase run` carries it out at once.
    """
    tenant = reachable(tenant_id, granted)
    _require_slug(body, tenant)
    return _erasures(granted).hasten(tenant, granted.actor)


@routes.get("/tenants/{tenant_id}/erasure/plan", summary="List what an erasure would remove")
def plan_erasure(tenant_id: str, granted: Closer) -> dict[str, int]:
    """Count rows and files of the tenant in the control plane, its store and its backups; nothing changes.

    Subscriptions that would be canceled are counted too. `loki erase plan` counts what is in the warehouse
    beside it, and asks Stripe what would end there.
    """
    return _erasures(granted).plan(reachable(tenant_id, granted))


@routes.get("/erasures", response_model=list[ErasureOut], summary="List erasures")
def list_erasures(granted: Operator) -> list[Erasure]:
    """Return every request, oldest first, with its certificate where it is done (staff: operator)."""
    return _erasures(granted).all()


@routes.get("/erasures/{anonymous_id}", response_model=ErasureOut, summary="Get an erasure's certificate")
def get_erasure(anonymous_id: str, granted: Operator) -> Erasure:
    """Return one request with its certificate (staff: operator).

    Raises:
        NotFound: There is none under that id.
    """
    for each in _erasures(granted).all():
        if each.anonymous_id == anonymous_id:
            return each
    message = "There is no erasure under that id; see the list of erasures."
    raise NotFound(message, "erasure_not_found")


def _require_slug(body: ErasureIn, tenant: Tenant) -> None:
    if body.slug != tenant.slug:
        message = "The slug is not this tenant's; repeat it to confirm that all of its data is to be erased."
        raise InvalidInput(message, "slug_not_confirmed")


def _erasures(granted: Granted) -> Erasures:
    from tenants.protection.erasure import Erasures  # noqa: PLC0415 - start-up time

    return Erasures(granted.deps.control, granted.deps.stores)
