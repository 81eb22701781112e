"""Use above a quota, each unit measured by the plan that held in the moment in which it was used.

A unit is above if as many units as the quota of that moment had been used in the period before it, as the
answer to the call said. So whoever takes a smaller plan pays for nothing that the larger one covered, and
whoever takes a larger one still pays for what was above the smaller one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tenants.control.billing_tables import overage_quotas
from tenants.stores import Period
from tenants.tenancy.terms import EarlierQuotas, quotas_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.engine import Connection

    from tenants.control import ControlPlane
    from tenants.stores import TenantStores
    from tenants.tenancy import Tenant

# How long after its end a period's late use is still looked for.
LOOK_BACK = timedelta(days=62)
_MOMENT = timedelta(microseconds=1)
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Overage:
    """Use of one meter above its quota in one period, as known now."""

    meter: str
    period: Period
    units: Decimal
    amount_minor: int


def above(stretches: Sequence[tuple[Decimal, Decimal | None]], total: Decimal) -> Decimal:
    """Return how many of a period's units are above.

    Args:
        stretches: Units used while each quota held, and that quota, oldest first; None is unlimited.
        total: Units counted in the period. Where the two differ, as details were removed by retention or lie
            on the other side of a cut that was heard of late, nobody can tell under which quota the rest was
            used, and the largest counts for all.
    """
    quotas = [quota for _, quota in stretches]
    if sum((units for units, _ in stretches), _NOTHING) != total:
        limited = [quota for quota in quotas if quota is not None]
        return max(_NOTHING, total - max(limited)) if len(limited) == len(quotas) else _NOTHING
    used = found = _NOTHING
    for units, quota in stretches:
        before, used = used, used + units
        if quota is not None:
            found += max(_NOTHING, used - max(before, quota))
    return found


class Measured:
    """Measures what tenants used above their quotas.

    Args:
        control: The tenants and their plans.
        stores: Their use.
    """

    def __init__(self, control: ControlPlane, stores: TenantStores) -> None:
        self._control = control
        self._stores = stores

    def ended(self, tenant: Tenant, *, is_dry: bool = False) -> Iterator[Overage]:
        """Yield what is above in the periods that have ended, newest first, by the quotas kept with them.

        Args:
            tenant: Whose.
            is_dry: Keep no quotas with periods that have none yet.
        """
        if not self._control.catalogue.overage_prices:
            return
        may, now = self._control.tenants.entitlements(tenant), self._control.clock.now()
        period = may.period(now)
        oldest = max(now - LOOK_BACK, tenant.created_at)
        while period.start > oldest:
            period = may.period(period.start - _MOMENT)
            held = self._kept(tenant, period, quotas_in(period, may), is_dry=is_dry)
            yield from self._in(tenant, period, held)

    def running(self, tenant: Tenant) -> Iterator[Overage]:
        """Yield what is above in the period that runs, so far."""
        if not self._control.catalogue.overage_prices:
            return
        may = self._control.tenants.entitlements(tenant)
        period = may.period(self._control.clock.now())
        yield from self._in(tenant, period, quotas_in(period, may))

    def _in(self, tenant: Tenant, period: Period, held: Sequence[EarlierQuotas]) -> Iterator[Overage]:
        total = self._stores.open(tenant.tenant_id).usage(period).units
        by_stretch = [total] if len(held) == 1 else self._by_stretch(tenant, period, held)
        for meter, price in sorted(self._control.catalogue.overage_prices.items()):
            stretches = [
                (units.get(meter, _NOTHING), each.quotas.get(meter))
                for units, each in zip(by_stretch, held, strict=True)
            ]
            units = above(stretches, total.get(meter, _NOTHING))
            if units:
                cents = (units * price * 100).quantize(Decimal(1), ROUND_HALF_UP)
                yield Overage(meter, period, units, int(cents))

    def _by_stretch(
        self, tenant: Tenant, period: Period, held: Sequence[EarlierQuotas]
    ) -> list[dict[str, Decimal]]:
        store, start, found = self._stores.open(tenant.tenant_id), period.start, []
        for each in held:
            found.append(store.units_within(Period(start, each.until)))
            start = each.until
        return found

    def _kept(
        self, tenant: Tenant, period: Period, held: list[EarlierQuotas], *, is_dry: bool
    ) -> list[EarlierQuotas]:
        """Return the quotas kept with a period, these where none are yet."""
        known = sa.select(overage_quotas.c.quotas).where(
            overage_quotas.c.tenant_id == tenant.tenant_id, overage_quotas.c.period_start == period.start
        )
        with self._control.database.read() as connection:
            kept: Any = connection.scalar(known)
        if kept is None and is_dry:
            return held
        if kept is None:
            row = {"tenant_id": tenant.tenant_id, "period_start": period.start, "quotas": _written(held)}
            kept = self._control.database.write(lambda connection: _kept_first(connection, known, row))
        return _read(kept, period)


def _written(held: Sequence[EarlierQuotas]) -> list[dict[str, Any]]:
    return [
        {
            "until": each.until.isoformat(),
            "quotas": {meter: f"{quota:f}" for meter, quota in each.quotas.items() if quota is not None},
        }
        for each in held
    ]


def _read(kept: Any, period: Period) -> list[EarlierQuotas]:  # noqa: ANN401 - JSON
    """Return kept quotas; earlier versions kept those of the last moment alone."""
    stretches: list[dict[str, Any]] = kept
    if isinstance(kept, dict):
        stretches = [{"until": period.end.isoformat(), "quotas": kept}]
    return [
        EarlierQuotas(
            datetime.fromisoformat(each["until"]),
            {meter: Decimal(quota) for meter, quota in each["quotas"].items()},
        )
        for each in stretches
    ]


def _kept_first(connection: Connection, known: sa.Select[Any], row: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Keep a period's quotas unless another process was first, and return those that are kept."""
    kept = connection.scalar(known)
    if kept is None:
        connection.execute(sa.insert(overage_quotas).values(row))
    return row["quotas"] if kept is None else kept
