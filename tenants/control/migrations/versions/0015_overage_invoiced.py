"""Which charges for overage were seen on an invoice."""

import sqlalchemy as sa
from alembic import op

from tenants.control.types import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what was sent before is looked for at Stripe once."""
    op.add_column("overage_charges", sa.Column("invoiced_at", Moment()))
