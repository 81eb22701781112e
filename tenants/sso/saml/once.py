"""What counts only once, in every process: a request that was answered, an assertion that was taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants.control.identity_tables import saml_used

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection as Transaction

    from tenants.control import ControlPlane


def use_once(control: ControlPlane, tenant_id: str, used: dict[str, str], until: datetime) -> bool:
    """Note that things were used; return False, and note none of them, if one was before.

    Args:
        control: Where it is kept.
        tenant_id: Whose they are.
        used: Ids by kind.
        until: When nobody could use them any more, so that they can be forgotten.
    """
    table, now = saml_used.c, control.clock.now()
    rows = [
        {"tenant_id": tenant_id, "kind": kind, "used_id": used_id, "expires_at": until}
        for kind, used_id in used.items()
    ]
    same = sa.or_(*(sa.and_(table.kind == kind, table.used_id == used_id) for kind, used_id in used.items()))

    def work(transaction: Transaction) -> bool:
        transaction.execute(sa.delete(saml_used).where(table.expires_at < now))
        if transaction.scalar(sa.select(table.kind).where(table.tenant_id == tenant_id, same)) is not None:
            return False
        transaction.execute(sa.insert(saml_used), rows)
        return True

    return control.database.write(work)
