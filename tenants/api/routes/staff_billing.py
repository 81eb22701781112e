"""Everyone's billing for the platform's own people: compared with Stripe, charged for overage, repaired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.api.idempotency import Once, once
from tenants.api.task_models import (
    ChargeOut,
    CompareIn,
    ComparisonOut,
    DifferenceOut,
    InboxOut,
    PricesOut,
    TaskOut,
)
from tenants.errors import NotFound
from tenants.tasks.records import Kind

if TYPE_CHECKING:
    from starlette.responses import Response

    from tenants.billing.outboxes import Charge
    from tenants.tasks import Task, Tasks

routes = APIRouter(prefix="/v1/staff/billing", tags=["staff"], route_class=GuardedRoute)

Reader = Annotated[Granted, Depends(allow("revenue:read"))]
Operator = Annotated[Granted, Depends(allow("tenants:manage"))]
AskedOnce = Annotated[Once, Depends(once)]
_LATER: dict[str, Any] = {"response_model": TaskOut, "status_code": 202}


@routes.get("/comparisons", response_model=list[TaskOut], summary="List comparisons with Stripe")
def list_comparisons(granted: Reader, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> list[Task]:
    """Return comparisons, newest first, those of every night among them (staff: operator, revenue)."""
    return _tasks(granted).newest([Kind.compare_billing], limit)


@routes.post("/comparisons", **_LATER, summary="Compare billing with Stripe")
def compare(
    body: CompareIn,
    granted: Operator,
    request_once: AskedOnce,
    tenant_id: Annotated[
        str | None, Query(max_length=100, description="The one tenant to compare; left out: all.")
    ] = None,
) -> Response:
    """Compare in the background and, unless told otherwise, take in what Stripe says (staff: operator)."""
    if tenant_id is not None:
        granted.deps.control.tenants.get(tenant_id)
    return _asked(granted, request_once, Kind.compare_billing, tenant_id, repair=body.repair)


@routes.get("/comparisons/{task_id}", summary="Get a comparison with Stripe")
def get_comparison(task_id: str, granted: Reader) -> ComparisonOut:
    """Return a comparison with every difference it found (staff: operator, revenue).

    Raises:
        NotFound: There is none under that id.
    """
    tasks = _tasks(granted)
    task = tasks.get(task_id)
    if task.kind != Kind.compare_billing:
        message = "There is no such comparison; the list of comparisons shows those there are."
        raise NotFound(message, "task_not_found")
    found = [DifferenceOut(tenant_id=each.tenant_id, **each.detail) for each in tasks.findings(task_id)]
    return ComparisonOut(differences=found, **TaskOut.model_validate(task).model_dump())


@routes.post("/adoptions", **_LATER, summary="Take in all that Stripe knows")
def adopt(granted: Operator, request_once: AskedOnce) -> Response:
    """Take in, in the background, every subscription and invoice of the account (staff: operator).

    For an account that had customers before this installation heard of its events.
    """
    return _asked(granted, request_once, Kind.adopt_billing)


@routes.get("/overage", response_model=list[ChargeOut], summary="List charges for overage")
def list_charges(granted: Reader, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> list[Charge]:
    """Return charges, those that Stripe does not have yet first, then newest (staff: operator, revenue)."""
    from tenants.billing.outboxes import charges  # noqa: PLC0415 - start-up time

    return charges(granted.deps.control, limit)


@routes.post("/overage", **_LATER, summary="Charge overage")
def charge_overage(granted: Operator, request_once: AskedOnce) -> Response:
    """Charge, in the background, use above quotas in periods that have ended (staff: operator).

    Each charge reaches Stripe once, however often this is asked for; what waits is sent again.
    """
    return _asked(granted, request_once, Kind.charge_overage)


@routes.get("/prices", summary="List the prices that Stripe lacks")
def list_missing_prices(granted: Reader) -> PricesOut:
    """Return which of the catalogue's prices Stripe does not have (staff: operator, revenue)."""
    from tenants.billing.gateway import StripeGateway  # noqa: PLC0415 - start-up time
    from tenants.billing.prices import missing_keys  # noqa: PLC0415 - as above

    deps = granted.deps
    return PricesOut(missing=missing_keys(StripeGateway(deps.settings), deps.control.catalogue))


@routes.post("/prices", **_LATER, summary="Make the prices that Stripe lacks")
def create_prices(granted: Operator, request_once: AskedOnce) -> Response:
    """Make, in the background, what the catalogue sells and Stripe does not have (staff: operator)."""
    return _asked(granted, request_once, Kind.create_prices)


@routes.get("/events", summary="List Stripe's events that wait")
def list_waiting_events(granted: Reader, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> InboxOut:
    """Return what waits in the inbox, oldest first, and how many were rejected (staff: operator, revenue)."""
    from tenants.billing.outboxes import waiting_events  # noqa: PLC0415 - start-up time

    waiting = waiting_events(granted.deps.control, limit)
    told = {"waiting": waiting, "rejections": granted.deps.inbox.rejections()}
    return InboxOut.model_validate(told, from_attributes=True)


@routes.post("/events", **_LATER, summary="Apply Stripe's events that wait")
def apply_events(granted: Operator, request_once: AskedOnce) -> Response:
    """Apply, in the background, what waits in the inbox; the platform does so every second too.

    Staff: operator.
    """
    return _asked(granted, request_once, Kind.apply_events)


def _tasks(granted: Granted) -> Tasks:
    from tenants.tasks import Tasks  # noqa: PLC0415 - start-up time

    return Tasks(granted.deps.control)


def _asked(
    granted: Granted,
    request_once: Once,
    kind: Kind,
    tenant_id: str | None = None,
    **parameters: Any,  # noqa: ANN401 - facts
) -> Response:
    def ask() -> Task:
        return _tasks(granted).ask(kind, granted.actor, tenant_id, **parameters)

    return request_once.run(granted, ask, TaskOut, 202)
