"""Puts together what the access decision looks at, for the API and for pages alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenants.access.decision import Needs, Situation, TenantFacts, decide
from tenants.access.hosts import PLATFORM_HOST, Host
from tenants.access.rates import RateState

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.control import ControlPlane
    from tenants.errors import PlatformError
    from tenants.sessions import Principal
    from tenants.tenancy import Entitlements, Tenant

UNLIMITED = RateState(is_within=True, limit=0, remaining=0, reset_seconds=0)


@dataclass(frozen=True, slots=True)
class Account:
    """A tenant with what it may use now."""

    tenant: Tenant
    entitlements: Entitlements


def account_of(control: ControlPlane, tenant_id: str) -> Account:
    """Return a tenant's account, from memory until anything of access changes."""
    tenant = control.tenants.known(tenant_id)
    return Account(tenant, control.tenants.entitlements(tenant))


def situation_of(
    control: ControlPlane,
    host: Host,
    principal: Principal | None,
    account: Account | None,
    take_rate: Callable[[], RateState] = lambda: UNLIMITED,
) -> Situation:
    """Return the situation of a caller at a host; `account` is the host's, else the caller's."""
    return Situation(
        host=host.kind,
        tenant=None if account is None else _facts(account),
        is_known=principal is not None,
        caller_tenant_id=None if principal is None else principal.tenant_id,
        is_staff=principal is not None and principal.kind == "staff",
        permissions=principal.permissions if principal else frozenset(),
        take_rate=take_rate,
        plan_with=lambda name: _plan_with(control, name),
    )


def refusal_of_page(
    control: ControlPlane, principal: Principal | None, needs: Needs, host: Host = PLATFORM_HOST
) -> PlatformError | None:
    """Return why a person may not see a page, None where they may: the same decision as for the API."""
    tenant_id = host.tenant_id or (principal.tenant_id if principal else None)
    account = account_of(control, tenant_id) if principal and tenant_id else None
    return decide(situation_of(control, host, principal, account), needs)


def _facts(account: Account) -> TenantFacts:
    tenant, may = account.tenant, account.entitlements
    return TenantFacts(
        tenant_id=tenant.tenant_id,
        is_in_service=tenant.is_in_service,
        status=tenant.status,
        modules=frozenset(may.modules),
        features=may.features,
        is_closed=tenant.closed_at is not None and tenant.deactivated_at is None and tenant.erased_at is None,
    )


def _plan_with(control: ControlPlane, name: str) -> str | None:
    catalogue = control.catalogue
    plan = catalogue.first_plan_with(module=name) or catalogue.first_plan_with(feature=name)
    return None if plan is None else plan.id
