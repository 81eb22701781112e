"""Use of a tenant's, and what Stripe is to charge for it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tenants.billing.overage import OverageBilling
from tenants.stores import UsageEvent
from tests.tenants.factories import BY

if TYPE_CHECKING:
    from tenants.tenancy import Tenant
    from tests.tenants.billing.conftest import Desk


def overage(desk: Desk) -> OverageBilling:
    return OverageBilling(desk.control, desk.stores, desk.gateway)


def using(desk: Desk, record_id: str, meter: str, units: str) -> Tenant:
    """A tenant on the starter plan that used a meter."""
    tenant = desk.tenant()
    desk.billing.subscribe(tenant, "starter", "month", BY, "pm_card_visa")
    use(desk, desk.again(tenant), record_id, meter, units)
    return desk.again(tenant)


def use(desk: Desk, tenant: Tenant, record_id: str, meter: str, units: str) -> None:
    may = desk.control.tenants.entitlements(tenant)
    event = UsageEvent(
        source="chat",
        record_id=record_id,
        meter=meter,
        units=Decimal(units),
        occurred_at=desk.clock.now(),
    )
    desk.stores.open(tenant.tenant_id).record_usage_events([event], may.period)


def charges(desk: Desk, tenant: Tenant) -> list[int]:
    items = desk.gateway.invoice_items(str(tenant.stripe_customer_id))
    return [item["amount"] for item in items if "overage_key" in item["metadata"]]
