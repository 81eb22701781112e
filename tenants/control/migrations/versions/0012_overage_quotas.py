"""The quotas that held when a usage period ended, above which its use is charged."""

import sqlalchemy as sa
from alembic import op

from tenants.control.types import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "overage_quotas",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("period_start", Moment(), nullable=False),
        sa.Column("quotas", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "period_start", name=op.f("overage_quotas_key")),
    )
