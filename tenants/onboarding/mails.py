"""The mails that go with the first steps, queued once each by the fact they tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from tenants.control.tables import api_keys, mail_outbox
from tenants.errors import PlatformError
from tenants.onboarding.steps import onboarding_of

if TYPE_CHECKING:
    from tenants.control import ControlPlane
    from tenants.people.records import User
    from tenants.stores import TenantStores
    from tenants.tenancy import Tenant

log = structlog.get_logger()
_ALL = ("welcome", "api_setup", "first_validation")


def queue_due(control: ControlPlane, stores: TenantStores) -> int:
    """Queue what became due for every tenant in service, and return how many mails that were."""
    queued, new = _queued(control), 0
    for tenant in control.tenants.all():
        before = queued.get(tenant.tenant_id, set())
        if not tenant.is_in_service or before.issuperset(_ALL):
            continue
        try:
            new += _queue_for(control, stores, tenant, before)
        except PlatformError as error:  # no other tenant waits for it
            log.warning("onboarding_mails_not_queued", tenant_id=tenant.tenant_id, code=error.code)
    return new


def _queue_for(control: ControlPlane, stores: TenantStores, tenant: Tenant, queued: set[str]) -> int:
    owner = _owner(control, tenant)
    if owner is None:
        return 0
    onboarding = onboarding_of(control, stores.open(tenant.tenant_id), tenant)
    done = {step.step for step in onboarding.steps if step.is_done}
    due = {
        "welcome": True,
        "api_setup": _has_key(control, tenant.tenant_id),
        "first_validation": "first_validation" in done,
    }
    address = address_of(control, tenant)
    following = onboarding.next_step
    facts = {"address": address, "next_action": following.next_action if following else "Nothing is left."}
    return sum(
        control.mail.queue(f"{template}:{tenant.tenant_id}", owner, template, **facts)
        for template in _ALL
        if due[template] and template not in queued and owner.notifications.get(template, True)
    )


def address_of(control: ControlPlane, tenant: Tenant) -> str:
    """Return the address at which a tenant's people sign in."""
    base, port = control.settings.base_domain, control.settings.api_port
    if base == "localhost":
        return f"http://{base}:{port}"
    return f"https://{tenant.slug}.{base}"


def _owner(control: ControlPlane, tenant: Tenant) -> User | None:
    people = control.users.of(tenant.tenant_id)
    return next((user for user in people if user.role == "owner" and user.status != "deactivated"), None)


def _queued(control: ControlPlane) -> dict[str, set[str]]:
    query = sa.select(mail_outbox.c.tenant_id, mail_outbox.c.template).where(mail_outbox.c.template.in_(_ALL))
    found: dict[str, set[str]] = {}
    with control.database.read() as connection:
        for tenant_id, template in connection.execute(query):
            found.setdefault(tenant_id, set()).add(template)
    return found


def _has_key(control: ControlPlane, tenant_id: str) -> bool:
    query = sa.select(api_keys.c.key_id).where(api_keys.c.tenant_id == tenant_id).limit(1)
    with control.database.read() as connection:
        return connection.scalar(query) is not None
