"""One customer of the demo world: who they are, what they pay for, what happens to them next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

Json = dict[str, Any]
Trend = Literal["growing", "steady", "declining"]


@dataclass
class Life:
    """A customer's particulars and state.

    Attributes:
        tenant_id: Our tenant's id, also in the Stripe customer's metadata; None for one that is no tenant.
        name: Of the company.
        slug: Safe for hosts and files; different for each.
        email: Where bills go.
        signed_up_at: When it all began.
        plan: Id of the plan, as last chosen.
        interval: `month`, `quarter` or `year`.
        currency: Of all their prices.
        usage_trend: How use of the service develops.
        calls_per_month: Validations in the first full month, as a share of a small plan's quota.
        document_quality: Share of documents without faults at the start, 0 to 1.
        quality_trend: How that develops.
        customer_id: The Stripe customer, once signed up.
        subscription_id: The newest Stripe subscription.
        status: Stripe's status of that subscription; `new` before there is one.
    """

    rng: Random = field(repr=False)
    tenant_id: str | None
    name: str
    slug: str
    email: str
    signed_up_at: datetime
    plan: str
    interval: str
    currency: str
    usage_trend: Trend
    calls_per_month: int
    document_quality: float
    quality_trend: Literal["improving", "steady", "worsening"]
    customer_id: str = ""
    subscription_id: str = ""
    method_id: str = ""
    status: str = "new"
    returns: int = 0

    @property
    def is_tenant(self) -> bool:
        """Whether they use the service, and are not merely billed through the same account."""
        return self.tenant_id is not None

    @property
    def has_ended(self) -> bool:
        """Whether nothing runs any more."""
        return self.status in {"canceled", "incomplete_expired"}
