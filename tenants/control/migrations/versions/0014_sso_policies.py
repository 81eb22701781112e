"""Whose people have to come through their company's sign-in, and which connections were seen to work."""

import sqlalchemy as sa
from alembic import op

from tenants.control.types import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the columns; nothing connected before counts as tried."""
    op.create_table(
        "sso_policies",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("break_glass_user_id", sa.Text()),
        sa.Column("enforced_at", Moment(), nullable=False),
        sa.Column("enforced_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("sso_policies_key")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.tenant_id"], name=op.f("sso_policies_tenant_id_exists")
        ),
    )
    for table in ("sso_connections", "saml_connections"):
        op.add_column(table, sa.Column("tested_at", Moment()))
