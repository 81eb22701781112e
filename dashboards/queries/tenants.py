"""All tenants for our own people: as the control plane knows them now, with the newest build's health."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from tenants.catalogue import METERS
from tenants.errors import NotFound, Unavailable
from tenants.tenancy.activity import Activity, activity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.marts import Marts, Row
    from dashboards.runtime import Runtime
    from tenants.control import ControlPlane
    from tenants.protection.backups import Backup
    from tenants.tenancy.records import Tenant

_MOMENT = pl.Datetime("us", "UTC")
_LISTED = {
    "name": pl.String(),
    "slug": pl.String(),
    "plan": pl.String(),
    "standing": pl.String(),
    "region": pl.String(),
    "seats": pl.Int64(),
    "last_active_at": _MOMENT,
    "payment_failures": pl.Int64(),
    "created_at": _MOMENT,
    "tenant_id": pl.String(),
}
_SCORED = {
    "tenant_id": pl.String(),
    "health": pl.Int64(),
    "risks": pl.List(pl.String),
    "most_used_percent": pl.Float64(),
}
_QUOTAS = {
    "meter": pl.String(),
    "used": pl.Decimal(38, 6),
    "quota": pl.String(),
    "use_percent": pl.Float64(),
    "is_own": pl.Boolean(),
    "above_it": pl.String(),
}
_DOMAINS = {"domain": pl.String(), "claimed_at": _MOMENT, "checked_at": _MOMENT, "verified_at": _MOMENT}
_BACKUPS = {"at": _MOMENT, "size": pl.Int64()}
_STEPS = {"title": pl.String(), "is_done": pl.Boolean(), "next_action": pl.String()}
OUT_OF_SERVICE, CLOSED = "out of service", "closed"
HEALTH_BANDS = {"below 50": (0, 49), "50 to 79": (50, 79), "80 and above": (80, 100)}
METER_NAMES = {"api_calls": "API calls", "conversations": "Conversations", "storage_gb": "GB of storage"}
NOT_SCORED = "not scored yet"


def listed(live: Runtime, marts: Marts) -> pl.DataFrame:
    """Return every tenant, newest first, with its health and fullest quota where a build has scored it."""
    control = live.control
    active, nobody = activity(control), Activity(0, None)
    rows = [_row(tenant, active.get(tenant.tenant_id, nobody)) for tenant in control.tenants.all()]
    found = pl.DataFrame(rows, schema=_LISTED)
    return found.join(_scores(marts), on="tenant_id", how="left", maintain_order="left").reverse()


def narrowed(
    found: pl.DataFrame,
    words: str = "",
    plans: Sequence[str] = (),
    standings: Sequence[str] = (),
    regions: Sequence[str] = (),
    health: str | None = None,
) -> pl.DataFrame:
    """Return the tenants that fit every filter; an empty one lets all pass."""
    for column, wanted in (("plan", plans), ("standing", standings), ("region", regions)):
        if wanted:
            found = found.filter(pl.col(column).is_in(list(wanted)))
    if health == NOT_SCORED:
        found = found.filter(pl.col("health").is_null())
    elif health:
        found = found.filter(pl.col("health").is_between(*HEALTH_BANDS[health]))
    word = words.strip().lower()
    names = pl.concat_str("name", "slug", "tenant_id", separator=" ").str.to_lowercase()
    return found.filter(names.str.contains(word, literal=True)) if word else found


def totals(found: pl.DataFrame) -> Row:
    """Return how many tenants there are, by how they stand."""
    counts = dict(found["standing"].value_counts().iter_rows())
    return {
        "tenants": found.height,
        "serving": sum(counts.get(each, 0) for each in ("active", "trial")),
        "unpaid": counts.get("past_due", 0),
        "out": counts.get(OUT_OF_SERVICE, 0),
        "gone": counts.get(CLOSED, 0) + counts.get("canceled", 0),
    }


def standing(tenant: Tenant) -> str:
    """Return how a tenant stands: what keeps it out of service, else its subscription's status."""
    if tenant.closed_at is not None:
        return CLOSED
    return OUT_OF_SERVICE if tenant.deactivated_at is not None else tenant.status


def quotas(live: Runtime, tenant: Tenant) -> pl.DataFrame:
    """Return each meter's use in the present period, as the service counts it, beside its limit."""
    may = live.control.tenants.entitlements(tenant)
    used = live.stores.open(tenant.tenant_id).usage(may.period(live.clock.now())).units
    rows = []
    for meter in METERS:
        limit, units = may.quotas.get(meter), used.get(meter, 0)
        rows.append(
            {
                "meter": METER_NAMES[meter],
                "used": units,
                "quota": "unlimited" if limit is None else f"{limit:,.0f}",
                "use_percent": _percent(Decimal(units), limit),
                "is_own": meter in tenant.overrides.quotas,
                "above_it": None if limit is None else "charged" if may.overage_allowed(meter) else "refused",
            }
        )
    return pl.DataFrame(rows, schema=_QUOTAS)


def domains(control: ControlPlane, tenant_id: str) -> pl.DataFrame:
    """Return the domains that a tenant claims."""
    rows = [{name: getattr(each, name) for name in _DOMAINS} for each in control.domains.of(tenant_id)]
    return pl.DataFrame(rows, schema=_DOMAINS)


def backups(found: Sequence[Backup]) -> pl.DataFrame:
    """Return backups as a table."""
    return pl.DataFrame([{name: getattr(each, name) for name in _BACKUPS} for each in found], schema=_BACKUPS)


def first_steps(live: Runtime, tenant: Tenant) -> pl.DataFrame:
    """Return a tenant's first steps."""
    from tenants.onboarding import onboarding_of  # noqa: PLC0415 - one record needs it, not the list

    told = onboarding_of(live.control, live.stores.open(tenant.tenant_id), tenant)
    return pl.DataFrame(
        [{name: getattr(step, name) for name in _STEPS} for step in told.steps], schema=_STEPS
    )


def _row(tenant: Tenant, active: Activity) -> Row:
    own = {name: getattr(tenant, name) for name in _LISTED if hasattr(tenant, name)}
    there = {"seats": active.seats, "last_active_at": active.last_active_at}
    return {**own, "standing": standing(tenant), **there}


def _percent(used: Decimal, limit: Decimal | None) -> float:
    if limit is None:
        return 0.0
    return float(used * 100 / limit) if limit else 100.0


def _scores(marts: Marts) -> pl.DataFrame:
    try:
        found = marts.frame("""
            with newest as (
                select tenant_id, max(use_percent) as most_used_percent
                from marts.quota_use
                where period_end > (select max(as_of) from marts.tenant_health)
                group by tenant_id
            )
            select tenant_id, health, risks, most_used_percent
            from marts.tenant_health left join newest using (tenant_id)
            where as_of = (select max(as_of) from marts.tenant_health)
        """)
    except (Unavailable, NotFound):  # nothing is published yet
        return pl.DataFrame(schema=_SCORED)
    return found.cast(pl.Schema(_SCORED))
