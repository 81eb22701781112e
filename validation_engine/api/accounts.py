"""For whom a document is validated: the tenant, what it may use, its store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from tenants.api.access import Granted
    from tenants.api.deps import Deps
    from tenants.stores import TenantStore
    from tenants.tenancy import Entitlements, Tenant


@dataclass(frozen=True, slots=True)
class Account:
    """A tenant as the service works for it, within a request or after it."""

    deps: Deps
    tenant: Tenant
    entitlements: Entitlements
    store: TenantStore

    @classmethod
    def of(cls, granted: Granted) -> Account:
        """Return the account of a request that may go on."""
        return cls(granted.deps, granted.tenant, granted.entitlements, granted.store)

    @classmethod
    def by_id(cls, deps: Deps, tenant_id: str) -> Account:
        """Return the account of a tenant, for work that outlived its request."""
        tenant = deps.control.tenants.known(tenant_id)
        return cls(deps, tenant, deps.control.tenants.entitlements(tenant), deps.stores.open(tenant_id))

    def now(self) -> datetime:
        """Return the present."""
        return self.deps.clock.now()
