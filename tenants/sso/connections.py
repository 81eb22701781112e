"""Which OpenID provider a tenant trusts."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec
import sqlalchemy as sa

from tenants.audit.records import Change
from tenants.control.identity_tables import sso_connections
from tenants.errors import InvalidInput, NotFound
from tenants.sso.checks import FEATURE, checked_role, checked_text, is_safe_address

if TYPE_CHECKING:
    from sqlalchemy import Connection as Transaction

    from tenants.audit.records import Actor
    from tenants.control import ControlPlane


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant's OpenID provider; its secret is sealed under the tenant's key.

    Attributes:
        default_role: What who comes for the first time becomes.
        is_enabled: Whether people may come by it now.
    """

    tenant_id: str
    issuer: str
    client_id: str
    default_role: str
    updated_at: datetime
    is_enabled: bool = True


class Connections:
    """The OpenID providers of all tenants.

    Args:
        control: Where tenants and people are known.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control

    def put(
        self, tenant_id: str, issuer: str, client_id: str, secret: str | None, role: str, by: Actor
    ) -> Connection:
        """Trust an identity provider, in place of an earlier one; one that was switched off stays so.

        Args:
            tenant_id: Whose provider it is.
            issuer: Its address.
            client_id: Our name there.
            secret: Our secret there; None keeps that of the same issuer.
            role: What who comes for the first time becomes.
            by: Who changes it.

        Raises:
            InvalidInput: The issuer is no https address, the role unknown or above admin, a text unusable,
                or no secret was given for a new issuer.
        """
        now = self._control.clock.now()
        kept = None if secret is None else checked_text(secret, "client secret").encode()
        connection = Connection(
            tenant_id=tenant_id,
            issuer=_checked_issuer(issuer, is_local=self._control.settings.base_domain == "localhost"),
            client_id=checked_text(client_id, "client id"),
            default_role=checked_role(role),
            updated_at=now,
        )

        def work(transaction: Transaction) -> Connection:
            before = transaction.execute(_row_of(tenant_id)).one_or_none()
            if kept is not None:
                sealed = self._control.encryption.seal(transaction, tenant_id, kept, now)
            elif before is not None and before.issuer == connection.issuer:
                sealed = before.sealed_secret
            else:
                message = "Give the client secret; it is kept only while the issuer stays the same."
                raise InvalidInput(message, "client_secret_required")
            put = msgspec.structs.replace(connection, is_enabled=before is None or before.is_enabled)
            transaction.execute(sa.delete(sso_connections).where(sso_connections.c.tenant_id == tenant_id))
            row = {**msgspec.structs.asdict(put), "sealed_secret": sealed}
            transaction.execute(sa.insert(sso_connections).values(row))
            self._tell(transaction, by, "sso_connected", tenant_id, issuer=connection.issuer)
            return put

        return self._control.database.write(work)

    def switch(self, tenant_id: str, by: Actor, *, is_enabled: bool) -> None:
        """Let people come by it, or not for the time being.

        Raises:
            NotFound: There is none.
        """

        def work(transaction: Transaction) -> None:
            of_tenant = sso_connections.c.tenant_id == tenant_id
            switched = sa.update(sso_connections).where(of_tenant).values(is_enabled=is_enabled)
            if transaction.execute(switched).rowcount == 0:
                raise not_connected()
            self._tell(transaction, by, "sso_enabled" if is_enabled else "sso_disabled", tenant_id)

        self._control.database.write(work)

    def remove(self, tenant_id: str, by: Actor) -> None:
        """Trust it no more; who came by it stays a user and may set a password."""

        def work(transaction: Transaction) -> None:
            transaction.execute(sa.delete(sso_connections).where(sso_connections.c.tenant_id == tenant_id))
            self._tell(transaction, by, "sso_disconnected", tenant_id)

        self._control.database.write(work)

    def find(self, tenant_id: str) -> Connection | None:
        """Return a tenant's provider, None where it has none."""
        found = self._opened(tenant_id)
        return None if found is None else found[0]

    def of(self, tenant_id: str) -> tuple[Connection, str]:
        """Return a tenant's provider with its secret.

        Raises:
            NotFound: It has none.
        """
        found = self._opened(tenant_id)
        if found is None:
            raise not_connected()
        return found

    def in_use(self, tenant_id: str) -> tuple[Connection, str]:
        """Return the provider by which people come, with its secret.

        Raises:
            NotFound: There is none, or it is switched off.
        """
        found = self.of(tenant_id)
        if not found[0].is_enabled:
            raise not_connected()
        return found

    def _opened(self, tenant_id: str) -> tuple[Connection, str] | None:
        with self._control.database.read() as transaction:
            row = transaction.execute(_row_of(tenant_id)).one_or_none()
            if row is None:
                return None
            secret = self._control.encryption.open(transaction, tenant_id, row.sealed_secret)
        fields = row._asdict()
        del fields["sealed_secret"]
        return None if secret is None else (Connection(**fields), secret.decode())

    def is_connected(self, tenant_id: str) -> bool:
        """Return whether the tenant trusts an identity provider and its plan has single sign-on."""
        tenancy = self._control.tenants
        has_feature = FEATURE in tenancy.entitlements(tenancy.known(tenant_id)).features
        found = self.find(tenant_id) if has_feature else None
        return found is not None and found.is_enabled

    def _tell(
        self, transaction: Transaction, by: Actor, action: str, tenant_id: str, **personal: str
    ) -> None:
        change = Change(
            action=action, object_type="sso", object_id=tenant_id, tenant_id=tenant_id, personal=personal
        )
        self._control.audit.append(transaction, by, change)


def not_connected() -> NotFound:
    """Return the refusal of a sign-in through a provider that is not there."""
    message = "This account has no single sign-on; sign in with a password."
    return NotFound(message, "sso_not_connected")


def _row_of(tenant_id: str) -> sa.Select[Any]:
    return sa.select(sso_connections).where(sso_connections.c.tenant_id == tenant_id)


def _checked_issuer(issuer: str, *, is_local: bool) -> str:
    if not is_safe_address(issuer, is_local=is_local) or urlsplit(issuer).query:
        message = "The issuer must be an https address without user, query and fragment."
        raise InvalidInput(message, "invalid_issuer")
    return issuer.rstrip("/")
