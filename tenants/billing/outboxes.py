"""What waits between Stripe and us: charges on their way there, events on their way in."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec needs it at run time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import sqlalchemy as sa

from tenants.billing.state import major
from tenants.control.billing_tables import overage_charges
from tenants.control.tables import webhook_inbox

if TYPE_CHECKING:
    from tenants.control import ControlPlane

ChargeState = Literal["waiting", "failing", "sent"]


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """A charge for use above a quota; `failure` is why the last attempt to send it failed."""

    charge_key: str
    tenant_id: str
    meter: str
    period_start: datetime
    period_end: datetime
    units: Decimal
    amount: Decimal
    currency: str
    created_at: datetime
    attempts: int
    failure: str | None
    sent_at: datetime | None
    invoice_item_id: str | None
    invoiced_at: datetime | None

    @property
    def state(self) -> ChargeState:
        """Return how far it is."""
        if self.sent_at is not None:
            return "sent"
        return "waiting" if self.failure is None else "failing"


class WaitingEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event of Stripe's that is kept and not applied yet."""

    event_id: str
    event_type: str
    created_at: datetime
    received_at: datetime
    attempts: int
    failure: str | None


def charges(control: ControlPlane, limit: int = 500) -> list[Charge]:
    """Return charges for overage: those that Stripe does not have yet first, then the newest."""
    columns = overage_charges.c
    query = sa.select(overage_charges).order_by(columns.sent_at.is_not(None), columns.created_at.desc())
    with control.database.read() as connection:
        return [_charge(row) for row in connection.execute(query.limit(limit))]


def waiting_events(control: ControlPlane, limit: int = 500) -> list[WaitingEvent]:
    """Return the events that wait to be applied, in the order of their arrival."""
    columns = [webhook_inbox.c[name] for name in WaitingEvent.__struct_fields__]
    query = sa.select(*columns).where(webhook_inbox.c.applied_at.is_(None)).order_by(webhook_inbox.c.seq)
    with control.database.read() as connection:
        return [WaitingEvent(**row._asdict()) for row in connection.execute(query.limit(limit))]


def _charge(row: sa.Row[Any]) -> Charge:
    told = row._asdict()
    units = Decimal(told.pop("millionths")).scaleb(-6)
    return Charge(units=units, amount=major(told.pop("amount_minor"), row.currency), **told)
