"""Alembic's way in: it uses the connection, and so the transaction, that the caller holds."""

from alembic import context

from tenants.control.task_tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
