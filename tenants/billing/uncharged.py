"""What a tenant used or owes and is not charged by itself any more once its subscription has ended."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants.billing.state import major
from tenants.control.billing_tables import overage_charges

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenants.billing.gateway import StripeGateway
    from tenants.control import ControlPlane
    from tenants.tenancy import Tenant


def uncharged_here(control: ControlPlane, tenant: Tenant) -> list[str]:
    """Return the charges for overage that Stripe does not have yet, a line each."""
    columns = overage_charges.c
    waiting = (columns.tenant_id == tenant.tenant_id) & columns.sent_at.is_(None)
    query = sa.select(overage_charges).where(waiting).order_by(columns.period_start, columns.meter)
    with control.database.read() as connection:
        return [
            f"{_told(row.amount_minor, row.currency)} for {Decimal(row.millionths).scaleb(-6).normalize():f} "
            f"{row.meter} above the quota from {row.period_start:%Y-%m-%d}, not yet sent to Stripe"
            for row in connection.execute(query)
        ]


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
