"""The erasures whose day has come: what each would remove, and having them carried out by name."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING

import msgspec

from tenants.errors import InvalidInput
from tenants.protection.erasure import Erasures
from tenants.tasks.ledger import Tasks
from tenants.tasks.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenants.audit.records import Actor
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores
    from tenants.tasks.records import Task


class DueErasure(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant that is to be erased now.

    Attributes:
        places: Rows and files in the control plane, its store and its backups, by place, and subscriptions
            that would be canceled.
    """

    anonymous_id: str
    tenant_id: str
    slug: str
    name: str
    due_at: datetime
    places: dict[str, int]


def due_erasures(control: ControlPlane, stores: TenantStores) -> list[DueErasure]:
    """Return what is due, oldest request first."""
    erasures = Erasures(control, stores)
    found = []
    for each in erasures.due():
        tenant = control.tenants.get(str(each.tenant_id))
        due = DueErasure(
            anonymous_id=each.anonymous_id,
            tenant_id=tenant.tenant_id,
            slug=tenant.slug,
            name=tenant.name,
            due_at=each.due_at,
            places=erasures.plan(tenant),
        )
        found.append(due)
    return found


def ask_for_due(control: ControlPlane, stores: TenantStores, slugs: Iterable[str], by: Actor) -> Task:
    """Have due erasures carried out in the background; each is named by its tenant's slug.

    Raises:
        InvalidInput: None is named, or one that is not due; nothing is erased.
    """
    ids = {
        control.tenants.get(str(each.tenant_id)).slug: each.anonymous_id
        for each in Erasures(control, stores).due()
    }
    named = sorted(set(slugs))
    unknown = [slug for slug in named if slug not in ids]
    if unknown or not named:
        wrong = f"{unknown[0]!r} is not due" if unknown else "None is named"
        message = f"{wrong}; name those to erase by their slugs: {', '.join(ids) or 'none is due now'}."
        raise InvalidInput(message, "erasure_not_due")
    return Tasks(control).ask(Kind.erase_due, by, anonymous_ids=[ids[slug] for slug in named])
