"""A store that is lost or damaged holds up the work for no other tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tenants.errors import Conflict, Unavailable
from tenants.onboarding.mails import queue_due
from tenants.protection.backups import Backups
from tenants.protection.erasure import Erasures
from tenants.protection.retention import apply_retention
from tenants.register import snapshot
from tenants.stores.layouts import FilePerTenant
from tenants.tasks import Kind
from tenants.tasks.carrying import run_here
from tenants.tenancy import NewTenant
from tenants.tenancy.provisioning import provision
from tests.tenants import factories as make

if TYPE_CHECKING:
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores
    from tenants.tenancy import Tenant


@pytest.fixture(params=["damaged", "gone"])
def lost(request: pytest.FixtureRequest, control: ControlPlane, stores: TenantStores) -> Tenant:
    """A tenant older than the others, so that each work comes to it first."""
    made = provision(control, stores, NewTenant(name="Lost", plan="starter", tenant_id="ten_0"), make.BY)
    control.users.add(made.tenant_id, "owner@lost.test", make.BY, role="owner", password="correct horse")
    stores.close()
    if request.param == "gone":
        stores.drop(made.tenant_id)
    elif isinstance(stores.layout, FilePerTenant):
        (stores.layout.folder(made.tenant_id) / "store.sqlite").write_bytes(b"x" * 9000)
    else:
        pytest.skip("a server's databases are mended by the server's own tools")
    return made


def test_every_other_tenant_is_backed_up(
    control: ControlPlane, stores: TenantStores, lost: Tenant, tenant: Tenant
) -> None:
    with pytest.raises(Unavailable, match="1 of 2 tenants") as refused:
        run_here(control, stores, Kind.back_up_all, make.BY)
    assert list(refused.value.context["failures"]) == [lost.tenant_id]  # type: ignore[call-overload]
    assert len(Backups(control, stores).all(tenant)) == 1


def test_retention_is_applied_to_every_other_tenant(
    control: ControlPlane, stores: TenantStores, lost: Tenant, tenant: Tenant
) -> None:
    asked = []
    with pytest.raises(Unavailable, match="could not be applied to 1 tenants") as refused:
        apply_retention(control, stores, lambda tenant_id: asked.append(tenant_id) or 0)
    assert list(refused.value.context["failures"]) == [lost.tenant_id]  # type: ignore[call-overload]
    assert asked == [lost.tenant_id, tenant.tenant_id]


def test_every_other_tenant_is_greeted_and_all_are_in_the_register(
    control: ControlPlane, stores: TenantStores, lost: Tenant, tenant: Tenant
) -> None:
    assert queue_due(control, stores) > 0
    assert {mail.tenant_id for mail in control.mail.waiting()} == {tenant.tenant_id}
    rows, _ = snapshot(control, stores, make.CLOCK)
    features = {row["tenant_id"]: row["features_in_use"] for row in rows}
    assert "validations" in features[tenant.tenant_id]
    assert features[lost.tenant_id] == []


def test_it_can_be_erased(control: ControlPlane, stores: TenantStores, lost: Tenant) -> None:
    erasures = Erasures(control, stores)
    erasures.request(lost, make.BY)
    assert "control: users" in erasures.plan(lost)
    erasures.erase(lost)
    assert [each.tenant_id for each in control.tenants.all()] == []


def test_who_is_not_made_leaves_no_store(control: ControlPlane, stores: TenantStores, tenant: Tenant) -> None:
    with pytest.raises(Conflict):
        provision(control, stores, NewTenant(name="Other", plan="starter", slug=tenant.slug), make.BY)
    same_id = NewTenant(name="Other", plan="starter", tenant_id=tenant.tenant_id)
    with pytest.raises(Conflict):
        provision(control, stores, same_id, make.BY)
    assert stores.tenant_ids() == [tenant.tenant_id]
    assert len(stores.open(tenant.tenant_id).runs()) == 3
