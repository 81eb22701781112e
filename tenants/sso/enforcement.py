"""Tenants whose people have to come through their company's sign-in: passwords sign nobody in there.

In force only while the plan has single sign-on, so that a smaller plan locks nobody out.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from tenants.audit.records import Change
from tenants.control.identity_tables import identities, sso_policies
from tenants.control.tables import sessions, users
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.sso.checks import FEATURE, require_feature
from tenants.sso.ways_in import Way, ways_of_owners
from tenants.tenancy.checks import checked_reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection as Transaction

    from tenants.audit.records import Actor
    from tenants.control import ControlPlane

_OWNER = "owner"


class SsoPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """That single sign-on is enforced.

    Attributes:
        break_glass_user_id: The one owner whose password goes on working, for the day on which the identity
            provider does not; None where there is none.
    """

    tenant_id: str
    break_glass_user_id: str | None
    enforced_at: datetime
    enforced_by: str


class Enforcement:
    """Which tenants enforce single sign-on.

    Args:
        control: Where tenants, people and their providers are known.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control

    def in_force(self, tenant_id: str) -> SsoPolicy | None:
        """Return the policy that holds for a tenant now, None where passwords sign in."""
        with self._control.database.read() as transaction:
            query = sa.select(sso_policies).where(sso_policies.c.tenant_id == tenant_id)
            row = transaction.execute(query).one_or_none()
        if row is None:
            return None
        tenancy = self._control.tenants
        has_feature = FEATURE in tenancy.entitlements(tenancy.known(tenant_id)).features
        return SsoPolicy(**row._asdict()) if has_feature else None

    def holds(self, user: Any) -> bool:  # noqa: ANN401 - a User, or its row
        """Return whether a person has to come through their company, whatever their password is."""
        policy = None if user.tenant_id is None else self.in_force(user.tenant_id)
        return policy is not None and not (user.user_id == policy.break_glass_user_id and user.role == _OWNER)

    def enforce(self, tenant_id: str, by: Actor, break_glass_user_id: str | None = None) -> SsoPolicy:
        """Let passwords sign nobody in any more, and end the sessions that they began; keys go on.

        Raises:
            NotAllowed: The plan has no single sign-on.
            NotFound: There is no such user in the tenant.
            InvalidInput: Who is to break the glass is no active owner with a password.
            Conflict: No connection was seen to work since it was saved, or no owner would have a way in.
        """
        tenancy = self._control.tenants
        require_feature(self._control.catalogue, tenancy.entitlements(tenancy.get(tenant_id)))
        policy = SsoPolicy(
            tenant_id=tenant_id,
            break_glass_user_id=break_glass_user_id,
            enforced_at=self._control.clock.now(),
            enforced_by=str(by),
        )

        def work(transaction: Transaction) -> SsoPolicy:
            self._require_way_in(transaction, policy)
            self._delete(transaction, tenant_id)
            transaction.execute(sa.insert(sso_policies).values(msgspec.structs.asdict(policy)))
            ended = self._end_sessions(transaction, policy)
            detail = {"break_glass_user_id": break_glass_user_id, "sessions_ended": ended}
            self._tell(transaction, by, "sso_enforced", tenant_id, detail=detail)
            return policy

        return self._control.database.write(work, touches_access=True)

    def lift(self, tenant_id: str, by: Actor, reason: str | None = None) -> None:
        """Let passwords sign in again beside single sign-on.

        Raises:
            NotFound: It is not enforced.
            InvalidInput: The reason is unusable.
        """
        told = {} if reason is None else {"reason": checked_reason(reason)}

        def work(transaction: Transaction) -> None:
            if not self._delete(transaction, tenant_id):
                message = "Single sign-on is not enforced here; nothing was changed."
                raise NotFound(message, "sso_not_enforced")
            self._tell(transaction, by, "sso_enforcement_lifted", tenant_id, personal=told)

        self._control.database.write(work, touches_access=True)

    def require_way_left(
        self, transaction: Transaction, tenant_id: str, is_lost: Callable[[Way], bool]
    ) -> None:
        """Refuse what would leave no owner a way in while single sign-on is enforced.

        Raises:
            Conflict: It would.
        """
        policy = self.in_force(tenant_id)
        ways = [] if policy is None else ways_of_owners(transaction, policy)
        if ways and all(is_lost(way) for way in ways):
            message = (
                "Single sign-on is enforced and no other owner could sign in; have another owner link their "
                "own sign-in first, or name one whose password goes on working, or lift the enforcement."
            )
            raise Conflict(message, "last_owner_with_way_in")

    def _require_way_in(self, transaction: Transaction, policy: SsoPolicy) -> None:
        working = self._working(policy.tenant_id)
        if not working:
            message = (
                "No identity provider was seen to work since it was saved; test the connection or sign in by "
                "it once, then enforce it."
            )
            raise Conflict(message, "sso_not_tested")
        if policy.break_glass_user_id is not None:
            self._require_owner(policy.break_glass_user_id, policy.tenant_id)
            return
        linked = (
            sa.select(sa.func.count())
            .select_from(users.join(identities, identities.c.user_id == users.c.user_id))
            .where(users.c.tenant_id == policy.tenant_id, users.c.role == _OWNER, users.c.status == "active")
            .where(identities.c.issuer.in_(working))
        )
        if not transaction.scalar(linked):
            message = (
                "No owner has linked their own sign-in, so none could come back; link yours first, or name "
                "an owner whose password goes on working."
            )
            raise Conflict(message, "sso_no_owner_linked")

    def _working(self, tenant_id: str) -> list[str]:
        """Return the issuers by which people can come: in use, and seen to work as they are saved now."""
        openid, saml = self._control.sso.find(tenant_id), self._control.saml.find(tenant_id)
        found = []
        if openid is not None and openid.is_enabled and openid.tested_at is not None:
            found.append(openid.issuer)
        if saml is not None and saml.is_enabled and saml.tested_at is not None:
            found.append(saml.entity_id)
        return found

    def _require_owner(self, user_id: str, tenant_id: str) -> None:
        user = self._control.users.get(user_id, tenant_id)
        if (user.role, user.status) != (_OWNER, "active") or user.password_hash is None:
            message = "Whose password is to go on working must be an active owner who has one."
            raise InvalidInput(message, "break_glass_unfit")

    def _end_sessions(self, transaction: Transaction, policy: SsoPolicy) -> int:
        people = sa.select(users.c.user_id).where(users.c.tenant_id == policy.tenant_id)
        if policy.break_glass_user_id is not None:
            people = people.where(users.c.user_id != policy.break_glass_user_id)
        ended = (
            sa.update(sessions)
            .where(sessions.c.user_id.in_(people), sessions.c.method == "password")
            .where(sessions.c.revoked_at.is_(None), sessions.c.expires_at > policy.enforced_at)
        )
        return transaction.execute(ended.values(revoked_at=policy.enforced_at)).rowcount

    @staticmethod
    def _delete(transaction: Transaction, tenant_id: str) -> bool:
        own = sa.delete(sso_policies).where(sso_policies.c.tenant_id == tenant_id)
        return transaction.execute(own).rowcount > 0

    def _tell(self, transaction: Transaction, by: Actor, action: str, tenant_id: str, **told: Any) -> None:  # noqa: ANN401 - parts of an entry
        change = Change(action=action, object_type="sso", object_id=tenant_id, tenant_id=tenant_id, **told)
        self._control.audit.append(transaction, by, change)
