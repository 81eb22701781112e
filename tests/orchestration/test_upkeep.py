"""What is done every night, step by step."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from orchestration import upkeep
from orchestration.upkeep import nightly
from tenants.clock import FixedClock
from tenants.control import ControlPlane
from tenants.errors import Unavailable
from tenants.protection.backups import Backups
from tenants.stores import TenantStores
from tenants.tenancy import NewTenant
from tenants.tenancy.provisioning import provision
from tests.orchestration.factories import NOW
from tests.orchestration.small_job import small_job
from tests.tenants import factories as make

if TYPE_CHECKING:
    from pathlib import Path

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
    assert list(done) == ["erasures", "retention", "backups", "billing", "audit"]
    assert done["backups"] == "1 tenants backed up"
    assert "no Stripe key" in done["billing"]
    assert backups(job, tenant) == 1


def test_old_backups_go_with_retention_but_the_newest_stays(job: MainJob, tenant: Tenant) -> None:
    nightly(job)
    later = replace(job, clock=FixedClock(NOW + timedelta(days=100)))
    nightly(later)
    assert backups(later, tenant) == 1


def test_one_step_that_fails_stops_no_other(job: MainJob, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object) -> str:
        message = "Stripe does not answer."
        raise Unavailable(message)

    monkeypatch.setitem(upkeep.STEPS, "billing", unreachable)
    done = nightly(job)
    assert [each.step for each in done if each.failed] == ["billing"]
    assert done[-1].step == "audit"
