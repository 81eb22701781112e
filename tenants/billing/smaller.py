"""What a smaller plan means for the usage period that runs, in words for whoever looks before they change."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from tenants.tenancy.entitlements import entitlements_of

if TYPE_CHECKING:
    from tenants.billing.state import BillingState
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores
    from tenants.tenancy import Tenant


def notes_on_change(
    control: ControlPlane, stores: TenantStores, tenant: Tenant, now: BillingState, wanted: tuple[str, str]
) -> list[str]:
    """Return a sentence for each quota of a plan that is used up already in the period that runs.

    Args:
        control: The plans.
        stores: What was used.
        tenant: Whose plan is to change.
        now: What is subscribed.
        wanted: The plan and its interval; another interval begins a period of its own, with nothing used yet.

    Raises:
        InvalidInput: There is no such plan.
    """
    plan, interval = wanted
    if control.catalogue.usage_period == "subscription_month" and interval != now.interval:
        return []
    may = entitlements_of(msgspec.structs.replace(tenant, plan=plan, modules=None), control.catalogue)
    period = may.period(control.clock.now())
    used = stores.open(tenant.tenant_id).usage(period).units
    found = []
    for meter, quota in may.quotas.items():
        units = used.get(meter, Decimal(0))
        if quota is None or units <= quota:
            continue
        if may.overage_allowed(meter):
            price = f"{control.catalogue.overage_prices[meter]:f} {control.catalogue.currency}"
            fate = f"what is used after the change is charged at {price} each"
        else:
            fate = "no more is accepted after the change"
        found.append(
            f"{units.normalize():f} {meter} are used in the period until {period.end:%d %B %Y} and {plan} "
            f"has {quota.normalize():f}: until then {fate}."
        )
    return found
