"""Tasks are durable, carried out once at a time, and taken up again where a process died over them."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from filelock import FileLock

from tenants.control import ControlPlane
from tenants.errors import Conflict, NotFound, Unavailable
from tenants.protection.backups import Backups
from tenants.protection.erasure import Erasures
from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tenants.tasks import Kind, Tasks
from tenants.tasks import worker as worker_module
from tenants.tasks.carrying import carry_out_waiting, is_waiting, run_here
from tenants.tasks.worker import TaskWorker
from tenants.tenancy import NewTenant
from tenants.tenancy.provisioning import provision
from tests.tenants.factories import BY, CLOCK, validation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenants.tasks import Work
    from tenants.tenancy import Tenant


@pytest.fixture
def settings(tmp_path: Path) -> PlatformSettings:
    return PlatformSettings(home=tmp_path, now=CLOCK.now())


@pytest.fixture
def control(settings: PlatformSettings) -> Iterator[ControlPlane]:
    with closing(ControlPlane.open(settings, CLOCK)) as opened:
        yield opened


@pytest.fixture
def stores(settings: PlatformSettings) -> Iterator[TenantStores]:
    with closing(TenantStores(settings, CLOCK)) as opened:
        yield opened


@pytest.fixture
def tasks(control: ControlPlane) -> Tasks:
    return Tasks(control)


def tenant(control: ControlPlane, stores: TenantStores, name: str = "Acme") -> Tenant:
    return provision(control, stores, NewTenant(name=name, plan="starter"), BY)


def test_what_is_asked_for_is_done_later_in_the_askers_name(
    control: ControlPlane, stores: TenantStores, tasks: Tasks
) -> None:
    acme = tenant(control, stores)
    asked = tasks.ask(Kind.back_up_all, BY)
    assert (asked.state, asked.asked_by, is_waiting(control)) == ("waiting", str(BY), True)
    assert tasks.ask(Kind.back_up_all, BY) == asked
    assert carry_out_waiting(control, stores) == 1
    done = tasks.get(asked.task_id)
    (backup,) = Backups(control, stores).all(acme)
    assert (done.state, done.outcome, done.done) == ("done", {"tenants": 1, "bytes": backup.size}, 1)
    assert not is_waiting(control)
    entries = control.audit.entries()
    assert [(each.action, each.actor_id) for each in entries[:2]] == [
        ("backup_made", BY.actor_id),
        ("task_asked", BY.actor_id),
    ]
    assert list((control.settings.state() / "tasks").iterdir()) == []
    assert tasks.ask(Kind.back_up_all, BY).task_id != asked.task_id


def test_one_tenant_that_fails_stops_no_other_and_is_named(
    control: ControlPlane, stores: TenantStores, tasks: Tasks
) -> None:
    broken, whole = tenant(control, stores, "Broken"), tenant(control, stores, "Whole")
    stores.drop(broken.tenant_id)
    with pytest.raises(Unavailable, match="1 of 2 tenants") as refused:
        run_here(control, stores, Kind.back_up_all, BY)
    assert list(refused.value.context["failures"]) == [broken.tenant_id]  # type: ignore[call-overload]
    (task,) = tasks.newest([Kind.back_up_all])
    (found,) = tasks.findings(task.task_id)
    assert (task.state, found.tenant_id) == ("failed", broken.tenant_id)
    assert "no such tenant" in found.detail["failure"]
    assert len(Backups(control, stores).all(whole)) == 1


def test_a_task_is_left_to_the_process_that_is_at_it(
    control: ControlPlane, stores: TenantStores, tasks: Tasks
) -> None:
    asked = tasks.ask(Kind.migrate_stores, BY)
    folder = control.settings.state() / "tasks"
    folder.mkdir()
    with FileLock(folder / f"{asked.task_id}.lock"):
        assert carry_out_waiting(control, stores) == 0
        assert not is_waiting(control)
    assert carry_out_waiting(control, stores) == 1


def test_what_is_done_at_once_is_nobody_elses_meanwhile_and_over_once_stopped(
    control: ControlPlane, stores: TenantStores, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_and_stop(_: object) -> dict[str, int]:
        assert not is_waiting(control)
        assert carry_out_waiting(control, stores) == 0
        raise KeyboardInterrupt

    monkeypatch.setattr(stores, "migrate", look_and_stop)
    with pytest.raises(KeyboardInterrupt):
        run_here(control, stores, Kind.migrate_stores, BY)
    (stopped,) = tasks.newest()
    assert (stopped.state, stopped.failure) == ("failed", "Whoever asked for it stopped it.")


def test_what_was_cut_off_is_begun_anew_but_not_for_ever(
    control: ControlPlane, stores: TenantStores, tasks: Tasks
) -> None:
    class Cut(BaseException):
        """As if the process were gone."""

    def die(work: Work) -> dict[str, int]:
        work.find("ten_1", {"failure": "seen"})
        raise Cut

    asked = tasks.ask(Kind.migrate_stores, BY)
    for _ in range(3):
        with pytest.raises(Cut):
            carry_out_waiting(control, stores, {Kind.migrate_stores: die})
        assert tasks.get(asked.task_id).state == "running"
    assert len(tasks.findings(asked.task_id)) == 1
    assert carry_out_waiting(control, stores, {Kind.migrate_stores: die}) == 1
    assert "cut off 3 times" in str(tasks.get(asked.task_id).failure)


def test_an_unforeseen_error_fails_the_task_without_its_text(
    control: ControlPlane, stores: TenantStores, tasks: Tasks
) -> None:
    def break_down(_: Work) -> dict[str, int]:
        message = "secret detail"
        raise ValueError(message)

    asked = tasks.ask(Kind.migrate_stores, BY)
    carry_out_waiting(control, stores, {Kind.migrate_stores: break_down})
    failed = tasks.get(asked.task_id)
    assert failed.state == "failed"
    assert "secret" not in str(failed.failure)


def test_a_backup_is_verified_and_a_damaged_one_told(
    control: ControlPlane, stores: TenantStores, tasks: Tasks
) -> None:
    acme = tenant(control, stores)
    stores.open(acme.tenant_id).commit_validation(validation())
    made = Backups(control, stores).make(acme, BY)
    at = made.at.isoformat()
    run_here(control, stores, Kind.verify_backup, BY, acme.tenant_id, at=at)
    sound = tasks.newest_by_tenant(Kind.verify_backup)[acme.tenant_id]
    assert (sound.state, (sound.outcome or {})["validation_runs"]) == ("done", 1)
    made.path.write_bytes(made.path.read_bytes()[:-9])
    asked = tasks.ask(Kind.verify_backup, BY, acme.tenant_id, at=at)
    carry_out_waiting(control, stores)
    damaged = tasks.newest_by_tenant(Kind.verify_backup)[acme.tenant_id]
    assert (damaged.task_id, damaged.state) == (asked.task_id, "failed")
    with pytest.raises(NotFound, match="no backup of that time"):
        run_here(control, stores, Kind.verify_backup, BY, acme.tenant_id, at="2020-01-01T00:00:00+00:00")


def test_what_tasks_know_of_a_tenant_goes_with_it(
    control: ControlPlane, stores: TenantStores, tasks: Tasks
) -> None:
    acme, other = tenant(control, stores), tenant(control, stores, "Other")
    asked = tasks.ask(Kind.back_up_all, BY)
    for each in (acme, other):
        tasks.find(asked.task_id, each.tenant_id, {"failure": each.name})
    own = tasks.ask(Kind.verify_backup, BY, acme.tenant_id, at="2026-11-26T09:30:00+00:00")
    tasks.find(own.task_id, acme.tenant_id, {"failure": "Acme"})
    erasures = Erasures(control, stores)
    erasures.request(acme, BY)
    erasures.erase(acme)
    assert [each.tenant_id for each in tasks.findings(asked.task_id)] == [other.tenant_id]
    assert [each.task_id for each in tasks.newest()] == [asked.task_id]


def test_what_needs_stripe_is_refused_without_a_key(control: ControlPlane, tasks: Tasks) -> None:
    assert control.settings.stripe_api_key is None
    with pytest.raises(Conflict, match="No Stripe key is set"):
        tasks.ask(Kind.compare_billing, BY)
    assert tasks.newest() == []


def test_the_worker_starts_a_process_when_something_waits_and_ends_it_when_told(
    control: ControlPlane, stores: TenantStores, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOKI_HOME", str(control.settings.state()))
    monkeypatch.setenv("LOKI_NOW", CLOCK.now().isoformat())
    started: list[Any] = []
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda command: started.append(command) or popen(command))
    acme = tenant(control, stores)
    worker = TaskWorker(control, [sys.executable, "-m", "orchestration.tasks"])
    worker.start()
    asked = tasks.ask(Kind.back_up_all, BY)
    end = time.monotonic() + 60
    while not tasks.is_finished(asked.task_id) and time.monotonic() < end:
        time.sleep(0.05)
    worker.stop()
    assert tasks.get(asked.task_id).state == "done"
    assert len(Backups(control, stores).all(acme)) == 1
    assert len(started) == 1


def test_the_worker_goes_on_after_the_longer_pause_when_the_database_breaks(
    control: ControlPlane, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()
    answers = iter([sa.exc.DatabaseError("SELECT", {}, sqlite3.DatabaseError("malformed"))])

    def waiting(_: ControlPlane) -> bool:
        for error in answers:
            raise error
        asked.set()
        return False

    monkeypatch.setattr(worker_module, "is_waiting", waiting)
    monkeypatch.setattr(worker_module, "_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(worker_module, "_PAUSE_AFTER_FAILURE_SECONDS", 0.3)
    began, worker = time.monotonic(), TaskWorker(control, [sys.executable, "-c", ""])
    worker.start()
    is_asked_again = asked.wait(10)
    worker.stop()
    assert is_asked_again
    assert time.monotonic() - began > 0.3


def test_a_process_that_hangs_ends_with_the_worker(control: ControlPlane, tasks: Tasks) -> None:
    tasks.ask(Kind.back_up_all, BY)
    worker = TaskWorker(control, [sys.executable, "-c", "import time; time.sleep(600)"])
    worker.start()
    time.sleep(1.5)
    began = time.monotonic()
    worker.stop()
    assert time.monotonic() - began < 10
    assert is_waiting(control)
