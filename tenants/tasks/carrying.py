"""Carries tasks out: each by one process at a time, again where a process died over it."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from filelock import FileLock, Timeout

from tenants.errors import PlatformError, Unavailable
from tenants.ids import new_id
from tenants.tasks.kinds import RUNS
from tenants.tasks.ledger import Tasks
from tenants.tasks.records import Kind, Task, Work

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tenants.audit.records import Actor
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores
    from tenants.tasks.kinds import Run
    from tenants.tasks.records import Outcome

log = structlog.get_logger()
_MOST_ATTEMPTS = 3


def run_here(
    control: ControlPlane,
    stores: TenantStores,
    kind: Kind,
    by: Actor,
    tenant_id: str | None = None,
    **parameters: Any,  # noqa: ANN401 - facts
) -> Task:
    """Do at once, in this process, what a task does, keep a record of it, and return that.

    Raises:
        PlatformError: It could not be done; the record says so too.
    """
    tasks, task_id = Tasks(control), new_id("task")
    with _held(control, task_id):  # before anyone else can see it
        tasks.begin_here(task_id, kind, by, tenant_id, parameters)
        _carry_out(control, stores, task_id, RUNS[kind], is_here=True)
    return tasks.get(task_id)


def carry_out_waiting(control: ControlPlane, stores: TenantStores, runs: Mapping[Kind, Run] = RUNS) -> int:
    """Carry out what was asked for, in that order, and return how much there was.

    What another process is at is left to it.
    """
    carried, tasks = 0, Tasks(control)
    for task in tasks.unfinished():
        with _held(control, task.task_id) as is_ours:
            if is_ours and task.attempts >= _MOST_ATTEMPTS:
                tasks.fail(task.task_id, f"It was cut off {task.attempts} times; the log may say why.")
            elif is_ours:
                _carry_out(control, stores, task.task_id, runs[Kind(task.kind)])
            carried += is_ours
    return carried


def is_waiting(control: ControlPlane) -> bool:
    """Return whether there is something that nobody is at."""
    for task in Tasks(control).unfinished():
        with _held(control, task.task_id) as is_ours:
            if is_ours:
                return True
    return False


def _carry_out(
    control: ControlPlane, stores: TenantStores, task_id: str, run: Run, *, is_here: bool = False
) -> None:
    tasks = Tasks(control)
    begun = tasks.start(task_id)
    if begun is None:  # another process finished it in the meantime
        return
    task, by = begun
    work = Work(task, by, control, stores, partial(tasks.tell, task_id), partial(tasks.find, task_id))
    try:
        tasks.finish(task_id, _outcome(run, work))
    except PlatformError as error:
        tasks.fail(task_id, error.message)
        log.warning("task_failed", task_id=task_id, kind=task.kind, code=error.code)
        if is_here:
            raise
    except KeyboardInterrupt:
        if is_here:  # else it ends with the API, and is taken up with it
            tasks.fail(task_id, "Whoever asked for it stopped it.")
        raise


def _outcome(run: Run, work: Work) -> Outcome:
    try:
        return run(work)
    except PlatformError:
        raise
    except Exception as error:
        log.exception("task_broke", task_id=work.task.task_id, kind=work.task.kind)
        message = "It broke for a reason that is not foreseen; the log of the API says which."
        raise Unavailable(message, "task_broke") from error


@contextmanager
def _held(control: ControlPlane, task_id: str) -> Iterator[bool]:
    """Hold the right to carry a task out, and tell whether that worked; it ends with the process."""
    path = control.settings.state() / "tasks" / f"{task_id}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        if Tasks(control).is_finished(task_id):  # before that another process may hold the same file
            path.unlink(missing_ok=True)
        lock.release()
