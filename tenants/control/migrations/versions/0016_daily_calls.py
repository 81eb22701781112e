"""What was asked for within a day, by a hash of who asked and for whom."""

import sqlalchemy as sa
from alembic import op

from tenants.control.tables import Number
from tenants.control.types import Moment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; before, only processes counted."""
    op.create_table(
        "daily_calls",
        sa.Column("seq", Number, nullable=False),
        sa.Column("name_hash", sa.LargeBinary(), nullable=False),
        sa.Column("called_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("daily_calls_key")),
    )
    op.create_index(op.f("daily_calls_by_name_hash"), "daily_calls", ["name_hash"])
    op.create_index(op.f("daily_calls_by_called_at"), "daily_calls", ["called_at"])
