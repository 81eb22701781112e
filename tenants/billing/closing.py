"""Closing a tenant and taking one out of service, seen from Stripe: nobody pays for what is refused.

Whoever is closed begins no further period, and pays what was used above quotas before. Whoever waits for an
erasure gets no new period: the subscription ends with the one that is paid, which is taken back together with
the request. Who is out of service for another reason stays subscribed, as that is the operator's to decide,
but can begin nothing new.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from tenants.audit.records import SYSTEM, Change
from tenants.billing.applying import Applier
from tenants.billing.facts import facts_of_customer
from tenants.billing.gateway import StripeGateway
from tenants.billing.inbox import Inbox
from tenants.billing.single import Single
from tenants.billing.state import ENDED, moment
from tenants.control.tables import erasures
from tenants.errors import Conflict, NotFound, PlatformError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.audit.records import Actor
    from tenants.billing.gateway import Json
    from tenants.control import ControlPlane
    from tenants.tenancy import Tenant

log = structlog.get_logger()
# A Checkout page can be paid for a day: https://docs.stripe.com/api/checkout/sessions/object
_PAGE_LIVES = timedelta(days=1, hours=1)
# What is renewed by itself, if nobody says otherwise.
_RENEWED = frozenset({"trialing", "active", "past_due", "unpaid"})
_ERASURE = re.compile(r"erased_[a-z0-9]{16}")


class Closing:
    """What closing, and being out of service, means at Stripe.

    Args:
        control: The tenants.
        applier: Takes in what Stripe answers.
        gateway: The Stripe account.
    """

    def __init__(self, control: ControlPlane, applier: Applier, gateway: StripeGateway) -> None:
        self._control = control
        self._applier = applier
        self._gateway = gateway
        self._single = Single(control, applier, gateway)

    @classmethod
    def of(cls, control: ControlPlane) -> Closing:
        """Return it for the configured account."""
        gateway = StripeGateway(control.settings)
        return cls(control, Applier(control, Inbox(control), gateway), gateway)

    def close(self, tenant: Tenant, by: Actor, reason: str | None = None) -> Tenant:
        """Close a tenant for good, together with what could begin a subscription of it.

        Raises:
            Conflict: A subscription goes on, or is being begun at this moment.
            Unavailable: Stripe does not answer; the tenant is not closed.
        """
        customer = tenant.stripe_customer_id
        if customer is None or self._control.settings.stripe_api_key is None:
            return self._control.tenants.close(tenant.tenant_id, by, reason)
        with self._single.beginning(tenant):
            with suppress(NotFound):  # nothing can charge a customer that is no longer there
                self._let_nothing_begin(customer)
            return self._control.tenants.close(tenant.tenant_id, by, reason)

    def settle(self) -> int:
        """Bring Stripe in line with who is out of service; return how many subscriptions were changed."""
        if self._control.settings.stripe_api_key is None:
            return 0
        waiting, now, changed = self._waiting(), self._control.clock.now(), 0
        for tenant in self._control.tenants.all():
            if tenant.stripe_customer_id is None or tenant.erased_at is not None:
                continue
            since = tenant.deactivated_at
            try:
                if since is not None and now - since < _PAGE_LIVES:
                    self._single.close_pages(tenant.stripe_customer_id)
                changed += self._settled(tenant, waiting)
            except PlatformError as error:  # the next pass tries again, and no other tenant waits for it
                log.warning("out_of_service_not_settled", tenant_id=tenant.tenant_id, code=error.code)
        return changed

    def _let_nothing_begin(self, customer: str) -> None:
        self._single.close_pages(customer)
        self._require_none_runs(customer)
        for schedule in list(self._gateway.waiting_schedules(customer)):
            self._gateway.cancel_schedule(schedule["id"])

    def _require_none_runs(self, customer: str) -> None:
        bodies = list(self._gateway.subscriptions(customer))
        self._applier.learn(*bodies)
        running = [each for each in bodies if each["status"] not in ENDED]
        if not running:
            return
        ends = [moment(each.get("cancel_at")) for each in running]
        if all(ends):
            last = max(each for each in ends if each is not None)
            message = (
                f"Its subscription ends by itself on {last:%d %B %Y}, and is paid until then; close it after "
                "that, or cancel it from now on first."
            )
            raise Conflict(message, "subscription_ending")
        message = "Its subscription goes on and would be charged; cancel that first, from now on."
        raise Conflict(message, "subscription_running")

    def _settled(self, tenant: Tenant, waiting: dict[str, str]) -> int:
        """Let the subscriptions of one tenant end with what is paid, or no longer; return how many."""
        anonymous_id, changed = waiting.get(tenant.tenant_id), 0
        if anonymous_id is None and not tenant.cancel_at_period_end:
            return 0
        for body in self._to_change(tenant, anonymous_id):
            wish = _wish(body, anonymous_id)
            if wish is None:
                continue
            self._applier.learn(self._gateway.update_subscription(body["id"], wish))
            change = Change(
                action="subscription_canceled" if anonymous_id else "subscription_resumed",
                object_type="subscription",
                object_id=str(body["id"]),
                tenant_id=tenant.tenant_id,
                detail={"now": False, "erasure": anonymous_id or _comment(body)},
            )
            self._control.audit.record(SYSTEM, change)
            changed += 1
        return changed

    def _to_change(self, tenant: Tenant, anonymous_id: str | None) -> Iterator[Json]:
        """Yield, as they are now, the subscriptions that are to be changed as far as we know."""
        with self._control.database.read() as connection:
            facts = facts_of_customer(connection, str(tenant.stripe_customer_id))
        for fact in facts:
            if fact.object_type == "subscription" and _wish(fact.body, anonymous_id) is not None:
                with suppress(NotFound):
                    yield self._gateway.retrieve("subscription", fact.object_id)

    def _waiting(self) -> dict[str, str]:
        """Return the anonymous id of each tenant that waits for its erasure."""
        query = sa.select(erasures.c.tenant_id, erasures.c.anonymous_id).where(
            erasures.c.tenant_id.is_not(None), erasures.c.erased_at.is_(None)
        )
        with self._control.database.read() as connection:
            return {row.tenant_id: row.anonymous_id for row in connection.execute(query)}


def _wish(body: Json, anonymous_id: str | None) -> Json | None:
    """Return how a subscription is to be changed, None where it is as it should be."""
    if body["status"] not in _RENEWED:
        return None
    is_ending = bool(body.get("cancel_at_period_end") or body.get("cancel_at"))
    if anonymous_id is not None and not is_ending:
        return {"cancel_at_period_end": True, "cancellation_details": {"comment": anonymous_id}}
    if anonymous_id is None and is_ending and _ERASURE.fullmatch(_comment(body)):
        return {"cancel_at_period_end": False, "cancellation_details": {"comment": ""}}
    return None


def _comment(body: Json) -> str:
    return str((body.get("cancellation_details") or {}).get("comment") or "")
