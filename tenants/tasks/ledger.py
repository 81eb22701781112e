"""The durable list of tasks: asked for, begun, told of, finished."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tenants.audit.records import Actor, Change
from tenants.control.task_tables import task_findings, tasks
from tenants.errors import NotFound
from tenants.ids import new_id
from tenants.stripe_client import require_key
from tenants.tasks.records import NEED_STRIPE, Finding, Kind, Task

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection, Row

    from tenants.control import ControlPlane
    from tenants.tasks.records import Outcome

_LONGEST_FAILURE = 500


class Tasks:
    """All tasks of the platform.

    Args:
        control: Holds them.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control

    def ask(self, kind: Kind, by: Actor, tenant_id: str | None = None, **parameters: Any) -> Task:  # noqa: ANN401 - facts
        """Have something done in the background; what is asked for already and not yet done is returned.

        Raises:
            Conflict: It needs Stripe, and no key is set.
        """
        self._require_possible(kind)

        def work(connection: Connection) -> Task:
            for known in _select(connection, tasks.c.finished_at.is_(None), tasks.c.kind == kind):
                if (known.tenant_id, known.parameters) == (tenant_id, parameters):
                    return known
            return self._add(connection, new_id("task"), kind, by, tenant_id, parameters)

        return self._control.database.write(work)

    def begin_here(
        self, task_id: str, kind: Kind, by: Actor, tenant_id: str | None, parameters: dict[str, Any]
    ) -> Task:
        """Note what is done by its asker at once.

        Raises:
            Conflict: It needs Stripe, and no key is set.
        """
        self._require_possible(kind)
        return self._control.database.write(
            lambda connection: self._add(connection, task_id, kind, by, tenant_id, parameters)
        )

    def get(self, task_id: str) -> Task:
        """Return a task.

        Raises:
            NotFound: There is none under that id.
        """
        with self._control.database.read() as connection:
            found = _select(connection, tasks.c.task_id == task_id)
        if not found:
            message = "There is no such task; the list of tasks shows those there are."
            raise NotFound(message, "task_not_found")
        return found[0]

    def is_finished(self, task_id: str) -> bool:
        """Return whether nothing is left to be done of a task; also where it went with its tenant."""
        is_open = sa.select(tasks.c.seq).where(tasks.c.task_id == task_id, tasks.c.finished_at.is_(None))
        with self._control.database.read() as connection:
            return connection.scalar(is_open) is None

    def newest(self, kinds: Iterable[Kind] = Kind, limit: int = 50) -> list[Task]:
        """Return tasks of some kinds, newest first."""
        with self._control.database.read() as connection:
            return _select(connection, tasks.c.kind.in_(list(kinds)), limit=limit)

    def unfinished(self, kinds: Iterable[Kind] = Kind) -> list[Task]:
        """Return what waits or is being done, in the order in which it was asked for."""
        with self._control.database.read() as connection:
            return _select(connection, tasks.c.finished_at.is_(None), tasks.c.kind.in_(list(kinds)))[::-1]

    def newest_by_tenant(self, kind: Kind) -> dict[str, Task]:
        """Return the newest finished task of a kind for each tenant that had one."""
        last = (
            sa.select(sa.func.max(tasks.c.seq))
            .where(tasks.c.kind == kind, tasks.c.tenant_id.is_not(None), tasks.c.finished_at.is_not(None))
            .group_by(tasks.c.tenant_id)
        )
        with self._control.database.read() as connection:
            return {str(each.tenant_id): each for each in _select(connection, tasks.c.seq.in_(last))}

    def findings(self, task_id: str, limit: int = 10_000) -> list[Finding]:
        """Return what a task found, in the order in which it did."""
        query = sa.select(task_findings).where(task_findings.c.task_id == task_id)
        with self._control.database.read() as connection:
            rows = connection.execute(query.order_by(task_findings.c.seq).limit(limit))
            return [Finding(row.task_id, row.tenant_id, row.detail) for row in rows]

    def start(self, task_id: str) -> tuple[Task, Actor] | None:
        """Begin a task, or begin it anew, and return it with its asker; None where it is finished."""
        of_task, now = tasks.c.task_id == task_id, self._control.clock.now()

        def work(connection: Connection) -> Row[Any] | None:
            begun = sa.update(tasks).where(of_task, tasks.c.finished_at.is_(None))
            values = {"started_at": now, "attempts": tasks.c.attempts + 1, "done": 0, "total": 0}
            if not connection.execute(begun.values(**values)).rowcount:
                return None
            connection.execute(sa.delete(task_findings).where(task_findings.c.task_id == task_id))
            return connection.execute(sa.select(tasks).where(of_task)).one()

        row = self._control.database.write(work)
        return None if row is None else (_task(row), Actor(row.actor_kind, row.actor_id))

    def tell(self, task_id: str, done: int, total: int) -> None:
        """Keep how far a task is."""
        self._update(task_id, done=done, total=total)

    def find(self, task_id: str, tenant_id: str, detail: dict[str, Any]) -> None:
        """Keep what a task found about a tenant."""
        found = sa.insert(task_findings).values(task_id=task_id, tenant_id=tenant_id, detail=detail)
        self._control.database.write(lambda connection: connection.execute(found))

    def finish(self, task_id: str, outcome: Outcome) -> None:
        """Note that a task is done."""
        self._update(task_id, outcome=outcome, finished_at=self._control.clock.now())

    def fail(self, task_id: str, why: str) -> None:
        """Note that a task cannot be done."""
        self._update(task_id, failure=why[:_LONGEST_FAILURE], finished_at=self._control.clock.now())

    def _require_possible(self, kind: Kind) -> None:
        if kind in NEED_STRIPE:
            require_key(self._control.settings)

    def _add(
        self,
        connection: Connection,
        task_id: str,
        kind: Kind,
        by: Actor,
        tenant_id: str | None,
        parameters: dict[str, Any],
    ) -> Task:
        values = {
            "task_id": task_id,
            "kind": kind.value,
            "tenant_id": tenant_id,
            "parameters": parameters,
            "actor_kind": by.kind,
            "actor_id": by.actor_id,
            "asked_at": self._control.clock.now(),
            "attempts": 0,
            "done": 0,
            "total": 0,
        }
        connection.execute(sa.insert(tasks).values(**values))
        asked = Change(
            action="task_asked",
            object_type="task",
            object_id=task_id,
            tenant_id=tenant_id,
            detail={"kind": kind.value, **parameters},
        )
        self._control.audit.append(connection, by, asked)
        return _task(connection.execute(sa.select(tasks).where(tasks.c.task_id == task_id)).one())

    def _update(self, task_id: str, **fields: Any) -> None:  # noqa: ANN401 - columns
        changed = sa.update(tasks).where(tasks.c.task_id == task_id).values(**fields)
        self._control.database.write(lambda connection: connection.execute(changed))


def _select(connection: Connection, *conditions: sa.ColumnElement[bool], limit: int = 1000) -> list[Task]:
    query = sa.select(tasks).where(*conditions).order_by(tasks.c.seq.desc()).limit(limit)
    return [_task(row) for row in connection.execute(query)]


def _task(row: Row[Any]) -> Task:
    own = {name: getattr(row, name) for name in Task.__struct_fields__ if name != "asked_by"}
    return Task(asked_by=f"{row.actor_kind}:{row.actor_id}", **own)
