"""Invoices for overage alone, where no invoice of a subscription takes it along within a month.

A month's renewal takes a charge along. Who pays by the year would get it up to eleven months late, and who
leaves never: an item that waits at Stripe when the last subscription ends is on no invoice. An invoice of
ours takes the charges along, each once, and nothing else that waits there for the customer.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog

from tenants.billing.facts import facts_of_customer
from tenants.billing.state import moment
from tenants.control.billing_tables import overage_charges
from tenants.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from tenants.billing.gateway import Json, StripeGateway
    from tenants.control import ControlPlane
    from tenants.tenancy import Tenant

log = structlog.get_logger()
_SOON = timedelta(days=32)
_RENEWED = frozenset({"trialing", "active", "past_due", "unpaid"})
_COLUMNS = overage_charges.c


class OwnInvoices:
    """Makes them.

    Args:
        control: The charges.
        gateway: The Stripe account.
    """

    def __init__(self, control: ControlPlane, gateway: StripeGateway) -> None:
        self._control = control
        self._gateway = gateway

    def make_if_alone(self, tenant: Tenant, items: list[str], currency: str) -> bool:
        """Make an invoice of pending items, unless one comes by itself soon; return whether it was made.

        Stripe puts an item on one invoice only, so that no try charges twice. One that is cut off before that
        leaves an invoice of nothing, which Stripe closes by itself, and the next try makes another.

        Raises:
            PlatformError: Stripe refuses it.
            Unavailable: Stripe does not answer.
        """
        customer = str(tenant.stripe_customer_id)
        subscriptions = list(self._gateway.subscriptions(customer))
        if _comes(subscriptions, self._control.clock.now()):
            return False
        params: Json = {
            "customer": customer,
            "auto_advance": True,
            "pending_invoice_items_behavior": "exclude",
            "currency": currency.lower(),
            "metadata": {"tenant_id": tenant.tenant_id},
        }
        cards = [each["default_payment_method"] for each in subscriptions if each["default_payment_method"]]
        if cards:  # paid in Checkout: the customer itself has none
            params["default_payment_method"] = cards[0]
        self._gateway.put_on_invoice(self._gateway.create_invoice(params)["id"], items)
        return True

    def make_for_left_behind(self) -> int:
        """Make invoices of charges that waited for one which does not come any more; return how many."""
        waiting: dict[str, list[dict[str, Any]]] = {}
        for charge in self._sent_and_waiting():
            waiting.setdefault(charge["tenant_id"], []).append(charge)
        made = 0
        for tenant_id, charges in waiting.items():
            tenant = self._control.tenants.get(tenant_id)
            try:
                if self._is_to_be_looked_at(tenant, charges):
                    made += self._made(tenant, charges)
            except PlatformError as error:  # no other tenant waits for it
                log.warning("overage_not_invoiced", tenant_id=tenant_id, code=error.code)
        return made

    def _made(self, tenant: Tenant, charges: list[dict[str, Any]]) -> int:
        items = self._gateway.invoice_items(str(tenant.stripe_customer_id))
        pending = {item["id"] for item in items if item.get("invoice") is None}
        alone = [charge for charge in charges if charge["invoice_item_id"] in pending]
        charged = [charge["invoice_item_id"] for charge in alone]
        is_made = bool(alone) and self.make_if_alone(tenant, charged, alone[0]["currency"])
        settled = charges if is_made else [charge for charge in charges if charge not in alone]
        self._note([charge["charge_key"] for charge in settled])
        return int(is_made)

    def _is_to_be_looked_at(self, tenant: Tenant, charges: list[dict[str, Any]]) -> bool:
        """Tell, by what is known here, whether to ask Stripe: no invoice comes, or one should have."""
        now = self._control.clock.now()
        if any(charge["sent_at"] < now - _SOON for charge in charges):
            return True
        with self._control.database.read() as connection:
            facts = facts_of_customer(connection, str(tenant.stripe_customer_id))
        return not _comes((fact.body for fact in facts if fact.object_type == "subscription"), now)

    def _sent_and_waiting(self) -> list[dict[str, Any]]:
        query = sa.select(overage_charges).where(
            _COLUMNS.sent_at.is_not(None), _COLUMNS.invoiced_at.is_(None)
        )
        with self._control.database.read() as connection:
            return [row._asdict() for row in connection.execute(query.order_by(_COLUMNS.charge_key))]

    def _note(self, keys: list[str]) -> None:
        seen = sa.update(overage_charges).where(_COLUMNS.charge_key.in_(keys))
        now = self._control.clock.now()
        self._control.database.write(lambda connection: connection.execute(seen.values(invoiced_at=now)))


def _comes(subscriptions: Iterable[Json], now: datetime) -> bool:
    """Tell whether a subscription is renewed soon, with an invoice that takes along what waits."""
    return any(each["status"] in _RENEWED and _is_renewed_soon(each, now) for each in subscriptions)


def _is_renewed_soon(subscription: Json, now: datetime) -> bool:
    seconds = [
        item.get("current_period_end") or subscription.get("current_period_end") or 0
        for item in subscription["items"]["data"]
    ]
    second, ends = min(seconds, default=0), subscription.get("cancel_at")
    is_ending = subscription.get("cancel_at_period_end") or (ends is not None and ends <= second)
    renewed_at = moment(second)
    return not is_ending and renewed_at is not None and renewed_at <= now + _SOON
