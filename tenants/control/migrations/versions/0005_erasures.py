"""Requests to be erased, and what was erased."""

import sqlalchemy as sa
from alembic import op

from tenants.control.types import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "erasures",
        sa.Column("anonymous_id", sa.Text(), nullable=False),
        sa.Column("tenant_hash", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Text(), nullable=True),
        sa.Column("requested_at", Moment(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.Column("certificate", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("anonymous_id", name=op.f("erasures_key")),
        sa.UniqueConstraint("tenant_hash", name=op.f("erasures_unique_tenant_hash")),
    )
