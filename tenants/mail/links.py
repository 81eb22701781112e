"""One-time links by e-mail: an invitation, or a password reset."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants.audit.records import Change
from tenants.control.tables import mail_outbox
from tenants.errors import Conflict, RateLimited
from tenants.onboarding.mails import address_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from tenants.audit.records import Actor
    from tenants.control import ControlPlane
    from tenants.people.records import User
    from tenants.people.tokens import Purpose


_MOST_A_DAY, _DAY = 10, timedelta(days=1)
_COMPANY = "company_sign_in"
_TEMPLATES = ("invitation", "password_reset", _COMPANY)
_LASTING: dict[Purpose, str] = {"invitation": "seven days", "password_reset": "an hour"}


def queue_link(control: ControlPlane, user: User, purpose: Purpose) -> None:
    """Issue a one-time token and queue the mail that carries it, as one.

    Who has to come through their company is told so, and sets no password by it.
    """
    is_held = control.enforcement.holds(user)

    def work(_: Connection) -> None:
        token = control.tokens.issue(user, purpose)
        link = f"{base_of(control, user)}/set-password?token={token}"
        mail_key = f"{purpose}:{user.user_id}:{secrets.token_hex(8)}"
        if is_held:
            control.mail.queue(mail_key, user, _COMPANY, link=link, lasts=_LASTING[purpose])
        else:
            control.mail.queue(mail_key, user, purpose, link=link)

    control.database.write(work)


def send_link(control: ControlPlane, user: User, by: Actor) -> None:
    """Queue a link for someone else, and tell the audit log: the invitation again, or a password reset.

    Raises:
        Conflict: They are out of service.
        RateLimited: They were sent too many today.
    """
    purpose = purpose_of(user)
    require_room(control, user)
    change = Change(
        action=f"{purpose}_sent",
        object_type="user",
        object_id=user.user_id,
        tenant_id=user.tenant_id,
        personal={"email": user.email},
    )

    def work(connection: Connection) -> None:
        queue_link(control, user, purpose)
        control.audit.append(connection, by, change)

    control.database.write(work)


def require_room(control: ControlPlane, user: User) -> None:
    """Refuse to fill someone's mailbox with links that others ask for.

    Raises:
        RateLimited: They were sent too many within a day.
    """
    now = control.clock.now()
    sent = sa.select(sa.func.count()).where(
        mail_outbox.c.tenant_id.is_not_distinct_from(user.tenant_id),
        mail_outbox.c.user_id == user.user_id,
        mail_outbox.c.template.in_(_TEMPLATES),
        mail_outbox.c.created_at > now - _DAY,
    )
    with control.database.read() as connection:
        count = int(connection.scalar(sent) or 0)
    if count >= _MOST_A_DAY:
        message = f"They were sent {count} links within a day; have them look for the last one, or wait."
        raise RateLimited(message, "links_limited", retry_after=int(_DAY.total_seconds()))


def purpose_of(user: User) -> Purpose:
    """Return what a link to a user is for.

    Raises:
        Conflict: They are out of service.
    """
    if user.status == "deactivated":
        message = "This person is out of service; reactivate them first."
        raise Conflict(message, "user_deactivated")
    return "invitation" if user.status == "invited" else "password_reset"


def queue_reset(control: ControlPlane, candidates: list[User], by: Actor, tenant_id: str | None) -> None:
    """Queue a reset for whoever of these has an account that can be signed into.

    The audit log is told for each, or of an unknown address at a host's tenant, so that it takes no
    less time.
    """
    able = [user for user in candidates if user.status == "active"]

    def work(connection: Connection) -> None:
        for user in able:
            queue_link(control, user, "password_reset")
        for owner, user_id in [(user.tenant_id, user.user_id) for user in able] or [(tenant_id, "unknown")]:
            change = Change(
                action="password_reset_asked_for", object_type="user", object_id=user_id, tenant_id=owner
            )
            control.audit.append(connection, by, change)

    control.database.write(work)


def base_of(control: ControlPlane, user: User) -> str:
    """Return the address at which a user sets a password and signs in."""
    if user.tenant_id is not None:
        tenant, base = control.tenants.get(user.tenant_id), control.settings.base_domain
        if base == "localhost" and control.enforcement.holds(user):
            return f"http://{tenant.slug}.{base}:{control.settings.api_port}"
        return address_of(control, tenant)
    scheme = "http" if control.settings.base_domain == "localhost" else "https"
    port = f":{control.settings.api_port}" if scheme == "http" else ""
    return f"{scheme}://{control.settings.base_domain}{port}"
