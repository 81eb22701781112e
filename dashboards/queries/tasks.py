"""What staff, commands and nights had done in the background, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dashboards.queries.account import staff_names
from tenants.tasks import Kind, Tasks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.marts import Row
    from tenants.control import ControlPlane
    from tenants.tasks import Finding, Task

_MOMENT = pl.Datetime("us", "UTC")
_LISTED = {
    "what": pl.String(),
    "about": pl.String(),
    "state": pl.String(),
    "told": pl.String(),
    "asked_at": _MOMENT,
    "asked_by": pl.String(),
    "finished_at": _MOMENT,
}
_FINDINGS = {"tenant": pl.String(), "failure": pl.String()}
NAMES = {
    Kind.compare_billing: "Comparison with Stripe",
    Kind.adopt_billing: "Taking in what Stripe knows",
    Kind.charge_overage: "Charging overage",
    Kind.create_prices: "Making prices",
    Kind.apply_events: "Applying events",
    Kind.back_up_all: "Backup of every tenant",
    Kind.verify_backup: "Verification of a backup",
    Kind.migrate_stores: "Migration of stores",
    Kind.erase_due: "Erasure",
}
_OUTCOMES = {
    Kind.compare_billing: "differences: {differences:,}, tenants: {tenants:,}",
    Kind.adopt_billing: "subscriptions and invoices: {objects:,}",
    Kind.charge_overage: "new charges: {queued:,}, sent: {sent:,}",
    Kind.create_prices: "made: {made:,}",
    Kind.apply_events: "applied: {applied:,}, wait on: {failed:,}",
    Kind.back_up_all: "tenants: {tenants:,}, bytes: {bytes:,}",
    Kind.migrate_stores: "{migrated:,} of {stores:,} brought up to date",
    Kind.erase_due: "erased: {erased:,}",
}


def listed(control: ControlPlane, kinds: Sequence[Kind], limit: int = 20) -> pl.DataFrame:
    """Return work of some kinds as a table, newest first."""
    slugs, staff = slugs_of(control), staff_names(control)
    found = [_row(task, slugs, staff) for task in Tasks(control).newest(kinds, limit)]
    return pl.DataFrame(found, schema=_LISTED)


def failures(control: ControlPlane, kind: Kind) -> pl.DataFrame:
    """Return for which tenants the newest work of a kind failed, and why; empty where it did not."""
    newest = next((task for task in Tasks(control).newest([kind], 5) if task.finished_at is not None), None)
    found: list[Finding] = [] if newest is None else Tasks(control).findings(newest.task_id)
    slugs = slugs_of(control)
    rows = [
        {"tenant": slugs.get(each.tenant_id, each.tenant_id), "failure": str(each.detail.get("failure"))}
        for each in found
    ]
    return pl.DataFrame(rows, schema=_FINDINGS)


def told(task: Task) -> str:
    """Return in words what a task did, how far it is, or why it failed."""
    if task.failure is not None:
        return task.failure
    if task.outcome is None:
        return f"{task.done:,} of {task.total:,}" if task.total else task.state
    if task.kind == Kind.verify_backup:
        return f"sound, rows: {sum(task.outcome.values()):,}"
    return _OUTCOMES[Kind(task.kind)].format(**task.outcome)


def slugs_of(control: ControlPlane) -> dict[str, str]:
    """Return each tenant's slug by its id."""
    return {tenant.tenant_id: tenant.slug for tenant in control.tenants.all()}


def _row(task: Task, slugs: dict[str, str], staff: dict[str, str]) -> Row:
    return {
        "what": NAMES[Kind(task.kind)],
        "about": slugs.get(task.tenant_id or "", task.tenant_id),
        "state": task.state,
        "told": told(task),
        "asked_at": task.asked_at,
        "asked_by": staff.get(task.asked_by, task.asked_by),
        "finished_at": task.finished_at,
    }
