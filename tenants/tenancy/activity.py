"""How much each tenant's people and programs are there: for lists over all tenants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants.control.tables import api_keys, users
from tenants.people.records import SEATED

if TYPE_CHECKING:
    from datetime import datetime

    from tenants.control import ControlPlane


@dataclass(frozen=True, slots=True)
class Activity:
    """Of one tenant.

    Attributes:
        seats: People who count against the user limit.
        last_active_at: When a person or key of it was last seen; None for never.
    """

    seats: int
    last_active_at: datetime | None


def activity(control: ControlPlane) -> dict[str, Activity]:
    """Return the activity of each tenant that has people or keys, by its id."""
    is_seated = sa.func.count().filter(users.c.status.in_(SEATED)).label("seats")
    of_people = sa.select(users.c.tenant_id, is_seated, sa.func.max(users.c.last_active_at).label("at"))
    of_keys = sa.select(api_keys.c.tenant_id, sa.func.max(api_keys.c.last_used_at).label("at"))
    with control.database.read() as connection:
        people = connection.execute(
            of_people.where(users.c.tenant_id.is_not(None)).group_by(users.c.tenant_id)
        ).all()
        keys = {row.tenant_id: row.at for row in connection.execute(of_keys.group_by(api_keys.c.tenant_id))}
    seats = {row.tenant_id: row.seats for row in people}
    seen = {row.tenant_id: row.at for row in people}
    return {
        tenant_id: Activity(seats.get(tenant_id, 0), _later(seen.get(tenant_id), keys.get(tenant_id)))
        for tenant_id in seats.keys() | keys.keys()
    }


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)
