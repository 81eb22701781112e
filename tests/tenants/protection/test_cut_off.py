"""An erasure cut off after the tenant was gone and before its certificate was written is finished later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenants.protection.erasure import Erasures
from tests.tenants import factories as make

if TYPE_CHECKING:
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores
    from tenants.tenancy import Tenant


def test_a_tenant_that_is_gone_blocks_no_erasure_and_gets_its_certificate(
    control: ControlPlane, stores: TenantStores, tenant: Tenant
) -> None:
    erasures, certificate = Erasures(control, stores), {"places": {"store: runs": 3}, "kept": []}
    erasures.request(tenant, make.BY)
    open_request = erasures.hasten(tenant, make.BY)
    assert [each.tenant_id for each in erasures.due()] == [tenant.tenant_id]
    assert erasures.finish_cut_off(make.BY) == []

    erasures.prepare(open_request, certificate)
    erasures.erase(tenant)

    assert erasures.due() == []
    (done,) = erasures.finish_cut_off(make.BY)
    assert (done.tenant_id, done.certificate) == (None, certificate)
    assert done.erased_at == make.NOW
    assert erasures.finish_cut_off(make.BY) == []
    assert erasures.all() == [done]
