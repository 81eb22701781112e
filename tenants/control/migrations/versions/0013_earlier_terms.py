"""What held before of a tenant's usage months and quotas, so that past periods stay as they were cut."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of tenants from before nothing earlier is known."""
    op.add_column("tenants", sa.Column("earlier", sa.JSON(), nullable=False, server_default="{}"))
