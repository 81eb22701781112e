"""What is known of a tenant."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec needs it at run time
from decimal import Decimal  # noqa: TC003 - msgspec needs it at run time
from typing import Literal

import msgspec

from tenants.tenancy.terms import NOTHING_EARLIER, EarlierTerms

TenantStatus = Literal["trial", "active", "past_due", "paused", "canceled"]
STATUSES: tuple[TenantStatus, ...] = ("trial", "active", "past_due", "paused", "canceled")


class Overrides(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a tenant has beside its plan; what is not named here is as the plan says.

    Attributes:
        quotas: Units a period by meter; None is unlimited.
        user_limit: Most active users; None leaves the plan's, 0 and above replaces it.
        rate_limit_per_minute: Calls a minute.
        features: Further features.
        overage_allowed: Whether use above a quota is charged instead of refused.
        seats: Users bought beside those of the plan.
    """

    quotas: dict[str, Decimal | None] = {}
    user_limit: int | None = None
    rate_limit_per_minute: int | None = None
    features: tuple[str, ...] = ()
    overage_allowed: bool | None = None
    seats: int = 0


class Tenant(msgspec.Struct, frozen=True, kw_only=True):
    """A customer of the platform.

    Attributes:
        status: Follows the subscription.
        modules: Those switched on within the plan; None is all of them.
        usage_anchor_at: Where the months of usage are counted from; None is the calendar month.
        earlier: Where they were counted from before, and what use was charged above.
        deactivated_at: Since when an operator keeps it out of service.
        closed_at: Since when it is no customer any more; what it has is kept until erased.
    """

    tenant_id: str
    name: str
    slug: str
    plan: str
    status: TenantStatus
    region: str
    time_zone: str
    language: str
    billing_email: str | None
    modules: tuple[str, ...] | None
    overrides: Overrides
    retention_days: int
    is_audited: bool
    keeps_documents: bool
    stripe_customer_id: str | None
    stripe_subscription_id: str | None
    usage_anchor_at: datetime | None
    earlier: EarlierTerms = NOTHING_EARLIER
    cancel_at_period_end: bool
    payment_failures: int
    deactivated_at: datetime | None
    closed_at: datetime | None
    erased_at: datetime | None
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str

    @property
    def is_in_service(self) -> bool:
        """Return whether it is neither deactivated nor closed."""
        return self.deactivated_at is None and self.closed_at is None


class NewTenant(msgspec.Struct, frozen=True, kw_only=True):
    """What a tenant is made from; None takes the catalogue's default.

    Attributes:
        slug: Safe for hosts and files; made from the name where None.
        tenant_id: For a tenant that is known under an id already; else a fresh one is made.
    """

    name: str
    plan: str
    slug: str | None = None
    tenant_id: str | None = None
    status: TenantStatus = "active"
    billing_email: str | None = None
    region: str | None = None
    time_zone: str | None = None
    language: str | None = None
    modules: tuple[str, ...] | None = None
    overrides: Overrides = Overrides()
    stripe_customer_id: str | None = None
    usage_anchor_at: datetime | None = None
