"""Tasks that outlive the request for them, and what they found about tenants."""

import sqlalchemy as sa
from alembic import op

from tenants.control.types import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "tasks",
        sa.Column("seq", _NUMBER, nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Text(), nullable=True),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("started_at", Moment(), nullable=True),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("tasks_key")),
        sa.UniqueConstraint("task_id", name=op.f("tasks_unique_task_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "task_findings",
        sa.Column("seq", _NUMBER, nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("task_findings_key")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.task_id"], name=op.f("task_findings_task_id_exists"), ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    unfinished = sa.text("finished_at IS NULL")
    op.create_index(
        "tasks_unfinished", "tasks", ["seq"], sqlite_where=unfinished, postgresql_where=unfinished
    )
    op.create_index("tasks_by_kind", "tasks", ["kind", "seq"])
    op.create_index(op.f("tasks_by_tenant_id"), "tasks", ["tenant_id"])
    for column in ("task_id", "tenant_id"):
        op.create_index(op.f(f"task_findings_by_{column}"), "task_findings", [column])
