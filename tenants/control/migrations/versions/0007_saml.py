"""Sign-in through SAML: identity providers, our own keys towards them, and what was used once."""

import sqlalchemy as sa
from alembic import op

from tenants.control.types import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "saml_connections",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("sso_url", sa.Text(), nullable=False),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.Column("default_role", sa.Text(), nullable=False),
        sa.Column("email_attribute", sa.Text(), nullable=True),
        sa.Column("name_attribute", sa.Text(), nullable=True),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.tenant_id"], name="saml_connections_tenant_id_exists"
        ),
        sa.PrimaryKeyConstraint("tenant_id", name="saml_connections_key"),
    )
    op.create_table(
        "saml_keys",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="saml_keys_tenant_id_exists"),
        sa.PrimaryKeyConstraint("tenant_id", "number", name="saml_keys_key"),
    )
    op.create_table(
        "saml_used",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("used_id", sa.Text(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "used_id", name="saml_used_key"),
    )
    op.create_index("saml_used_by_expires_at", "saml_used", ["expires_at"])
