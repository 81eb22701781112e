"""What a tenant used or owes and is not charged by itself any more once its subscription has ended."""

from __future__ import annotations

from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants.billing.measured import Measured
from tenants.billing.state import major
from tenants.control.billing_tables import overage_charges
from tenants.errors import NotFound, Unavailable
from tenants.stores.values import to_millionths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from tenants.billing.gateway import StripeGateway
    from tenants.billing.measured import Overage
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores
    from tenants.tenancy import Tenant

_COLUMNS = overage_charges.c


def uncharged_here(control: ControlPlane, stores: TenantStores, tenant: Tenant) -> list[str]:
    """Return the use above quotas that Stripe does not have yet, a line each; nothing changes.

    Of the period that runs, what was used up to now. A store that an erasure has dropped tells nothing.
    """
    waiting = (_COLUMNS.tenant_id == tenant.tenant_id) & _COLUMNS.sent_at.is_(None)
    query = sa.select(overage_charges).where(waiting).order_by(_COLUMNS.period_start, _COLUMNS.meter)
    with control.database.read() as connection:
        found = [
            f"{_above(row.amount_minor, row.currency, row.millionths, row.meter, row.period_start)}, not yet "
            "sent to Stripe"
            for row in connection.execute(query)
        ]
    if tenant.stripe_subscription_id is None:
        return found
    try:
        return found + list(_not_kept(control, stores, tenant))
    except NotFound:
        return found
    except Unavailable as error:
        return [*found, f"what was used above quotas since the last charge: not known, as {error.message}"]


def _not_kept(control: ControlPlane, stores: TenantStores, tenant: Tenant) -> Iterator[str]:
    """Yield what no charge was kept for yet."""
    measured, currency = Measured(control, stores), control.catalogue.currency
    for overage in chain(measured.running(tenant), measured.ended(tenant, is_dry=True)):
        millionths, minor = _kept(control, tenant, overage)
        if overage.amount_minor > minor:
            units = to_millionths(overage.units) - millionths
            told = _above(overage.amount_minor - minor, currency, units, overage.meter, overage.period.start)
            yield f"{told}, not yet charged"


def _kept(control: ControlPlane, tenant: Tenant, overage: Overage) -> tuple[int, int]:
    query = sa.select(sa.func.sum(_COLUMNS.millionths), sa.func.sum(_COLUMNS.amount_minor)).where(
        _COLUMNS.tenant_id == tenant.tenant_id,
        _COLUMNS.meter == overage.meter,
        _COLUMNS.period_start == overage.period.start,
    )
    with control.database.read() as connection:
        millionths, minor = connection.execute(query).one()
    return int(millionths or 0), int(minor or 0)


def _above(minor: int, currency: str, millionths: int, meter: str, start: datetime) -> str:
    units = Decimal(millionths).scaleb(-6).normalize()
    return f"{_told(minor, currency)} for {units:f} {meter} above the quota from {start:%Y-%m-%d}"


def uncharged_at_stripe(gateway: StripeGateway, customers: Iterable[str]) -> list[str]:
    """Return the invoice items that wait for an invoice, and the invoices that are open, a line each."""
    found = []
    for customer in customers:
        found += [
            f"{_told(item['amount'], item['currency'])} waiting for an invoice as {item['id']}"
            for item in gateway.invoice_items(customer)
            if item.get("invoice") is None
        ]
        found += [
            f"{_told(invoice['amount_remaining'], invoice['currency'])} unpaid of invoice {invoice['id']}"
            for invoice in gateway.invoices(customer)
            if invoice["status"] in {"open", "uncollectible"} and invoice["amount_remaining"]
        ]
    return found


def _told(minor: int, currency: str) -> str:
    return f"{major(minor, currency):f} {currency.upper()}"
