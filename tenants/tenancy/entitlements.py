"""What a tenant may use: its plan, narrowed or widened by what is its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenants.periods import period_at
from tenants.tenancy.terms import NOTHING_EARLIER, EarlierTerms

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from tenants.catalogue import Catalogue
    from tenants.stores.records import Period
    from tenants.tenancy.records import Tenant


@dataclass(frozen=True, slots=True)
class Entitlements:
    """The limits of one tenant.

    Attributes:
        quotas: Units a usage period by meter; None is unlimited.
        user_limit: Most active users; None is unlimited.
        anchor: Where usage months are counted from; None is the calendar month.
        earlier: What held before of the anchor and of the quotas above which use is charged.
    """

    plan: str
    modules: tuple[str, ...]
    features: frozenset[str]
    quotas: dict[str, Decimal | None]
    user_limit: int | None
    rate_limit_per_minute: int
    overage_meters: frozenset[str]
    anchor: datetime | None
    earlier: EarlierTerms = NOTHING_EARLIER

    def period(self, moment: datetime) -> Period:
        """Return the usage period that holds a moment."""
        return period_at(moment, self.anchor, self.earlier.anchors)

    def overage_allowed(self, meter: str) -> bool:
        """Return whether use above the quota is charged instead of refused."""
        return meter in self.overage_meters


def entitlements_of(tenant: Tenant, catalogue: Catalogue) -> Entitlements:
    """Return what the tenant may use now."""
    plan, own = catalogue.plan(tenant.plan), tenant.overrides
    users = plan.user_limit if own.user_limit is None else own.user_limit
    modules = tuple(plan.modules)
    if tenant.modules is not None:
        modules = tuple(module for module in modules if module in tenant.modules)
    is_charged = catalogue.overage_allowed if own.overage_allowed is None else own.overage_allowed
    is_monthly_by_subscription = catalogue.usage_period == "subscription_month"
    return Entitlements(
        plan=plan.id,
        modules=modules,
        features=frozenset(plan.features) | frozenset(own.features),
        quotas={**plan.quotas, **own.quotas},
        user_limit=None if users is None else users + own.seats,
        rate_limit_per_minute=own.rate_limit_per_minute or catalogue.rate_limit_per_minute,
        overage_meters=frozenset(catalogue.overage_prices) if is_charged else frozenset(),
        anchor=(tenant.usage_anchor_at or tenant.created_at) if is_monthly_by_subscription else None,
        earlier=tenant.earlier if is_monthly_by_subscription else EarlierTerms(quotas=tenant.earlier.quotas),
    )
