"""What tells of a tenant in rows that are not its own: found by what stands in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tenants.control.tables import billing_facts, idempotency_keys, tenants, webhook_inbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tenants.encryption import TenantKeys

# Ids of Stripe's objects have a capital letter or a digit; names of fields do not.
_STRIPE_ID = re.compile(rb"\b[a-z]{2,10}_[a-z]*[A-Z0-9][A-Za-z0-9]*\b")
_AT_ONCE = 500


def forget_sent(connection: sa.Connection, is_forgotten: Callable[[str], bool]) -> int:
    """Delete events and facts of Stripe's that name a forgotten id; return how many.

    Args:
        connection: Of the control database.
        is_forgotten: Tells of an id whether whoever it belongs to is erased.
    """

    def is_of_them(row: sa.Row[Any]) -> bool:
        return any(is_forgotten(each.decode()) for each in set(_STRIPE_ID.findall(bytes(row[1]))))

    deleted = 0
    for key, content in (
        (webhook_inbox.c.seq, webhook_inbox.c.payload),
        (billing_facts.c.object_id, billing_facts.c.body),
    ):
        for rows in _pages(connection, key, content):
            gone = [row[0] for row in rows if is_of_them(row)]
            if gone:
                deleted += connection.execute(sa.delete(key.table).where(key.in_(gone))).rowcount
    return deleted


def forget_answers(connection: sa.Connection, keys: TenantKeys, tenant_id: str) -> None:
    """Delete what our own staff were answered about a tenant under their idempotency keys."""
    columns = idempotency_keys.c
    of_staff = sa.select(idempotency_keys).where(columns.owner.not_in(sa.select(tenants.c.tenant_id)))
    for row in connection.execute(of_staff).all():
        answer = keys.open(connection, row.owner, row.response) if row.response else None
        if answer is not None and tenant_id.encode() in answer:
            same = (columns.owner == row.owner) & (columns.idempotency_key == row.idempotency_key)
            connection.execute(sa.delete(idempotency_keys).where(same))


def _pages(
    connection: sa.Connection, key: sa.Column[Any], content: sa.Column[Any]
) -> Iterator[list[sa.Row[Any]]]:
    query = sa.select(key, content).order_by(key).limit(_AT_ONCE)
    rows = list(connection.execute(query))
    while rows:
        yield rows
        rows = list(connection.execute(query.where(key > rows[-1][0])))
