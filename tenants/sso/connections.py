"""Which OpenID provider a tenant trusts."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING
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
    """

    tenant_id: str
    issuer: str
    client_id: str
    default_role: str
    updated_at: datetime


class Connections:
    """The OpenID providers of all tenants.

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
            InvalidInput: The issuer is no https address, the role unknown or above admin, or a text unusable.
        """
        now, kept = self._control.clock.now(), checked_text(secret, "client secret").encode()
        connection = Connection(
            tenant_id=tenant_id,
            issuer=_checked_issuer(issuer, is_local=self._control.settings.base_domain == "localhost"),
            client_id=checked_text(client_id, "client id"),
            default_role=checked_role(role),
            updated_at=now,
        )

        def work(transaction: Transaction) -> None:
            sealed = self._control.encryption.seal(transaction, tenant_id, kept, now)
            row = {**msgspec.structs.asdict(connection), "sealed_secret": sealed}
            transaction.execute(sa.delete(sso_connections).where(sso_connections.c.tenant_id == tenant_id))
            transaction.execute(sa.insert(sso_connections).values(row))
            self._tell(transaction, by, "sso_connected", tenant_id, issuer=connection.issuer)

        self._control.database.write(work)
        return connection

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
            message = "This account has no single sign-on; sign in with a password."
            raise NotFound(message, "sso_not_connected")
        return found

    def _opened(self, tenant_id: str) -> tuple[Connection, str] | None:
        query = sa.select(sso_connections).where(sso_connections.c.tenant_id == tenant_id)
        with self._control.database.read() as transaction:
            row = transaction.execute(query).one_or_none()
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
        return has_feature and self.find(tenant_id) is not None

    def _tell(
        self, transaction: Transaction, by: Actor, action: str, tenant_id: str, **personal: str
    ) -> None:
        change = Change(
            action=action, object_type="sso", object_id=tenant_id, tenant_id=tenant_id, personal=personal
        )
        self._control.audit.append(transaction, by, change)


def _checked_issuer(issuer: str, *, is_local: bool) -> str:
    if not is_safe_address(issuer, is_local=is_local) or urlsplit(issuer).query:
        message = "The issuer must be an https address without user, query and fragment."
        raise InvalidInput(message, "invalid_issuer")
    return issuer.rstrip("/")
