"""Sign-in through a tenant's own identity provider."""

import sqlalchemy as sa
from alembic import op

from tenants.control.types import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make connections and identities."""
    op.create_table(
        "sso_connections",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=True),
        sa.Column("default_role", sa.Text(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.tenant_id"], name="sso_connections_tenant_id_exists"
        ),
        sa.PrimaryKeyConstraint("tenant_id", name="sso_connections_key"),
    )
    op.create_table(
        "identities",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name="identities_user_id_exists", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "issuer", "subject", name="identities_key"),
    )
    op.create_index("identities_by_user_id", "identities", ["user_id"])
