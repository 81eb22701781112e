"""Which SAML identity provider a tenant trusts, and our keys towards it."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from tenants.audit.records import Change
from tenants.control.identity_tables import saml_connections
from tenants.errors import NotFound
from tenants.sso.checks import FEATURE, checked_role, checked_text
from tenants.sso.saml.certificates import described
from tenants.sso.saml.own_keys import OwnKeys
from tenants.sso.saml.provider import checked_provider, read_metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection as Transaction

    from tenants.audit.records import Actor
    from tenants.control import ControlPlane
    from tenants.sso.saml.provider import IdentityProvider


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


class SamlConnections:
    """The SAML identity providers of all tenants.

    Args:
        control: Where tenants and people are known.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control
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
            before = transaction.execute(_row_of(tenant_id)).one_or_none()
            is_enabled = before is None or before.is_enabled
            put = msgspec.structs.replace(connection, is_enabled=is_enabled)
            transaction.execute(_deletion(tenant_id))
            transaction.execute(sa.insert(saml_connections).values(msgspec.structs.asdict(put)))
            trusted = [described(pem).sha256 for pem in connection.certificates]
            personal = {"issuer": connection.entity_id, "certificates": trusted}
            self._tell(transaction, by, "saml_connected", tenant_id, personal)
            return put

        return self._control.database.write(work)

    def switch(self, tenant_id: str, by: Actor, *, is_enabled: bool) -> None:
        """Let people come by it, or not for the time being.

        Raises:
            NotFound: There is none.
        """

        def work(transaction: Transaction) -> None:
            of_tenant = saml_connections.c.tenant_id == tenant_id
            switched = sa.update(saml_connections).where(of_tenant).values(is_enabled=is_enabled)
            if transaction.execute(switched).rowcount == 0:
                raise not_connected()
            self._tell(transaction, by, "saml_enabled" if is_enabled else "saml_disabled", tenant_id, {})

        self._control.database.write(work)

    def remove(self, tenant_id: str, by: Actor) -> None:
        """Trust it no more; who came by it stays a user and may set a password."""

        def work(transaction: Transaction) -> None:
            if transaction.execute(_deletion(tenant_id)).rowcount:
                self._tell(transaction, by, "saml_disconnected", tenant_id, {})

        self._control.database.write(work)

    def find(self, tenant_id: str) -> SamlConnection | None:
        """Return a tenant's identity provider, None where it has none."""
        with self._control.database.read() as transaction:
            row = transaction.execute(_row_of(tenant_id)).one_or_none()
        return None if row is None else SamlConnection(**row._asdict())

    def in_use(self, tenant_id: str) -> SamlConnection:
        """Return the identity provider by which people come.

        Raises:
            NotFound: There is none, or it is switched off.
        """
        found = self.find(tenant_id)
        if found is None or not found.is_enabled:
            raise not_connected()
        return found

    def is_connected(self, tenant_id: str) -> bool:
        """Return whether the tenant trusts an identity provider and its plan has single sign-on."""
        tenancy = self._control.tenants
        has_feature = FEATURE in tenancy.entitlements(tenancy.known(tenant_id)).features
        found = self.find(tenant_id) if has_feature else None
        return found is not None and found.is_enabled

    def ending(self, before: datetime) -> dict[str, datetime]:
        """Return when a provider's last certificate expires, by tenant, where it is before a time."""
        query = sa.select(saml_connections.c.tenant_id, saml_connections.c.certificates)
        with self._control.database.read() as transaction:
            rows = transaction.execute(query.order_by(saml_connections.c.tenant_id)).all()
        last = {row.tenant_id: max(described(pem).expires_at for pem in row.certificates) for row in rows}
        return {tenant_id: end for tenant_id, end in last.items() if end < before}

    def _tell(
        self, transaction: Transaction, by: Actor, action: str, tenant_id: str, personal: dict[str, Any]
    ) -> None:
        change = Change(
            action=action, object_type="sso", object_id=tenant_id, tenant_id=tenant_id, personal=personal
        )
        self._control.audit.append(transaction, by, change)


def not_connected() -> NotFound:
    """Return the refusal of a sign-in through a provider that is not there."""
    message = "This account has no sign-in through SAML; sign in with a password."
    return NotFound(message, "saml_not_connected")


def _row_of(tenant_id: str) -> sa.Select[Any]:
    return sa.select(saml_connections).where(saml_connections.c.tenant_id == tenant_id)


def _deletion(tenant_id: str) -> sa.Delete:
    return sa.delete(saml_connections).where(saml_connections.c.tenant_id == tenant_id)


def _checked_attribute(name: str | None, what: str) -> str | None:
    return None if name is None else checked_text(name, what)
