"""How each tenant's store stands to the newest schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from tenants.stores.migrations import newest_step

if TYPE_CHECKING:
    from tenants.stores.tenant_stores import TenantStores

StoreState = Literal["unreadable", "behind", "ahead", "current"]
_FIRST = ("unreadable", "behind", "ahead", "current")


class StoreStanding(msgspec.Struct, frozen=True, kw_only=True):
    """One tenant's store.

    Attributes:
        step: The newest step of the schema that it has; None where it cannot be read.
        newest_step: The newest one there is.
        state: `ahead` where a newer version of the platform migrated it.
        failure: Why it cannot be read.
    """

    tenant_id: str
    step: int | None
    newest_step: int
    state: StoreState
    failure: str | None


def store_standings(stores: TenantStores) -> list[StoreStanding]:
    """Return every store's, those that need a hand first; nothing is migrated."""
    found = [_standing(tenant_id, step) for tenant_id, step in stores.steps().items()]
    return sorted(found, key=lambda each: (_FIRST.index(each.state), each.tenant_id))


def _standing(tenant_id: str, step: Exception | int) -> StoreStanding:
    newest = newest_step()
    if isinstance(step, Exception):
        return StoreStanding(
            tenant_id=tenant_id, step=None, newest_step=newest, state="unreadable", failure=str(step)
        )
    state: StoreState = "behind" if step < newest else "ahead" if step > newest else "current"
    return StoreStanding(tenant_id=tenant_id, step=step, newest_step=newest, state=state, failure=None)
