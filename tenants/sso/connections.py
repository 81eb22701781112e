"""Which identity provider a tenant trusts, and which of its subjects is which user."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec
import sqlalchemy as sa

from tenants.audit.records import Change
from tenants.control.identity_tables import identities, sso_connections
from tenants.control.tables import users
from tenants.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tenants.people.roles import TENANT_ROLES

if TYPE_CHECKING:
    from sqlalchemy import Connection as Transaction

    from tenants.audit.records import Actor
    from tenants.control import ControlPlane
    from tenants.people.records import User

FEATURE = "sso"
_LOOPBACK = {"127.0.0.1", "localhost"}


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant's identity provider; its secret is sealed under the tenant's key.

    Attributes:
        default_role: What who comes for the first time becomes.
    """

    tenant_id: str
    issuer: str
    client_id: str
    default_role: str
    updated_at: datetime


class Connections:
    """The identity providers of all tenants.

    Args:
        control: Where tenants and people are known.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control

    def put(
        self, tenant_id: str, issuer: str, client_id: str, secret: str, role: str, by: Actor
    ) -> Connection:
        """Trust an identity provider, in place of an earlier one.

        Raises:
            InvalidInput: The issuer is no https address, or the role unknown or above admin.
        """
        now = self._control.clock.now()
        connection = Connection(
            tenant_id=tenant_id,
            issuer=_checked_issuer(issuer, is_local=self._control.settings.base_domain == "localhost"),
            client_id=client_id,
            default_role=_checked_role(role),
            updated_at=now,
        )

        def work(transaction: Transaction) -> None:
            sealed = self._control.encryption.seal(transaction, tenant_id, secret.encode(), now)
            row = {**msgspec.structs.asdict(connection), "sealed_secret": sealed}
            transaction.execute(sa.delete(sso_connections).where(sso_connections.c.tenant_id == tenant_id))
            transaction.execute(sa.insert(sso_connections).values(row))
            self._tell(transaction, by, "sso_connected", tenant_id, {"issuer": connection.issuer})

        self._control.database.write(work)
        return connection

    def remove(self, tenant_id: str, by: Actor) -> None:
        """Trust it no more; who came by it stays a user and may set a password."""

        def work(transaction: Transaction) -> None:
            transaction.execute(sa.delete(sso_connections).where(sso_connections.c.tenant_id == tenant_id))
            self._tell(transaction, by, "sso_disconnected", tenant_id, {})

        self._control.database.write(work)

    def of(self, tenant_id: str) -> tuple[Connection, str]:
        """Return a tenant's identity provider with its secret.

        Raises:
            NotFound: It has none.
        """
        with self._control.database.read() as transaction:
            row = transaction.execute(
                sa.select(sso_connections).where(sso_connections.c.tenant_id == tenant_id)
            ).one_or_none()
            secret = (
                None
                if row is None
                else self._control.encryption.open(transaction, tenant_id, row.sealed_secret)
            )
        if row is None or secret is None:
            message = "This account has no single sign-on; sign in with a password."
            raise NotFound(message, "sso_not_connected")
        fields = row._asdict()
        del fields["sealed_secret"]
        return Connection(**fields), secret.decode()

    def is_connected(self, tenant_id: str) -> bool:
        """Return whether the tenant trusts an identity provider and its plan has single sign-on."""
        tenancy = self._control.tenants
        if FEATURE not in tenancy.entitlements(tenancy.known(tenant_id)).features:
            return False
        query = sa.select(sso_connections.c.tenant_id).where(sso_connections.c.tenant_id == tenant_id)
        with self._control.database.read() as transaction:
            return transaction.scalar(query) is not None

    def user_for(self, connection: Connection, subject: str, email: str, name: str, by: Actor) -> User:
        """Return the user whom a subject is; who comes for the first time is added.

        Raises:
            NotAllowed: The user is out of service, or the plan's user limit is reached.
            Conflict: The address is another user's: an address alone makes nobody someone else.
        """

        def work(transaction: Transaction) -> User:
            user_id = transaction.scalar(sa.select(identities.c.user_id).where(_is(connection, subject)))
            if user_id is not None:
                return self._known(user_id, connection.tenant_id)
            return self._added(transaction, connection, subject, email, name, by)

        return self._control.database.write(work, touches_access=True)

    def link(self, connection: Connection, subject: str, user_id: str, by: Actor) -> None:
        """Make a subject a user who is signed in already.

        Raises:
            Conflict: The subject is another user's.
        """

        def work(transaction: Transaction) -> None:
            known = transaction.scalar(sa.select(identities.c.user_id).where(_is(connection, subject)))
            if known not in {None, user_id}:
                message = "This identity belongs to another user; sign in as that one."
                raise Conflict(message, "identity_taken")
            if known is None:
                self._bind(transaction, connection, subject, user_id)
                self._tell(transaction, by, "identity_linked", connection.tenant_id, {"user_id": user_id})

        self._control.database.write(work)

    def _known(self, user_id: str, tenant_id: str) -> User:
        user = self._control.users.get(user_id, tenant_id)
        if user.status == "deactivated":
            message = "This user is out of service; ask an admin of the account."
            raise NotAllowed(message, "user_deactivated")
        return user

    def _added(
        self, transaction: Transaction, connection: Connection, subject: str, email: str, name: str, by: Actor
    ) -> User:
        taken = sa.select(users.c.user_id).where(
            users.c.tenant_id == connection.tenant_id, users.c.email == email.strip().lower()
        )
        if transaction.scalar(taken) is not None:
            message = "There is a user with this address; sign in with its password, then link this identity."
            raise Conflict(message, "identity_not_linked")
        added = self._control.users.add(
            connection.tenant_id, email, by, name=name, role=connection.default_role
        )
        user = self._control.users.update(added.user_id, connection.tenant_id, by, status="active")
        self._bind(transaction, connection, subject, user.user_id)
        return user

    def _bind(self, transaction: Transaction, connection: Connection, subject: str, user_id: str) -> None:
        row = {
            "tenant_id": connection.tenant_id,
            "issuer": connection.issuer,
            "subject": subject,
            "user_id": user_id,
            "created_at": self._control.clock.now(),
        }
        transaction.execute(sa.insert(identities).values(row))

    def _tell(
        self, transaction: Transaction, by: Actor, action: str, tenant_id: str, detail: dict[str, str]
    ) -> None:
        change = Change(
            action=action, object_type="sso", object_id=tenant_id, tenant_id=tenant_id, detail=detail
        )
        self._control.audit.append(transaction, by, change)


def _is(connection: Connection, subject: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        identities.c.tenant_id == connection.tenant_id,
        identities.c.issuer == connection.issuer,
        identities.c.subject == subject,
    )


def _checked_issuer(issuer: str, *, is_local: bool) -> str:
    parts = urlsplit(issuer)
    is_safe = parts.scheme == "https" or (is_local and parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not is_safe or not parts.hostname or parts.username or parts.query or parts.fragment:
        message = "The issuer must be an https address without user, query and fragment."
        raise InvalidInput(message, "invalid_issuer")
    return issuer.rstrip("/")


def _checked_role(role: str) -> str:
    if role not in TENANT_ROLES or role == "owner":
        message = (
            f"Who comes for the first time cannot be {role[:20]!r}; choose admin, manager, agent or viewer."
        )
        raise InvalidInput(message, "invalid_default_role")
    return role
