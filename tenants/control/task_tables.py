"""The control plane's tables of tasks: who asked for what, how far it came, what it found about whom."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, Table, Text

from tenants.control.identity_tables import metadata
from tenants.control.tables import Number
from tenants.control.types import Moment

__all__ = ["metadata", "task_findings", "tasks"]

tasks = Table(
    "tasks",
    metadata,
    Column("seq", Number, primary_key=True),
    Column("task_id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("tenant_id", Text, index=True),
    Column("parameters", JSON, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("finished_at", Moment),
    Column("attempts", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("outcome", JSON(none_as_null=True)),
    Column("failure", Text),
    sqlite_autoincrement=True,
)
Index("tasks_unfinished", tasks.c.seq, sqlite_where=tasks.c.finished_at.is_(None),
      postgresql_where=tasks.c.finished_at.is_(None))  # fmt: skip
Index("tasks_by_kind", tasks.c.kind, tasks.c.seq)

# What a task found about a tenant; it goes when the tenant is erased.
task_findings = Table(
    "task_findings",
    metadata,
    Column("seq", Number, primary_key=True),
    Column("task_id", ForeignKey("tasks.task_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("tenant_id", Text, nullable=False, index=True),
    Column("detail", JSON, nullable=False),
    sqlite_autoincrement=True,
)
