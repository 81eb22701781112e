"""What the process of staff's tasks does beyond the control plane."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from orchestration.tasks import ALL_RUNS
from tenants.control import ControlPlane
from tenants.protection.erasure import Erasures
from tenants.protection.erasures_due import ask_for_due
from tenants.stores import TenantStores
from tenants.tasks import Kind, Tasks
from tenants.tasks.carrying import carry_out_waiting
from tenants.tenancy import NewTenant
from tenants.tenancy.provisioning import provision
from tests.orchestration.small_job import small_job
from tests.tenants import factories as make

if TYPE_CHECKING:
    from pathlib import Path


def test_every_kind_of_task_has_its_function() -> None:
    assert ALL_RUNS.keys() == set(Kind)


def test_who_is_due_and_named_is_erased_everywhere_and_nobody_else(tmp_path: Path) -> None:
    job = small_job(tmp_path / "state")
    with (
        closing(ControlPlane.open(job.settings, job.clock)) as control,
        closing(TenantStores(job.settings, job.clock)) as stores,
    ):
        erasures = Erasures(control, stores)
        named, other, later = (
            provision(control, stores, NewTenant(name=name, plan="starter"), make.BY)
            for name in ("Named", "Other", "Later")
        )
        for tenant in (named, other, later):
            erasures.request(tenant, make.BY)
        for tenant in (named, other):
            erasures.hasten(tenant, make.BY)
        asked = ask_for_due(control, stores, ["named"], make.BY)
        assert carry_out_waiting(control, stores, ALL_RUNS) == 1
        done = Tasks(control).get(asked.task_id)
        assert (done.state, done.outcome) == ("done", {"erased": 1}), done.failure
        left = sorted([other.tenant_id, later.tenant_id])
        assert sorted(each.tenant_id for each in control.tenants.all()) == left
        assert stores.tenant_ids() == left
        (certificate,) = [each for each in erasures.all() if each.erased_at is not None]
        assert done.parameters == {"anonymous_ids": [certificate.anonymous_id]}
        assert named.tenant_id not in str(done)
