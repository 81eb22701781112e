"""Domains and branding of tenants' own."""

import sqlalchemy as sa
from alembic import op

from tenants.control.types import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "domains",
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("claimed_at", Moment(), nullable=False),
        sa.Column("checked_at", Moment(), nullable=True),
        sa.Column("verified_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="domains_tenant_id_exists"),
        sa.PrimaryKeyConstraint("domain", "tenant_id", name="domains_key"),
    )
    op.create_index("domains_by_tenant_id", "domains", ["tenant_id"])
    op.create_index(
        "domains_verified",
        "domains",
        ["domain"],
        unique=True,
        sqlite_where=sa.text("verified_at IS NOT NULL"),
        postgresql_where=sa.text("verified_at IS NOT NULL"),
    )
    op.create_table(
        "brandings",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("primary_colour", sa.Text(), nullable=False),
        sa.Column("accent_colour", sa.Text(), nullable=False),
        sa.Column("font", sa.Text(), nullable=False),
        sa.Column("css", sa.Text(), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="brandings_tenant_id_exists"),
        sa.PrimaryKeyConstraint("tenant_id", name="brandings_key"),
    )
