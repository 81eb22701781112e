"""Whether people may come by an identity provider now: it can be switched off without being forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what is connected stays in use."""
    for table in ("sso_connections", "saml_connections"):
        op.add_column(table, sa.Column("is_enabled", sa.Boolean(), nullable=False, server_default=sa.true()))
