"""What a task is, and what its function works with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tenants.audit.records import Actor
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores

State = Literal["waiting", "running", "done", "failed"]
Outcome = dict[str, int]


class Kind(StrEnum):
    """What there is to be done."""

    compare_billing = "compare_billing"
    adopt_billing = "adopt_billing"
    charge_overage = "charge_overage"
    create_prices = "create_prices"
    apply_events = "apply_events"
    back_up_all = "back_up_all"
    verify_backup = "verify_backup"
    migrate_stores = "migrate_stores"
    erase_due = "erase_due"


NEED_STRIPE = frozenset({Kind.compare_billing, Kind.adopt_billing, Kind.charge_overage, Kind.create_prices})


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One thing asked for.

    Attributes:
        tenant_id: The one tenant it is about; None for all, or none.
        asked_by: Kind and id of who asked.
        attempts: How often it was begun.
        done: How many of `total` are done; both are 0 where that is not known.
        outcome: What it did, in numbers; None until it is done.
        failure: Why it could not be done, in a sentence.
    """

    task_id: str
    kind: str
    tenant_id: str | None
    parameters: dict[str, Any]
    asked_by: str
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempts: int
    done: int
    total: int
    outcome: Outcome | None
    failure: str | None

    @property
    def state(self) -> State:
        """Return how far it is."""
        if self.finished_at is not None:
            return "done" if self.failure is None else "failed"
        return "waiting" if self.started_at is None else "running"


class Finding(msgspec.Struct, frozen=True):
    """What a task found about one tenant."""

    task_id: str
    tenant_id: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class Work:
    """What a task's function works with.

    Attributes:
        by: Whoever asked; what is done is done in their name.
        tell: Told how many of how many are done.
        find: Told what there is to know of a tenant.
    """

    task: Task
    by: Actor
    control: ControlPlane
    stores: TenantStores
    tell: Callable[[int, int], None]
    find: Callable[[str, dict[str, Any]], None]
