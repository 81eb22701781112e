"""Which OpenID provider a tenant trusts."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from tenants.control.identity_tables import sso_connections
from tenants.errors import InvalidInput
from tenants.sso.checks import checked_role, checked_text, is_safe_address
from tenants.sso.providers import Providers

if TYPE_CHECKING:
    from sqlalchemy import Connection as Transaction

    from tenants.audit.records import Actor
    from tenants.sso.trial import Finding


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant's OpenID provider; its secret is sealed under the tenant's key.

    Attributes:
        default_role: What who comes for the first time becomes.
        is_enabled: Whether people may come by it now.
        tested_at: When it was first seen to work as it is saved now; None until then.
    """

    tenant_id: str
    issuer: str
    client_id: str
    default_role: str
    updated_at: datetime
    is_enabled: bool = True
    tested_at: datetime | None = None


class Connections(Providers[Connection]):
    """The OpenID providers of all tenants."""

    table = sso_connections
    kind = "sso"
    refusal = "This account has no single sign-on; sign in with a password."

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
            Conflict: Single sign-on is enforced, and another issuer knows nobody yet.
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
            before = self._row(transaction, tenant_id)
            if before is not None and before.issuer != connection.issuer:
                self.require_not_the_only_way(tenant_id)
            if kept is not None:
                sealed = self._control.encryption.seal(transaction, tenant_id, kept, now)
            elif before is not None and before.issuer == connection.issuer:
                sealed = before.sealed_secret
            else:
                message = "Give the client secret; it is kept only while the issuer stays the same."
                raise InvalidInput(message, "client_secret_required")
            put = msgspec.structs.replace(connection, is_enabled=before is None or before.is_enabled)
            self._replace(transaction, tenant_id, {**msgspec.structs.asdict(put), "sealed_secret": sealed})
            self._tell(transaction, by, "connected", tenant_id, issuer=connection.issuer)
            return put

        return self._control.database.write(work)

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
            raise self.not_connected()
        return found

    def in_use(self, tenant_id: str) -> tuple[Connection, str]:
        """Return the provider by which people come, with its secret.

        Raises:
            NotFound: There is none, or it is switched off.
        """
        found = self.of(tenant_id)
        if not found[0].is_enabled:
            raise self.not_connected()
        return found

    def tried(self, tenant_id: str, redirect_uri: str) -> list[Finding]:
        """Ask the provider what it offers, for its keys, and whether it knows us; where it does, keep so.

        Raises:
            NotFound: There is none.
        """
        from tenants.sso.trial import try_openid  # noqa: PLC0415 - start-up time

        connection, secret = self.of(tenant_id)
        found = try_openid(connection, secret, redirect_uri, self._control.settings.private_hosts)
        if all(each.is_fine for each in found):
            self.note_working(connection)
        return found

    def _opened(self, tenant_id: str) -> tuple[Connection, str] | None:
        with self._control.database.read() as transaction:
            row = self._row(transaction, tenant_id)
            if row is None:
                return None
            secret = self._control.encryption.open(transaction, tenant_id, row.sealed_secret)
        fields = row._asdict()
        del fields["sealed_secret"]
        return None if secret is None else (Connection(**fields), secret.decode())


def _checked_issuer(issuer: str, *, is_local: bool) -> str:
    if not is_safe_address(issuer, is_local=is_local) or urlsplit(issuer).query:
        message = "The issuer must be an https address without user, query and fragment."
        raise InvalidInput(message, "invalid_issuer")
    return issuer.rstrip("/")
