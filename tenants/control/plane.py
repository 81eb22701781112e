"""The control plane as one thing to open and pass on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tenants.branding.brandings import Brandings
from tenants.catalogue import load_catalogue
from tenants.control.database import open_database
from tenants.domains.domains import Domains
from tenants.encryption import TenantKeys
from tenants.keys.api_keys import ApiKeys
from tenants.mail.outbox import MailOutbox
from tenants.people.tokens import OneTimeTokens
from tenants.people.users import Users
from tenants.secret import platform_secret
from tenants.tenancy.tenants import Tenants

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from tenants.audit.log import AuditLog
    from tenants.catalogue import Catalogue
    from tenants.clock import Clock
    from tenants.control.database import ControlDatabase
    from tenants.people.records import User
    from tenants.settings import PlatformSettings
    from tenants.sso.connections import Connections
    from tenants.sso.enforcement import Enforcement
    from tenants.sso.identities import Identities
    from tenants.sso.saml.connections import SamlConnections


@dataclass(frozen=True)
class ControlPlane:
    """Tenants, people and keys over one database; each part is made when it is first asked for."""

    settings: PlatformSettings
    clock: Clock
    catalogue: Catalogue
    database: ControlDatabase

    @classmethod
    def open(cls, settings: PlatformSettings, clock: Clock) -> ControlPlane:
        """Open the configured control plane, made at first use.

        Raises:
            InvalidInput: A setting is wrong.
            Unavailable: The database does not answer.
        """
        return cls(settings, clock, load_catalogue(settings.catalogue), open_database(settings))

    @cached_property
    def encryption(self) -> TenantKeys:
        """Return the tenants' own keys."""
        return TenantKeys(platform_secret(self.settings, "tenant-keys"))

    @cached_property
    def audit(self) -> AuditLog:
        """Return the audit log."""
        from tenants.audit.log import AuditLog  # noqa: PLC0415 - it needs this package's tables

        return AuditLog(self.database, self.encryption, self.clock)

    @cached_property
    def tenants(self) -> Tenants:
        """Return the tenants."""
        return Tenants(self.database, self.catalogue, self.audit, self.clock)

    @cached_property
    def users(self) -> Users:
        """Return the users of tenants and the staff."""

        def require_way_left(connection: Connection, user: User) -> None:
            if user.tenant_id is not None:
                self.enforcement.require_way_left(
                    connection, user.tenant_id, lambda way: way.user_id == user.user_id
                )

        return Users(self.database, self.tenants, self.audit, self.clock, require_way_left)

    @cached_property
    def keys(self) -> ApiKeys:
        """Return the tenants' API keys."""
        secret = platform_secret(self.settings, "api-keys")
        return ApiKeys(self.database, self.audit, self.clock, secret)

    @cached_property
    def tokens(self) -> OneTimeTokens:
        """Return the one-time tokens of invitations and password resets."""
        return OneTimeTokens(self.database, self.users, self.clock)

    @cached_property
    def mail(self) -> MailOutbox:
        """Return the outbox of e-mails."""
        return MailOutbox(self.database, self.encryption, self.clock)

    @cached_property
    def domains(self) -> Domains:
        """Return the tenants' own domains."""
        settings = self.settings
        return Domains(self.database, self.audit, self.clock, settings.base_domain, settings.most_domains)

    @cached_property
    def brandings(self) -> Brandings:
        """Return the tenants' looks."""
        return Brandings(self.database, self.audit, self.clock)

    @cached_property
    def identities(self) -> Identities:
        """Return who is whom at the tenants' identity providers."""
        from tenants.sso.identities import Identities  # noqa: PLC0415 - it knows this class

        return Identities(self)

    @cached_property
    def enforcement(self) -> Enforcement:
        """Return which tenants' people have to come through their company's sign-in."""
        from tenants.sso.enforcement import Enforcement  # noqa: PLC0415 - it knows this class

        return Enforcement(self)

    @cached_property
    def saml(self) -> SamlConnections:
        """Return the tenants' SAML identity providers."""
        from tenants.sso.saml.connections import SamlConnections  # noqa: PLC0415 - as above

        return SamlConnections(self)

    @cached_property
    def sso(self) -> Connections:
        """Return the tenants' OpenID providers."""
        from tenants.sso.connections import Connections  # noqa: PLC0415 - it knows this class

        return Connections(self)

    def close(self) -> None:
        """Release the database."""
        self.database.close()
