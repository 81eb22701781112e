"""What billing knows of Stripe's objects, and the charges it has still to send."""

import sqlalchemy as sa
from alembic import op

from tenants.control.types import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "billing_facts",
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("object_type", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("fact_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("object_id", name=op.f("billing_facts_key")),
    )
    op.create_index(op.f("billing_facts_by_customer_id"), "billing_facts", ["customer_id"], unique=False)
    op.create_table(
        "overage_charges",
        sa.Column("charge_key", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("meter", sa.Text(), nullable=False),
        sa.Column("period_start", Moment(), nullable=False),
        sa.Column("period_end", Moment(), nullable=False),
        sa.Column("millionths", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("invoice_item_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("charge_key", name=op.f("overage_charges_key")),
    )
    op.create_index(
        "overage_charges_of_period", "overage_charges", ["tenant_id", "meter", "period_start"], unique=False
    )
