"""Charges for use above a quota: computed when a period has ended, kept, then sent to Stripe once each.

A charge is kept before it is sent and carries a key. Sending repeats that key, and a repeated
attempt first looks for the key among the customer's invoice items, because Stripe remembers
idempotency keys for a day only. Where no renewal takes a charge along within a month it gets an invoice of
its own (`own_invoices.py`). Use that arrives late adds a further charge for the difference.
The quotas that held in a period are kept with its first charge run (`measured.py`): what is subscribed
afterwards changes nothing of it.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog

from tenants.billing.measured import Measured
from tenants.billing.own_invoices import OwnInvoices
from tenants.control.billing_tables import overage_charges
from tenants.errors import PlatformError
from tenants.stores.values import to_millionths

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from tenants.billing.gateway import Json, StripeGateway
    from tenants.billing.measured import Overage
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores
    from tenants.tenancy import Tenant

log = structlog.get_logger()


class OverageBilling:
    """Keeps and sends charges.

    Args:
        control: The tenants, and the charges that wait.
        stores: Their use.
        gateway: The Stripe account.
    """

    def __init__(self, control: ControlPlane, stores: TenantStores, gateway: StripeGateway) -> None:
        self._control = control
        self._measured = Measured(control, stores)
        self._gateway = gateway
        self._invoices = OwnInvoices(control, gateway)

    def queue(self) -> int:
        """Keep a charge for all use above a quota in periods that have ended; return how many are new.

        Who is closed is charged for what was used before: its last period ends after it was closed.
        """
        queued = 0
        for tenant in self._control.tenants.all():
            if tenant.stripe_subscription_id is None or tenant.erased_at is not None:
                continue  # nothing was ever subscribed, or nothing is left
            try:
                queued += self._queued(tenant)
            except PlatformError as error:  # no other tenant waits for it
                log.warning("overage_not_counted", tenant_id=tenant.tenant_id, code=error.code)
        return queued

    def send(self) -> int:
        """Send what waits and return how much of it Stripe has now; a failure keeps the charge waiting."""
        waiting: dict[str, list[dict[str, Any]]] = {}
        for charge in self._waiting():
            waiting.setdefault(charge["tenant_id"], []).append(charge)
        sent = sum(self._sent(self._control.tenants.get(one), each) for one, each in waiting.items())
        self._invoices.make_for_left_behind()
        return sent

    def _queued(self, tenant: Tenant) -> int:
        kept = 0
        for overage in self._measured.ended(tenant):
            kept += self._control.database.write(
                lambda connection, overage=overage: self._keep(connection, tenant, overage)  # type: ignore[misc]
            )
        return kept

    def _sent(self, tenant: Tenant, charges: list[dict[str, Any]]) -> int:
        """Send what waits of one tenant, and return how much of it Stripe has now."""
        taken = [(charge, item) for charge in charges if (item := self._taken(tenant, charge)) is not None]
        try:
            items = [item["id"] for _, item in taken if item.get("invoice") is None]
            is_made = bool(items) and self._invoices.make_if_alone(tenant, items, charges[0]["currency"])
        except PlatformError as error:
            for charge, _ in taken:
                self._failed(charge, error)
            return 0
        for charge, item in taken:
            now = self._control.clock.now()
            on_invoice = now if is_made or item.get("invoice") else None
            done = {"sent_at": now, "failure": None, "invoiced_at": on_invoice}
            self._mark(charge, invoice_item_id=item["id"], **done)
        return len(taken)

    def _taken(self, tenant: Tenant, charge: dict[str, Any]) -> Json | None:
        try:
            return self._sent_before(tenant, charge) or self._create(tenant, charge)
        except PlatformError as error:
            self._failed(charge, error)
            return None

    def _failed(self, charge: dict[str, Any], error: PlatformError) -> None:
        self._mark(charge, failure=error.message[:500])
        log.warning("overage_not_sent", tenant_id=charge["tenant_id"], code=error.code)

    def _keep(self, connection: Connection, tenant: Tenant, overage: Overage) -> int:
        charges, start = overage_charges.c, overage.period.start
        of_period = sa.and_(
            charges.tenant_id == tenant.tenant_id,
            charges.meter == overage.meter,
            charges.period_start == start,
        )
        total = sa.select(sa.func.sum(charges.millionths), sa.func.sum(charges.amount_minor)).where(of_period)
        millionths, minor = connection.execute(total).one()
        units_left = to_millionths(overage.units) - int(millionths or 0)
        minor_left = overage.amount_minor - int(minor or 0)
        if units_left <= 0 or minor_left <= 0:
            return 0
        connection.execute(
            sa.insert(overage_charges).values(
                charge_key=_key(tenant, overage),
                tenant_id=tenant.tenant_id,
                meter=overage.meter,
                period_start=start,
                period_end=overage.period.end,
                millionths=units_left,
                amount_minor=minor_left,
                currency=self._control.catalogue.currency,
                created_at=self._control.clock.now(),
                attempts=0,
            )
        )
        return 1

    def _waiting(self) -> list[dict[str, Any]]:
        query = sa.select(overage_charges).where(overage_charges.c.sent_at.is_(None))
        with self._control.database.read() as connection:
            rows = connection.execute(
                query.order_by(overage_charges.c.created_at, overage_charges.c.charge_key)
            )
            return [row._asdict() for row in rows]

    def _sent_before(self, tenant: Tenant, charge: dict[str, Any]) -> Json | None:
        if not charge["attempts"]:
            self._mark(charge)
            return None
        items = self._gateway.invoice_items(str(tenant.stripe_customer_id))
        key = charge["charge_key"]
        return next((item for item in items if (item.get("metadata") or {}).get("overage_key") == key), None)

    def _create(self, tenant: Tenant, charge: dict[str, Any]) -> Json:
        units = Decimal(charge["millionths"]).scaleb(-6).normalize()
        start = charge["period_start"]
        last_day = max(start, charge["period_end"] - timedelta(days=1))
        days = f"{start:%d %b %Y} to {last_day:%d %b %Y}"
        params = {
            "customer": tenant.stripe_customer_id,
            "amount": charge["amount_minor"],
            "currency": charge["currency"].lower(),
            "description": f"{units:f} {charge['meter']} above the quota, {days}",
            "period": {
                "start": int(charge["period_start"].timestamp()),
                "end": int(charge["period_end"].timestamp()),
            },
            "metadata": {
                "overage_key": charge["charge_key"],
                "meter": charge["meter"],
                "tenant_id": tenant.tenant_id,
                "units": f"{units:f}",
            },
        }  # fmt: skip
        return self._gateway.create_invoice_item(params, charge["charge_key"])

    def _mark(self, charge: dict[str, Any], **fields: Any) -> None:  # noqa: ANN401 - columns
        of_charge = sa.update(overage_charges).where(overage_charges.c.charge_key == charge["charge_key"])
        counted = of_charge.values(attempts=overage_charges.c.attempts + (0 if fields else 1), **fields)
        self._control.database.write(lambda connection: connection.execute(counted))


def _key(tenant: Tenant, overage: Overage) -> str:
    """Return what a charge is known by: two periods may begin on one day."""
    return f"overage:{tenant.tenant_id}:{overage.meter}:{overage.period.start.isoformat()}:{overage.units:f}"
