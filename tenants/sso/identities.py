"""Which subject of an identity provider is which user: tenant, issuer and subject, never an address."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tenants.audit.records import Change
from tenants.control.identity_tables import identities
from tenants.control.tables import sessions, users
from tenants.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tenants.sso.ways_in import Way

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection as Transaction

    from tenants.audit.records import Actor
    from tenants.control import ControlPlane
    from tenants.people.records import User

NOT_LINKED = "identity_not_linked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Who an identity provider says has come, checked.

    Attributes:
        email: Needed of who comes for the first time only.
        default_role: What who comes for the first time becomes.
    """

    tenant_id: str
    issuer: str
    subject: str
    email: str | None
    name: str | None
    default_role: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a user is at an identity provider.

    Attributes:
        identity_id: Made from issuer and subject, which nobody has to read.
    """

    identity_id: str
    user_id: str
    issuer: str
    subject: str
    linked_at: datetime


class Identities:
    """The subjects of all tenants' identity providers.

    Args:
        control: Where people are known.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control

    def user_for(self, arrival: Arrival, by: Actor) -> User:
        """Return the user whom a subject is; who comes for the first time is added.

        Raises:
            NotAllowed: The user is out of service, or the plan's user limit is reached.
            Conflict: The address is another user's: an address alone makes nobody someone else.
            InvalidInput: Someone new came without a usable address.
        """

        def work(transaction: Transaction) -> User:
            user_id = transaction.scalar(sa.select(identities.c.user_id).where(_is(arrival)))
            if user_id is not None:
                return self._in_service(user_id, arrival.tenant_id)
            return self._added(transaction, arrival, by)

        return self._control.database.write(work, touches_access=True)

    def join(self, arrival: Arrival, token: str, by: Actor) -> User:
        """Make a subject the user to whom a one-time link was sent, who is in service from then on.

        Raises:
            InvalidInput: The link is unknown, used or expired, or another tenant's.
            NotAllowed: The user went out of service meanwhile.
            Conflict: The subject is another user's.
        """

        def work(transaction: Transaction) -> User:
            user_id, tenant_id = self._control.tokens.redeem(transaction, token)
            if tenant_id != arrival.tenant_id:
                message = "This link belongs to another account; open it at that account's own address."
                raise InvalidInput(message, "link_elsewhere")
            self._link(transaction, arrival, user_id, by)
            return self._control.users.update(user_id, tenant_id, by, status="active")

        return self._control.database.write(work, touches_access=True)

    def link(self, arrival: Arrival, user_id: str, by: Actor) -> None:
        """Make a subject a user who is signed in already.

        Raises:
            NotAllowed: The user went out of service meanwhile.
            Conflict: The subject is another user's.
        """
        self._control.database.write(lambda transaction: self._link(transaction, arrival, user_id, by))

    def of(self, user_id: str, tenant_id: str) -> list[Identity]:
        """Return the identities that are linked to a user, oldest first.

        Raises:
            NotFound: There is no such user there.
        """
        user = self._control.users.get(user_id, tenant_id)
        with self._control.database.read() as transaction:
            rows = transaction.execute(_of(user.user_id, tenant_id).order_by(identities.c.created_at))
            return [_identity(row) for row in rows]

    def of_tenant(self, tenant_id: str) -> list[Identity]:
        """Return the identities that are linked to a tenant's users, oldest first."""
        query = sa.select(identities).where(identities.c.tenant_id == tenant_id)
        with self._control.database.read() as transaction:
            return [
                _identity(row)
                for row in transaction.execute(query.order_by(identities.c.created_at, identities.c.subject))
            ]

    def unlink(self, user_id: str, tenant_id: str, identity_id: str, by: Actor) -> None:
        """Let nobody come as a user by an identity any more; the sessions that began so end at once.

        Raises:
            NotFound: There is no such user there, or no such identity of theirs.
            Conflict: Single sign-on is enforced, and no owner could sign in any more.
        """

        def work(transaction: Transaction) -> None:
            found = next(
                (each for each in self.of(user_id, tenant_id) if each.identity_id == identity_id), None
            )
            if found is None:
                message = "This person has no such identity; it may have been unlinked already."
                raise NotFound(message, "identity_not_found")
            gone = Way(user_id, found.issuer, found.subject)
            self._control.enforcement.require_way_left(transaction, tenant_id, lambda way: way == gone)
            transaction.execute(
                sa.delete(identities).where(
                    identities.c.tenant_id == tenant_id,
                    identities.c.issuer == found.issuer,
                    identities.c.subject == found.subject,
                )
            )
            detail = {"user_id": user_id, "sessions_ended": self._end_sessions(transaction, user_id)}
            self._control.audit.append(transaction, by, _change("identity_unlinked", tenant_id, **detail))

        self._control.database.write(work, touches_access=True)

    def _end_sessions(self, transaction: Transaction, user_id: str) -> int:
        begun_so = sa.and_(
            sessions.c.user_id == user_id, sessions.c.method != "password", sessions.c.revoked_at.is_(None)
        )
        now = self._control.clock.now()
        return transaction.execute(sa.update(sessions).where(begun_so).values(revoked_at=now)).rowcount

    def _link(self, transaction: Transaction, arrival: Arrival, user_id: str, by: Actor) -> None:
        self._in_service(user_id, arrival.tenant_id)
        known = transaction.scalar(sa.select(identities.c.user_id).where(_is(arrival)))
        if known not in {None, user_id}:
            message = "This identity belongs to another user; sign in as that one."
            raise Conflict(message, "identity_taken")
        if known is None:
            self._bind(transaction, arrival, user_id)
            change = _change("identity_linked", arrival.tenant_id, user_id=user_id)
            self._control.audit.append(transaction, by, change)

    def _in_service(self, user_id: str, tenant_id: str) -> User:
        user = self._control.users.get(user_id, tenant_id)
        if user.status == "deactivated":
            message = "This user is out of service; ask an admin of the account."
            raise NotAllowed(message, "user_deactivated")
        return user

    def _added(self, transaction: Transaction, arrival: Arrival, by: Actor) -> User:
        if arrival.email is None:
            message = "The identity provider told no e-mail address; have an owner map one to an attribute."
            raise InvalidInput(message, "sso_without_email")
        taken = sa.select(users.c.user_id).where(
            users.c.tenant_id == arrival.tenant_id, users.c.email == arrival.email.strip().lower()
        )
        if transaction.scalar(taken) is not None:
            message = "There is a user with this address; sign in with its password, then link this identity."
            raise Conflict(message, NOT_LINKED)
        added = self._control.users.add(
            arrival.tenant_id, arrival.email, by, name=arrival.name or "", role=arrival.default_role
        )
        user = self._control.users.update(added.user_id, arrival.tenant_id, by, status="active")
        self._bind(transaction, arrival, user.user_id)
        return user

    def _bind(self, transaction: Transaction, arrival: Arrival, user_id: str) -> None:
        row = {
            "tenant_id": arrival.tenant_id,
            "issuer": arrival.issuer,
            "subject": arrival.subject,
            "user_id": user_id,
            "created_at": self._control.clock.now(),
        }
        transaction.execute(sa.insert(identities).values(row))


def _of(user_id: str, tenant_id: str) -> sa.Select[Any]:
    return sa.select(identities).where(identities.c.tenant_id == tenant_id, identities.c.user_id == user_id)


def _identity(row: sa.Row[Any]) -> Identity:
    named = sha256(f"{row.issuer}\0{row.subject}".encode()).hexdigest()
    return Identity(f"idn_{named[:16]}", row.user_id, row.issuer, row.subject, row.created_at)


def _change(action: str, tenant_id: str, **detail: Any) -> Change:  # noqa: ANN401 - facts of an entry
    return Change(action=action, object_type="sso", object_id=tenant_id, tenant_id=tenant_id, detail=detail)


def _is(arrival: Arrival) -> sa.ColumnElement[bool]:
    return sa.and_(
        identities.c.tenant_id == arrival.tenant_id,
        identities.c.issuer == arrival.issuer,
        identities.c.subject == arrival.subject,
    )
