"""The control plane's tables of identity providers and of who is whom there."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, LargeBinary, Table, Text, true

from tenants.control.billing_tables import metadata
from tenants.control.tables import Number
from tenants.control.types import Moment

__all__ = [
    "daily_calls",
    "identities",
    "metadata",
    "saml_connections",
    "saml_keys",
    "saml_used",
    "sso_connections",
    "sso_policies",
]

sso_connections = Table(
    "sso_connections",
    metadata,
    Column("tenant_id", ForeignKey("tenants.tenant_id"), primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("sealed_secret", LargeBinary),
    Column("default_role", Text, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("is_enabled", Boolean, nullable=False, server_default=true()),
    Column("tested_at", Moment),
)

saml_connections = Table(
    "saml_connections",
    metadata,
    Column("tenant_id", ForeignKey("tenants.tenant_id"), primary_key=True),
    Column("entity_id", Text, nullable=False),
    Column("sso_url", Text, nullable=False),
    Column("certificates", JSON, nullable=False),
    Column("default_role", Text, nullable=False),
    Column("email_attribute", Text),
    Column("name_attribute", Text),
    Column("updated_at", Moment, nullable=False),
    Column("is_enabled", Boolean, nullable=False, server_default=true()),
    Column("tested_at", Moment),
)

# Whose people have to come through their company's sign-in.
sso_policies = Table(
    "sso_policies",
    metadata,
    Column("tenant_id", ForeignKey("tenants.tenant_id"), primary_key=True),
    Column("break_glass_user_id", Text),
    Column("enforced_at", Moment, nullable=False),
    Column("enforced_by", Text, nullable=False),
)

# Our own keys towards a tenant's identity provider: two while one takes over from the other.
saml_keys = Table(
    "saml_keys",
    metadata,
    Column("tenant_id", ForeignKey("tenants.tenant_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("certificate", Text, nullable=False),
    Column("sealed_key", LargeBinary),
    Column("created_at", Moment, nullable=False),
)

# Requests that were answered and assertions that were taken, until nobody could use them again.
saml_used = Table(
    "saml_used",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("used_id", Text, primary_key=True),
    Column("expires_at", Moment, nullable=False, index=True),
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

# What people ask for at no sign-in, such as mails, counted until a day is over.
daily_calls = Table(
    "daily_calls",
    metadata,
    Column("seq", Number, primary_key=True),
    Column("name_hash", LargeBinary, nullable=False, index=True),
    Column("called_at", Moment, nullable=False, index=True),
)
