"""Sign-in through a tenant's own identity provider, by OpenID Connect."""

from tenants.sso.connections import Connection, Connections

__all__ = ["Connection", "Connections"]
