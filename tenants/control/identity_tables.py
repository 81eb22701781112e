"""The control plane's tables of identity providers and of who is whom there."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, LargeBinary, Table, Text

from tenants.control.tables import metadata
from tenants.control.types import Moment

__all__ = ["identities", "metadata", "sso_connections"]

sso_connections = Table(
    "sso_connections",
    metadata,
    Column("tenant_id", ForeignKey("tenants.tenant_id"), primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("sealed_secret", LargeBinary),
    Column("default_role", Text, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

# Who someone is elsewhere: never their e-mail address, which others may come to own.
identities = Table(
    "identities",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("user_id", ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
)
