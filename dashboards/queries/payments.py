"""How a tenant pays, from what Stripe has told the control plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from tenants.billing.facts import facts_of_customer
from tenants.billing.state import BillingState, major, moment, read_state

if TYPE_CHECKING:
    from dashboards.marts import Row
    from tenants.billing.facts import Fact
    from tenants.control import ControlPlane

_MONEY = pl.Decimal(38, 8)
_INVOICES = {
    "created_at": pl.Datetime("us", "UTC"),
    "number": pl.String(),
    "status": pl.String(),
    "currency": pl.String(),
    "total": _MONEY,
    "amount_paid": _MONEY,
    "link": pl.String(),
}


def state(control: ControlPlane, tenant_id: str) -> BillingState:
    """Return subscription, last and next payment; all empty where Stripe has told nothing."""
    return read_state(_facts(control, tenant_id), control.catalogue)


def invoices(control: ControlPlane, tenant_id: str) -> pl.DataFrame:
    """Return the tenant's invoices, newest first."""
    told = [_invoice(fact) for fact in _facts(control, tenant_id) if fact.body["object"] == "invoice"]
    return pl.DataFrame(told, schema=_INVOICES).sort("created_at", descending=True)


def _facts(control: ControlPlane, tenant_id: str) -> list[Fact]:
    customer_id = control.tenants.get(tenant_id).stripe_customer_id
    if customer_id is None:
        return []
    with control.database.read() as connection:
        return facts_of_customer(connection, customer_id)


def _invoice(fact: Fact) -> Row:
    body, currency = fact.body, str(fact.body["currency"])
    return {
        "created_at": moment(body["created"]),
        "number": body.get("number") or body["id"],
        "status": body.get("status") or "draft",
        "currency": currency.upper(),
        "total": major(body["total"], currency),
        "amount_paid": major(body["amount_paid"], currency),
        "link": body.get("hosted_invoice_url"),
    }
