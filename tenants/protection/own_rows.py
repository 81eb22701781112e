"""The rows of the control plane that are a tenant's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants.control import tables

if TYPE_CHECKING:
    from tenants.tenancy import Tenant

# What outlives a tenant: the chain of the audit, and the requests themselves.
_STAYS = frozenset({"audit_entries", "erasures"})


def deletions(connection: sa.Connection, tenant: Tenant) -> list[sa.Delete]:
    """Return the statements that remove a tenant, in an order that keeps references whole."""
    users = tables.users.c
    own = sa.select(users.user_id).where(users.tenant_id == tenant.tenant_id)
    found = [
        sa.delete(tables.sessions).where(tables.sessions.c.user_id.in_(own)),
        sa.delete(tables.one_time_tokens).where(tables.one_time_tokens.c.user_id.in_(own)),
        sa.delete(tables.idempotency_keys).where(tables.idempotency_keys.c.owner == tenant.tenant_id),
    ]
    if tenant.stripe_customer_id is not None:
        found += _of_customer(connection, tenant.stripe_customer_id)
    of_tenant = (
        table
        for table in reversed(tables.metadata.sorted_tables)
        if "tenant_id" in table.c and table.name not in _STAYS
    )
    return found + [sa.delete(table).where(table.c.tenant_id == tenant.tenant_id) for table in of_tenant]


def counts(connection: sa.Connection, tenant: Tenant) -> list[tuple[str, int]]:
    """Return how many rows each of the statements would remove, by table."""
    found = []
    for deletion in deletions(connection, tenant):
        count = sa.select(sa.func.count()).select_from(deletion.table)
        if deletion.whereclause is not None:
            count = count.where(deletion.whereclause)
        found.append((str(deletion.table), int(connection.scalar(count) or 0)))
    return found


def _of_customer(connection: sa.Connection, customer: str) -> list[sa.Delete]:
    inbox, facts = tables.webhook_inbox, tables.billing_facts
    place = sa.func.instr if connection.dialect.name == "sqlite" else sa.func.pg_catalog.position
    named = place(inbox.c.payload, customer.encode()) > 0
    return [sa.delete(facts).where(facts.c.customer_id == customer), sa.delete(inbox).where(named)]
