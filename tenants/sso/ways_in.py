"""The ways by which a tenant's owners can sign in while single sign-on is enforced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants.control.identity_tables import identities, saml_connections, sso_connections
from tenants.control.tables import users

if TYPE_CHECKING:
    from sqlalchemy import Connection as Transaction

    from tenants.sso.enforcement import SsoPolicy


@dataclass(frozen=True, slots=True)
class Way:
    """An owner's identity at a provider in use; issuer and subject are None where it is the password."""

    user_id: str
    issuer: str | None = None
    subject: str | None = None


def ways_of_owners(transaction: Transaction, policy: SsoPolicy) -> list[Way]:
    """Return the ways that are left to the active owners of a tenant."""
    owners = sa.and_(
        users.c.tenant_id == policy.tenant_id, users.c.role == "owner", users.c.status == "active"
    )
    linked = (
        sa.select(identities.c.user_id, identities.c.issuer, identities.c.subject)
        .join(users, users.c.user_id == identities.c.user_id)
        .where(owners, identities.c.issuer.in_(_issuers_in_use(policy.tenant_id)))
    )
    glass = sa.select(users.c.user_id).where(
        owners, users.c.user_id == policy.break_glass_user_id, users.c.password_hash.is_not(None)
    )
    by_password = [Way(user_id) for user_id in transaction.scalars(glass)]
    return by_password + [Way(*row) for row in transaction.execute(linked)]


def _issuers_in_use(tenant_id: str) -> sa.CompoundSelect[tuple[str]]:
    openid, saml = sso_connections.c, saml_connections.c
    return sa.union_all(
        sa.select(openid.issuer).where(openid.tenant_id == tenant_id, openid.is_enabled),
        sa.select(saml.entity_id).where(saml.tenant_id == tenant_id, saml.is_enabled),
    )
