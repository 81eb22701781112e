"""Until when a mail is left alone: while a process sends it, and for a while after it was refused."""

import sqlalchemy as sa
from alembic import op

from tenants.control.types import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("mail_outbox", sa.Column("held_until", Moment()))
