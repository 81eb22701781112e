"""The control plane's tables of what is charged above quotas."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, Table, Text

from tenants.control.tables import metadata
from tenants.control.types import Moment

__all__ = ["metadata", "overage_charges", "overage_quotas"]

# Charges for use above a quota, kept before they are sent, so that each reaches Stripe once.
overage_charges = Table(
    "overage_charges",
    metadata,
    Column("charge_key", Text, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("meter", Text, nullable=False),
    Column("period_start", Moment, nullable=False),
    Column("period_end", Moment, nullable=False),
    Column("millionths", BigInteger, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("failure", Text),
    Column("sent_at", Moment),
    Column("invoice_item_id", Text),
    # When it was seen on an invoice; until then it waits at Stripe for one.
    Column("invoiced_at", Moment),
)
Index("overage_charges_of_period", overage_charges.c.tenant_id, overage_charges.c.meter,
      overage_charges.c.period_start)  # fmt: skip

# The quotas that held in a period that has ended: what is subscribed later changes nothing of it.
overage_quotas = Table(
    "overage_quotas",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("period_start", Moment, primary_key=True),
    Column("quotas", JSON, nullable=False),
)
