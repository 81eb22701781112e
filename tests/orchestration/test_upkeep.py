"""What is done every night, step by step."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ingest.streams import open_landing
from orchestration import upkeep
from orchestration.locking import only_one
from orchestration.pull import pull
from orchestration.upkeep import nightly
from tenants.clock import FixedClock
from tenants.control import ControlPlane
from tenants.errors import Unavailable
from tenants.protection.backups import Backups
from tenants.protection.evidence import evidence
from tenants.stores import TenantStores
from tenants.tasks import Kind, Tasks
from tenants.tenancy import NewTenant
from tenants.tenancy.provisioning import provision
from tests.orchestration.factories import NOW
from tests.orchestration.small_job import small_job
from tests.tenants import factories as make

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.landing import LandingZone
    from orchestration.context import MainJob
    from tenants.tenancy import Tenant


@pytest.fixture
def job(tmp_path: Path) -> MainJob:
    return small_job(tmp_path / "state")


@pytest.fixture
def tenant(job: MainJob) -> Tenant:
    with (
        closing(ControlPlane.open(job.settings, job.clock)) as control,
        closing(TenantStores(job.settings, job.clock)) as stores,
    ):
        return provision(control, stores, NewTenant(name="Acme", plan="starter"), make.BY)


def backups(job: MainJob, tenant: Tenant) -> int:
    with (
        closing(ControlPlane.open(job.settings, job.clock)) as control,
        closing(TenantStores(job.settings, job.clock)) as stores,
    ):
        return len(Backups(control, stores).all(tenant))


def test_every_step_says_what_it_did(job: MainJob, tenant: Tenant) -> None:
    done = {each.step: each.sentence for each in nightly(job)}
    assert list(done) == ["erasures", "retention", "backups", "billing", "domains", "audit"]
    assert done["backups"] == "1 tenants backed up"
    assert "no Stripe key" in done["billing"]
    assert backups(job, tenant) == 1


def test_a_nights_work_is_kept_beside_what_staff_asks_for(job: MainJob, tenant: Tenant) -> None:
    nightly(job)
    with closing(ControlPlane.open(job.settings, job.clock)) as control:
        (task,) = Tasks(control).newest()
    assert (task.kind, task.state, task.asked_by) == (Kind.back_up_all, "done", "system:nightly")
    assert backups(job, tenant) == (task.outcome or {})["tenants"]


def test_old_backups_go_with_retention_but_the_newest_stays(job: MainJob, tenant: Tenant) -> None:
    nightly(job)
    later = replace(job, clock=FixedClock(NOW + timedelta(days=100)))
    nightly(later)
    assert backups(later, tenant) == 1


def test_details_that_have_landed_go_with_retention_and_there_is_evidence_of_it(
    job: MainJob, tenant: Tenant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    landing = used(job, tenant, tmp_path, monkeypatch)
    assert details(landing) == ([200], 1)
    later = replace(job, clock=FixedClock(NOW + timedelta(days=91)))
    done = {each.step: each.sentence for each in nightly(later)}
    assert done["retention"] == "details of 1 tenants removed, 2 landed rows blanked"
    assert details(landing) == ([], 0)
    assert {"landed_usage": 1, "rejected_usage": 1} in retention_evidence(later)
    told = len(retention_evidence(later))
    nightly(later)
    assert len(retention_evidence(later)) == told


def test_while_a_refresh_builds_only_the_stores_lose_their_details(
    job: MainJob, tenant: Tenant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    landing = used(job, tenant, tmp_path, monkeypatch)
    monkeypatch.setattr(upkeep, "PATIENCE_SECONDS", 0)
    monkeypatch.setitem(upkeep.STEPS, "erasures", lambda *_: "none is due")
    later = replace(job, clock=FixedClock(NOW + timedelta(days=91)))
    with only_one(job.state):
        done = nightly(later)
    assert "retention" in {each.step for each in done if each.failed}
    assert details(landing) == ([200], 1)
    assert any("usage_records" in detail for detail in retention_evidence(later))


def used(job: MainJob, tenant: Tenant, folder: Path, monkeypatch: pytest.MonkeyPatch) -> LandingZone:
    """Let a tenant use something, and a log tell of it a row that does not fit; both land."""
    (folder / "logs").mkdir()
    bad = {"tenant_id": tenant.tenant_id, "record_id": "call-1"}
    (folder / "logs" / "use.ndjson").write_text(json.dumps(bad))
    monkeypatch.setenv("LOKI_USAGE_LOGS", str(folder / "logs"))
    with closing(TenantStores(job.settings, job.clock)) as stores:
        event = make.event(occurred_at=NOW, status_code=200)
        stores.open(tenant.tenant_id).record_usage_events([event], lambda _: make.NOVEMBER)
    pull(job)
    return open_landing(job.settings, job.clock)


def details(landing: LandingZone) -> tuple[list[int], int]:
    """Return the statuses of landed calls, and how many rejected rows are as they came."""
    landing.load()
    statuses = [each for each in landing.read("usage_records")["status_code"].to_pylist() if each]
    return statuses, sum(1 for each in landing.read("quarantine")["body"].to_pylist() if each)


def retention_evidence(job: MainJob) -> list[dict[str, Any]]:
    with closing(ControlPlane.open(job.settings, job.clock)) as control:
        found = [each for each in evidence(control, NOW) if each["kind"] == "retention_run"]
    assert {each["criterion"] for each in found} <= {"C1.2"}
    return [json.loads(each["detail"]) for each in found]


def test_one_step_that_fails_stops_no_other(job: MainJob, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object) -> str:
        message = "Stripe does not answer."
        raise Unavailable(message)

    monkeypatch.setitem(upkeep.STEPS, "billing", unreachable)
    done = nightly(job)
    assert [each.step for each in done if each.failed] == ["billing"]
    assert done[-1].step == "audit"


def test_a_step_that_breaks_unforeseen_stops_no_other(
    job: MainJob, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setitem(upkeep.STEPS, "erasures", broken)
    done = nightly(job)
    assert [each.step for each in done if each.failed] == ["erasures"]
    assert backups(job, tenant) == 1
