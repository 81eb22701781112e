"""Which SAML identity provider a tenant trusts, and our keys towards it."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa

from tenants.control.identity_tables import saml_connections
from tenants.sso.checks import checked_role, checked_text
from tenants.sso.providers import Providers
from tenants.sso.saml.certificates import described
from tenants.sso.saml.own_keys import OwnKeys
from tenants.sso.saml.provider import checked_provider, read_metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection as Transaction

    from tenants.audit.records import Actor
    from tenants.control import ControlPlane
    from tenants.sso.saml.provider import IdentityProvider
    from tenants.sso.saml.service import ServiceProvider
    from tenants.sso.trial import Finding


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """How an answer becomes a user.

    Attributes:
        default_role: What who comes for the first time becomes.
        email_attribute: The attribute with the e-mail address; None tries the usual names.
        name_attribute: The attribute with the name; None tries the usual names.
    """

    default_role: str = "agent"
    email_attribute: str | None = None
    name_attribute: str | None = None


class SamlConnection(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant's SAML identity provider.

    Attributes:
        is_enabled: Whether people may come by it now.
        tested_at: When it was first seen to work as it is saved now; None until then.
    """

    tenant_id: str
    entity_id: str
    sso_url: str
    certificates: list[str]
    default_role: str
    email_attribute: str | None
    name_attribute: str | None
    updated_at: datetime
    is_enabled: bool = True
    tested_at: datetime | None = None


class SamlConnections(Providers[SamlConnection]):
    """The SAML identity providers of all tenants.

    Args:
        control: Where tenants and people are known.
    """

    table = saml_connections
    kind = "saml"
    refusal = "This account has no sign-in through SAML; sign in with a password."

    def __init__(self, control: ControlPlane) -> None:
        super().__init__(control)
        self.keys = OwnKeys(control)
        self._is_local = control.settings.base_domain == "localhost"

    def provider(self, entity_id: str, sso_url: str, certificates: Sequence[str]) -> IdentityProvider:
        """Return an identity provider from its fields.

        Raises:
            InvalidInput: One of them is wrong.
        """
        now = self._control.clock.now()
        return checked_provider(entity_id, sso_url, certificates, now, is_local=self._is_local)

    def provider_from(self, metadata: bytes, entity_id: str | None = None) -> IdentityProvider:
        """Return the identity provider of a metadata document; by its entity id where there are several.

        Raises:
            InvalidInput: The document cannot be used; why is told.
        """
        now = self._control.clock.now()
        return read_metadata(metadata, now, is_local=self._is_local, entity_id=entity_id)

    def put(self, tenant_id: str, provider: IdentityProvider, mapping: Mapping, by: Actor) -> SamlConnection:
        """Trust an identity provider, in place of an earlier one; one that was switched off stays so.

        Raises:
            InvalidInput: The role is unknown or above admin, or the name of an attribute is unusable.
            Conflict: Single sign-on is enforced, and another provider knows nobody yet.
        """
        connection = SamlConnection(
            tenant_id=tenant_id,
            entity_id=provider.entity_id,
            sso_url=provider.sso_url,
            certificates=list(provider.certificates),
            default_role=checked_role(mapping.default_role),
            email_attribute=_checked_attribute(mapping.email_attribute, "e-mail attribute"),
            name_attribute=_checked_attribute(mapping.name_attribute, "name attribute"),
            updated_at=self._control.clock.now(),
        )

        def work(transaction: Transaction) -> SamlConnection:
            before = self._row(transaction, tenant_id)
            if before is not None and before.entity_id != connection.entity_id:
                self.require_not_the_only_way(tenant_id)
            is_enabled = before is None or before.is_enabled
            put = msgspec.structs.replace(connection, is_enabled=is_enabled)
            self._replace(transaction, tenant_id, msgspec.structs.asdict(put))
            trusted = [described(pem).sha256 for pem in connection.certificates]
            self._tell(
                transaction, by, "connected", tenant_id, issuer=connection.entity_id, certificates=trusted
            )
            return put

        return self._control.database.write(work)

    def find(self, tenant_id: str) -> SamlConnection | None:
        """Return a tenant's identity provider, None where it has none."""
        with self._control.database.read() as transaction:
            row = self._row(transaction, tenant_id)
        return None if row is None else SamlConnection(**row._asdict())

    def in_use(self, tenant_id: str) -> SamlConnection:
        """Return the identity provider by which people come.

        Raises:
            NotFound: There is none, or it is switched off.
        """
        found = self.find(tenant_id)
        if found is None or not found.is_enabled:
            raise self.not_connected()
        return found

    def tried(self, tenant_id: str, service: ServiceProvider) -> list[Finding]:
        """Look at the provider's certificates and send it a signed request; where it takes it, keep so.

        Raises:
            NotFound: There is none.
        """
        from tenants.sso.trial import try_saml  # noqa: PLC0415 - start-up time

        connection = self.find(tenant_id)
        if connection is None:
            raise self.not_connected()
        now, private_hosts = self._control.clock.now(), self._control.settings.private_hosts
        found = try_saml(connection, service, now, private_hosts)
        if all(each.is_fine for each in found):
            self.note_working(connection)
        return found

    def ending(self, before: datetime) -> dict[str, datetime]:
        """Return when a provider's last certificate expires, by tenant, where it is before a time."""
        query = sa.select(saml_connections.c.tenant_id, saml_connections.c.certificates)
        with self._control.database.read() as transaction:
            rows = transaction.execute(query.order_by(saml_connections.c.tenant_id)).all()
        last = {row.tenant_id: max(described(pem).expires_at for pem in row.certificates) for row in rows}
        return {tenant_id: end for tenant_id, end in last.items() if end < before}


def _checked_attribute(name: str | None, what: str) -> str | None:
    return None if name is None else checked_text(name, what)
