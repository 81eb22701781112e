"""A tenant's account as the control plane knows it now: plan, people, keys. Current, not as of a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from decimal import Decimal

    from tenants.catalogue import Plan
    from tenants.control import ControlPlane
    from tenants.tenancy.entitlements import Entitlements
    from tenants.tenancy.records import Tenant

_MOMENT = pl.Datetime("us", "UTC")
_PEOPLE = {
    "name": pl.String(),
    "email": pl.String(),
    "role": pl.String(),
    "status": pl.String(),
    "last_active_at": _MOMENT,
    "sign_in_count": pl.Int64(),
    "created_at": _MOMENT,
}
_KEYS = {
    "name": pl.String(),
    "hint": pl.String(),
    "permissions": pl.List(pl.String),
    "created_at": _MOMENT,
    "last_used_at": _MOMENT,
    "expires_at": _MOMENT,
    "revoked_at": _MOMENT,
}
_PLANS = {
    "plan": pl.String(),
    "is_present": pl.Boolean(),
    "price": pl.String(),
    "users": pl.String(),
    "quotas": pl.List(pl.String),
    "modules": pl.List(pl.String),
    "support": pl.String(),
}


def tenant(control: ControlPlane, tenant_id: str) -> Tenant:
    """Return the tenant."""
    return control.tenants.get(tenant_id)


def staff_names(control: ControlPlane) -> dict[str, str]:
    """Return the address of each of our own people by what stands for them where they did something."""
    return {f"staff:{user.user_id}": user.email for user in control.users.of(None)}


def entitlements(control: ControlPlane, tenant_id: str) -> Entitlements:
    """Return what the tenant may use."""
    return control.tenants.entitlements(control.tenants.get(tenant_id))


def plan(control: ControlPlane, tenant_id: str) -> Plan:
    """Return the tenant's plan."""
    return control.catalogue.plan(control.tenants.get(tenant_id).plan)


def people(control: ControlPlane, tenant_id: str | None) -> pl.DataFrame:
    """Return a tenant's people, or the staff where `tenant_id` is None, those in service first."""
    order = {"active": 0, "invited": 1, "deactivated": 2}
    rows = sorted(control.users.of(tenant_id), key=lambda user: (order[user.status], user.name.casefold()))
    return pl.DataFrame([{name: getattr(user, name) for name in _PEOPLE} for user in rows], schema=_PEOPLE)


def seats(control: ControlPlane, tenant_id: str) -> int:
    """Return how many seats of the plan are taken."""
    from tenants.people.records import SEATED  # noqa: PLC0415 - with the people it counts

    return sum(user.status in SEATED for user in control.users.of(tenant_id))


def keys(control: ControlPlane, tenant_id: str) -> pl.DataFrame:
    """Return the tenant's API keys, newest first; a key itself is kept nowhere."""
    rows = sorted(control.keys.of(tenant_id), key=lambda key: key.created_at, reverse=True)
    return pl.DataFrame([{name: getattr(key, name) for name in _KEYS} for key in rows], schema=_KEYS)


def plans(control: ControlPlane, tenant_id: str) -> pl.DataFrame:
    """Return what the catalogue sells beside what the tenant has."""
    present, currency = control.tenants.get(tenant_id).plan, control.catalogue.currency
    rows = [
        {
            "plan": sold.name,
            "is_present": sold.id == present,
            "price": _price(sold, currency),
            "users": "unlimited" if sold.user_limit is None else f"{sold.user_limit:,}",
            "quotas": [f"{meter.replace('_', ' ')}: {_limit(limit)}" for meter, limit in sold.quotas.items()],
            "modules": list(sold.modules),
            "support": sold.support,
        }
        for sold in control.catalogue.plans
    ]
    return pl.DataFrame(rows, schema=_PLANS)


def _price(sold: Plan, currency: str) -> str:
    amount = sold.price(currency)
    return "custom" if sold.is_custom_price or amount is None else f"{currency} {amount:,} a month"


def _limit(limit: Decimal | None) -> str:
    return "unlimited" if limit is None else f"{limit:,.0f}"
