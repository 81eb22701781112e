"""A tenant's whole beginning: its store, then its place in the control plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tenants.errors import PlatformError
from tenants.ids import new_id

if TYPE_CHECKING:
    from tenants.audit.records import Actor
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores
    from tenants.tenancy.records import NewTenant, Tenant


def provision(control: ControlPlane, stores: TenantStores, new: NewTenant, by: Actor) -> Tenant:
    """Make a tenant with its store.

    The store comes first: a crash between the two leaves an empty store that nobody is
    sent to, never a tenant without one. What is refused leaves none.

    Raises:
        InvalidInput: A field is wrong.
        Conflict: The slug or id is taken.
    """
    named = new if new.tenant_id else msgspec.structs.replace(new, tenant_id=new_id("ten"))
    tenant = control.tenants.draft(named, by)
    stores.create(tenant.tenant_id, tenant.region)
    try:
        return control.tenants.create(named, by)
    except PlatformError:
        if new.tenant_id is None:  # else the store may be that of the tenant which has the id
            stores.drop(tenant.tenant_id)
        raise
