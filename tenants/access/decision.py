"""The access decision: pure, and in one fixed order, so that a refusal never tells more than it must.

    unknown host               404    before anything else
    no or wrong credentials    401    before anything about a tenant shows
    tenant deactivated         503    who closed the account may still take along what is its own
    subscription canceled      402    billing stays open, and taking along what is one's own
    subscription past due      402    billing stays open, and taking along what is one's own
    subscription paused        402    reading and billing stay open
    rate limit                 429
    another tenant's host      403
    permission                 403
    module or feature          403    names the plan that has it

The quota comes last, where the work is committed: only there is it exact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tenants.errors import (
    NotAllowed,
    NotFound,
    PaymentRequired,
    PlatformError,
    RateLimited,
    Unauthenticated,
    Unavailable,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.access.rates import RateState
    from tenants.tenancy.records import TenantStatus

BILLING_PATH = "/billing"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a route asks of whoever calls it.

    Attributes:
        permission: None where being signed in is enough.
        is_reading: Whether it changes nothing, and so stays open while paused.
        is_billing: Whether it stays open to pay what is due.
        is_taking_along: Whether it gives the tenant what is its own, and so stays open to whoever leaves.
    """

    permission: str | None
    feature: str | None = None
    modules: tuple[str, ...] = ()
    is_reading: bool = False
    is_billing: bool = False
    is_taking_along: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantFacts:
    """What of a tenant bears on access.

    Attributes:
        is_closed: It left for good, nobody keeps it out of service, and its erasure is not asked for.
    """

    tenant_id: str
    is_in_service: bool
    status: TenantStatus
    modules: frozenset[str]
    features: frozenset[str]
    is_closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A request as the decision sees it.

    Attributes:
        host: The platform's own, a tenant's, or unknown.
        tenant: The host's tenant, else the caller's; None for staff at the platform's host.
        is_known: Whether the credentials hold.
        caller_tenant_id: The caller's tenant; None for staff.
        is_staff: Whether the caller belongs to the platform.
        take_rate: Counts the call and tells whether it is within the rate; called only once it matters.
        plan_with: Names the plan that has a module or feature, None where none has.
    """

    host: Literal["platform", "tenant", "unknown"]
    tenant: TenantFacts | None
    is_known: bool
    caller_tenant_id: str | None
    is_staff: bool
    permissions: frozenset[str]
    take_rate: Callable[[], RateState]
    plan_with: Callable[[str], str | None] = field(default=lambda _: None)


def decide(situation: Situation, needs: Needs) -> PlatformError | None:
    """Return why the request is refused, None where it may go on."""
    checks = (_host, _credentials, _service, _subscription, _rate, _own_tenant, _permission, plan_refusal)
    for check in checks:
        refusal = check(situation, needs)
        if refusal is not None:
            return refusal
    return None


def _host(situation: Situation, _: Needs) -> PlatformError | None:
    if situation.host != "unknown":
        return None
    return NotFound("Nothing is served at this address; check the host name.", "unknown_host")


def _credentials(situation: Situation, _: Needs) -> PlatformError | None:
    if situation.is_known:
        return None
    message = "Sign in, or send a valid API key as `Authorization: Bearer …`."
    return Unauthenticated(message, "unauthenticated")


def _service(situation: Situation, needs: Needs) -> PlatformError | None:
    tenant = situation.tenant
    if tenant is None or tenant.is_in_service or (tenant.is_closed and needs.is_taking_along):
        return None
    if tenant.is_closed and tenant.tenant_id == situation.caller_tenant_id:
        message = "This account is closed; its owner can still take along all that it has, at /v1/export."
        return Unavailable(message, "tenant_deactivated")
    return Unavailable("This account is out of service; ask the platform's support.", "tenant_deactivated")


def _subscription(situation: Situation, needs: Needs) -> PlatformError | None:
    tenant = situation.tenant
    if tenant is None or needs.is_billing or needs.is_taking_along or situation.is_staff:
        return None
    if tenant.status == "canceled":
        message = "The subscription is canceled; subscribe again on the billing page."
        return PaymentRequired(message, "subscription_canceled", billing=BILLING_PATH)
    if tenant.status == "past_due":
        message = "A payment is overdue; settle it on the billing page."
        return PaymentRequired(message, "subscription_past_due", billing=BILLING_PATH)
    if tenant.status == "paused" and not needs.is_reading:
        message = "The subscription is paused and allows reading only; resume it on the billing page."
        return PaymentRequired(message, "subscription_paused", billing=BILLING_PATH)
    return None


def _rate(situation: Situation, _: Needs) -> PlatformError | None:
    rate = situation.take_rate()
    if rate.is_within:
        return None
    message = f"More than {rate.limit} calls a minute; wait {rate.reset_seconds} s."
    return RateLimited(message, "rate_limited", retry_after=rate.reset_seconds, limit=rate.limit)


def _own_tenant(situation: Situation, _: Needs) -> PlatformError | None:
    tenant = situation.tenant
    if tenant is None or situation.is_staff or tenant.tenant_id == situation.caller_tenant_id:
        return None
    return NotAllowed("You do not belong to this account; use your own account's address.", "wrong_tenant")


def _permission(situation: Situation, needs: Needs) -> PlatformError | None:
    if needs.permission is None or needs.permission in situation.permissions:
        return None
    message = f"This needs the permission {needs.permission}; ask an owner or admin of your account."
    return NotAllowed(message, "permission_missing", permission=needs.permission)


def plan_refusal(situation: Situation, needs: Needs) -> PlatformError | None:
    """Return why the plan does not cover what is needed, None where it does."""
    if situation.tenant is None:
        return None
    for module in needs.modules:
        if module not in situation.tenant.modules:
            return _not_in_plan(situation, "module", module)
    if needs.feature is not None and needs.feature not in situation.tenant.features:
        return _not_in_plan(situation, "feature", needs.feature)
    return None


def _not_in_plan(situation: Situation, kind: str, name: str) -> PlatformError:
    plan = situation.plan_with(name)
    message = f"Your plan does not include the {kind} {name}; the plan {plan} has it."
    if plan is None:
        message = (
            f"No plan has the {kind} {name[:80]!r}; see /v1/modules for the names of those that there are."
        )
    return NotAllowed(message, f"{kind}_not_in_plan", plan=plan, **{kind: name})
