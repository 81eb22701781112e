"""Everyone's billing beside Stripe's: comparisons, charges for overage, events that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dashboards.queries.tasks import slugs_of
from tenants.billing import outboxes
from tenants.tasks import Kind, Tasks

if TYPE_CHECKING:
    from dashboards.marts import Row
    from tenants.control import ControlPlane
    from tenants.tasks import Task

_MOMENT = pl.Datetime("us", "UTC")
_DIFFERENCES = {
    "tenant": pl.String(),
    "object_id": pl.String(),
    "field": pl.String(),
    "ours": pl.String(),
    "stripes": pl.String(),
    "tenant_id": pl.String(),
}
_CHARGES = {
    "tenant": pl.String(),
    "meter": pl.String(),
    "period_start": _MOMENT,
    "period_end": _MOMENT,
    "units": pl.Decimal(38, 6),
    "amount": pl.Decimal(38, 8),
    "currency": pl.String(),
    "state": pl.String(),
    "attempts": pl.Int64(),
    "failure": pl.String(),
    "sent_at": _MOMENT,
    "invoice_item_id": pl.String(),
}
_EVENTS = {
    "event_type": pl.String(),
    "event_id": pl.String(),
    "created_at": _MOMENT,
    "received_at": _MOMENT,
    "attempts": pl.Int64(),
    "failure": pl.String(),
}


def comparisons(control: ControlPlane) -> list[Task]:
    """Return the last comparisons that were carried out, newest first."""
    return [each for each in Tasks(control).newest([Kind.compare_billing], 50) if each.state == "done"]


def differences(control: ControlPlane, task_id: str) -> pl.DataFrame:
    """Return what a comparison found."""
    slugs = slugs_of(control)
    rows = [
        {"tenant": slugs.get(each.tenant_id, each.tenant_id), "tenant_id": each.tenant_id, **each.detail}
        for each in Tasks(control).findings(task_id)
    ]
    return pl.DataFrame(rows, schema=_DIFFERENCES)


def charges(control: ControlPlane) -> pl.DataFrame:
    """Return charges for overage, those that Stripe does not have yet first."""
    slugs = slugs_of(control)
    rows: list[Row] = [
        {name: getattr(each, name, None) for name in _CHARGES}
        | {"tenant": slugs.get(each.tenant_id, each.tenant_id)}
        for each in outboxes.charges(control)
    ]
    return pl.DataFrame(rows, schema=_CHARGES)


def waiting_events(control: ControlPlane) -> pl.DataFrame:
    """Return Stripe's events that are not applied yet, in the order of their arrival."""
    rows = [{name: getattr(each, name) for name in _EVENTS} for each in outboxes.waiting_events(control)]
    return pl.DataFrame(rows, schema=_EVENTS)
