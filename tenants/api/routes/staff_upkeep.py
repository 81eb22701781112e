"""Everyone's backups, stores and erasures for the platform's operator, and the work that is done on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.api.idempotency import Once, once
from tenants.api.task_models import (
    BackupStandingOut,
    DueErasureOut,
    EraseDueIn,
    FindingOut,
    StoreStandingOut,
    TaskOut,
    TaskWithFindingsOut,
    VerifyIn,
)
from tenants.protection.backups import Backups
from tenants.tasks import Kind, Tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from tenants.protection.backup_standings import BackupStanding
    from tenants.protection.erasures_due import DueErasure
    from tenants.stores.standings import StoreStanding
    from tenants.tasks import Task

routes = APIRouter(prefix="/v1/staff", tags=["staff"], route_class=GuardedRoute)

Reader = Annotated[Granted, Depends(allow("operations:read"))]
Operator = Annotated[Granted, Depends(allow("tenants:manage"))]
AskedOnce = Annotated[Once, Depends(once)]
_LATER: dict[str, Any] = {"response_model": TaskOut, "status_code": 202}


@routes.get("/tasks", response_model=list[TaskOut], summary="List background work")
def list_tasks(
    granted: Reader,
    kind: Kind | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> list[Task]:
    """Return what staff, commands and nights had done, newest first (staff: operator)."""
    return Tasks(granted.deps.control).newest(Kind if kind is None else [kind], limit)


@routes.get("/tasks/{task_id}", summary="Get a piece of background work")
def get_task(task_id: str, granted: Reader) -> TaskWithFindingsOut:
    """Return how far it is, and what it found about which tenants (staff: operator)."""
    tasks = Tasks(granted.deps.control)
    task = TaskOut.model_validate(tasks.get(task_id))
    found = [FindingOut.model_validate(each) for each in tasks.findings(task_id)]
    return TaskWithFindingsOut(findings=found, **task.model_dump())


@routes.get("/backups", response_model=list[BackupStandingOut], summary="List how backups stand")
def list_backup_standings(granted: Reader) -> list[BackupStanding]:
    """Return each tenant's newest backup and last verification, oldest backup first (staff: operator)."""
    from tenants.protection.backup_standings import backup_standings  # noqa: PLC0415 - start-up time

    return backup_standings(granted.deps.control, granted.deps.stores)


@routes.post("/backups", **_LATER, summary="Back every tenant up")
def back_up_all(granted: Operator, request_once: AskedOnce) -> Response:
    """Back every tenant up in the background, one after another, while they work on (staff: operator)."""
    return _asked(granted, request_once, lambda tasks: tasks.ask(Kind.back_up_all, granted.actor))


@routes.post("/backups/{tenant_id}/verification", **_LATER, summary="Verify a backup")
def verify_backup(tenant_id: str, body: VerifyIn, granted: Operator, request_once: AskedOnce) -> Response:
    """Read a tenant's backup to its end in the background and count what it holds (staff: operator)."""
    deps = granted.deps
    made = Backups(deps.control, deps.stores).made_at(deps.control.tenants.get(tenant_id), body.at)

    def ask(tasks: Tasks) -> Task:
        return tasks.ask(Kind.verify_backup, granted.actor, tenant_id, at=made.at.isoformat())

    return _asked(granted, request_once, ask)


@routes.get("/stores", response_model=list[StoreStandingOut], summary="List how stores stand")
def list_store_standings(granted: Reader) -> list[StoreStanding]:
    """Return each store's step of the schema, those that need a hand first; nothing is migrated.

    Staff: operator.
    """
    from tenants.stores.standings import store_standings  # noqa: PLC0415 - start-up time

    return store_standings(granted.deps.stores)


@routes.post("/stores/migration", **_LATER, summary="Migrate every tenant's store")
def migrate_stores(granted: Operator, request_once: AskedOnce) -> Response:
    """Bring every store to the newest schema in the background; what failed before is taken up again.

    Staff: operator.
    """
    return _asked(granted, request_once, lambda tasks: tasks.ask(Kind.migrate_stores, granted.actor))


@routes.get("/erasures", response_model=list[DueErasureOut], summary="List erasures that are due")
def list_due_erasures(granted: Operator) -> list[DueErasure]:
    """Return the tenants whose day has come, with what their erasure would remove (staff: operator)."""
    from tenants.protection.erasures_due import due_erasures  # noqa: PLC0415 - start-up time

    return due_erasures(granted.deps.control, granted.deps.stores)


@routes.post("/erasures", **_LATER, summary="Carry out erasures that are due")
def erase_due(body: EraseDueIn, granted: Operator, request_once: AskedOnce) -> Response:
    """Erase the named tenants everywhere, in the background; nothing brings them back (staff: operator).

    Only those that are due; the list of erasures has their certificates afterwards.
    """
    from tenants.protection.erasures_due import ask_for_due  # noqa: PLC0415 - start-up time

    deps = granted.deps
    return _asked(
        granted, request_once, lambda _: ask_for_due(deps.control, deps.stores, body.slugs, granted.actor)
    )


def _asked(granted: Granted, request_once: Once, ask: Callable[[Tasks], Task]) -> Response:
    return request_once.run(granted, lambda: ask(Tasks(granted.deps.control)), TaskOut, 202)
