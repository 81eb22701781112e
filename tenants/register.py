"""The tenant register and the plan catalogue as the warehouse takes them: one row a tenant, one a plan."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa
import structlog

from tenants.catalogue import METERS
from tenants.control.tables import api_keys, users
from tenants.errors import PlatformError

if TYPE_CHECKING:
    from datetime import datetime

    from tenants.clock import Clock
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores
    from tenants.tenancy import Tenant

log = structlog.get_logger()
Row = dict[str, Any]
QUIET_AFTER = timedelta(days=30)


def snapshot(control: ControlPlane, stores: TenantStores, clock: Clock) -> tuple[list[Row], list[Row]]:
    """Return the register's and the catalogue's rows as they are now.

    A quota of None is unlimited. `quiet_users` are active ones who were not seen for 30 days;
    `features_in_use` are told by facts: what was called, issued, written, invited.
    """
    now = clock.now()
    people, keys = _people(control, now), _tenants_with_keys(control, now)
    tenants = [
        _tenant_row(
            control, stores, tenant, people.get(tenant.tenant_id, Counter()), tenant.tenant_id in keys, now
        )
        for tenant in control.tenants.all()
    ]
    return tenants, _plan_rows(control, now)


def _tenant_row(
    control: ControlPlane,
    stores: TenantStores,
    tenant: Tenant,
    people: Counter[str],
    has_keys: bool,  # noqa: FBT001 - as above
    now: datetime,
) -> Row:
    may = control.tenants.entitlements(tenant)
    return {
        "snapshot_on": now.date(),
        "tenant_id": tenant.tenant_id,
        "name": tenant.name,
        "slug": tenant.slug,
        "plan": tenant.plan,
        "catalogue": control.catalogue.name,
        "status": _status(tenant),
        "region": tenant.region,
        "modules": list(may.modules),
        "user_limit": may.user_limit,
        "active_users": people["active"],
        "quiet_users": people["quiet"],
        "features_in_use": _features_in_use(stores, tenant, people, has_keys=has_keys),
        **{f"{meter}_quota": may.quotas.get(meter) for meter in METERS},
        "overage_allowed": bool(may.overage_meters),
        "usage_anchor_at": may.anchor,
        "earlier_anchors": [msgspec.structs.asdict(each) for each in may.earlier.anchors],
        "stripe_customer_id": tenant.stripe_customer_id,
        "cancel_at_period_end": tenant.cancel_at_period_end,
        "payment_failures": tenant.payment_failures,
        "created_at": tenant.created_at,
        "erased_at": tenant.erased_at,
        "observed_at": now,
    }


def _status(tenant: Tenant) -> str:
    if tenant.erased_at is not None:
        return "erased"
    if tenant.closed_at is not None:
        return "closed"
    return "deactivated" if tenant.deactivated_at is not None else tenant.status


def _features_in_use(
    stores: TenantStores, tenant: Tenant, people: Counter[str], *, has_keys: bool
) -> list[str]:
    found = _features_of_store(stores, tenant) if tenant.erased_at is None else set()
    if has_keys:
        found.add("api_keys")
    if people["active"] > 1:
        found.add("team")
    return sorted(found)


def _features_of_store(stores: TenantStores, tenant: Tenant) -> set[str]:
    """Return the features that a store tells of; none of a damaged one, as no other tenant waits for it."""
    try:
        return set(stores.open(tenant.tenant_id).features_in_use())
    except PlatformError as error:
        log.warning("features_not_known", tenant_id=tenant.tenant_id, code=error.code)
        return set()


def _people(control: ControlPlane, now: datetime) -> dict[str, Counter[str]]:
    quiet = sa.or_(users.c.last_active_at.is_(None), users.c.last_active_at < now - QUIET_AFTER)
    is_old = users.c.created_at < now - QUIET_AFTER
    query = (
        sa.select(users.c.tenant_id, sa.func.count(), sa.func.count().filter(quiet & is_old))
        .where(users.c.tenant_id.is_not(None), users.c.status == "active")
        .group_by(users.c.tenant_id)
    )
    with control.database.read() as connection:
        rows = connection.execute(query).all()
    return {tenant_id: Counter(active=active, quiet=still) for tenant_id, active, still in rows}


def _tenants_with_keys(control: ControlPlane, now: datetime) -> set[str]:
    lasting = sa.or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > now)
    query = sa.select(api_keys.c.tenant_id).where(
        api_keys.c.revoked_at.is_(None), api_keys.c.last_used_at.is_not(None), lasting
    )
    with control.database.read() as connection:
        return set(connection.scalars(query.distinct()))


def _plan_rows(control: ControlPlane, now: datetime) -> list[Row]:
    catalogue = control.catalogue
    return [
        {
            "snapshot_on": now.date(),
            "catalogue": catalogue.name,
            "plan": plan.id,
            "position": plan.position,
            "currency": catalogue.currency,
            "month_price": plan.price(catalogue.currency),
            "is_custom_price": plan.is_custom_price,
            "user_limit": plan.user_limit,
            **{f"{meter}_quota": plan.quota(meter) for meter in METERS},
            "modules": list(plan.modules),
            "features": list(plan.features),
            "observed_at": now,
        }
        for plan in catalogue.plans
    ]
