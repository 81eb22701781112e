"""The control plane's tables; a change here comes with a migration in `migrations/versions`."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from tenants.control.types import Moment

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_by_%(column_0_N_name)s",
        "uq": "%(table_name)s_unique_%(column_0_N_name)s",
        "fk": "%(table_name)s_%(column_0_name)s_exists",
        "pk": "%(table_name)s_key",
    }
)
# SQLite numbers rows by itself only where the key is INTEGER.
Number = BigInteger().with_variant(Integer, "sqlite")

tenants = Table(
    "tenants",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False, unique=True),
    Column("plan", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("billing_email", Text),
    Column("modules", JSON(none_as_null=True)),
    Column("overrides", JSON, nullable=False),
    Column("retention_days", Integer, nullable=False),
    Column("is_audited", Boolean, nullable=False),
    Column("keeps_documents", Boolean, nullable=False),
    Column("stripe_customer_id", Text, unique=True),
    Column("stripe_subscription_id", Text),
    Column("usage_anchor_at", Moment),
    Column("cancel_at_period_end", Boolean, nullable=False),
    Column("payment_failures", Integer, nullable=False),
    Column("deactivated_at", Moment),
    Column("closed_at", Moment),
    Column("erased_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("updated_by", Text, nullable=False),
    # Where usage months were counted from before, and above what use was charged.
    Column("earlier", JSON, nullable=False, server_default="{}"),
)

users = Table(
    "users",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("tenant_id", ForeignKey("tenants.tenant_id")),
    Column("email", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("password_hash", Text),
    Column("time_zone", Text),
    Column("language", Text),
    Column("notifications", JSON, nullable=False),
    Column("sign_in_count", Integer, nullable=False),
    Column("last_active_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("tenant_id", "email"),
)
Index("staff_by_email", users.c.email, unique=True, sqlite_where=users.c.tenant_id.is_(None),
      postgresql_where=users.c.tenant_id.is_(None))  # fmt: skip

# Invitations and password resets: shown once in an e-mail, kept as hashes, used once.
one_time_tokens = Table(
    "one_time_tokens",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("user_id", ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("purpose", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

sessions = Table(
    "sessions",
    metadata,
    Column("session_id", Text, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("user_id", ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("method", Text, nullable=False),
    Column("address", Text),
    Column("created_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("tenant_id", ForeignKey("tenants.tenant_id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("key_hash", LargeBinary, nullable=False, unique=True),
    Column("hint", Text, nullable=False),
    Column("permissions", JSON, nullable=False),
    Column("rate_limit_per_minute", Integer),
    Column("created_at", Moment, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires_at", Moment),
    Column("revoked_at", Moment),
    Column("last_used_at", Moment),
    Column("replaces", Text),
)

# One row: raised by every change that access depends on, so that no process decides on old facts.
access_generation = Table(
    "access_generation",
    metadata,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("generation", BigInteger, nullable=False),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("idempotency_key", Text, primary_key=True),
    Column("request_hash", Text, nullable=False),
    Column("status_code", Integer, nullable=False),
    Column("response", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
)

webhook_inbox = Table(
    "webhook_inbox",
    metadata,
    Column("seq", Number, primary_key=True),
    Column("event_id", Text, nullable=False, unique=True),
    Column("event_type", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("applied_at", Moment),
    Column("attempts", Integer, nullable=False),
    Column("failure", Text),
    sqlite_autoincrement=True,
)
Index("webhook_inbox_waiting", webhook_inbox.c.seq, sqlite_where=webhook_inbox.c.applied_at.is_(None),
      postgresql_where=webhook_inbox.c.applied_at.is_(None))  # fmt: skip

webhook_rejections = Table(
    "webhook_rejections",
    metadata,
    Column("reason", Text, primary_key=True),
    Column("rejections", BigInteger, nullable=False),
)

# The newest known state of each customer, subscription and invoice; a tenant's billing state is read from it.
billing_facts = Table(
    "billing_facts",
    metadata,
    Column("object_id", Text, primary_key=True),
    Column("object_type", Text, nullable=False),
    Column("customer_id", Text, nullable=False, index=True),
    Column("fact_at", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# What is encrypted under a tenant's key is gone once the key is destroyed.
tenant_keys = Table(
    "tenant_keys",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("wrapped_key", LargeBinary),
    Column("created_at", Moment, nullable=False),
    Column("destroyed_at", Moment),
)

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("seq", Number, primary_key=True),
    Column("tenant_id", Text, index=True),
    Column("at", Moment, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object_type", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("personal", LargeBinary),
    Column("previous_hash", LargeBinary, nullable=False),
    Column("entry_hash", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

mail_outbox = Table(
    "mail_outbox",
    metadata,
    Column("mail_key", Text, primary_key=True),
    Column("tenant_id", Text, index=True),
    Column("user_id", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("facts", LargeBinary),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("attempts", Integer, nullable=False),
    Column("failure", Text),
    Column("held_until", Moment),
)

# Several tenants may claim a domain; one proves by DNS that it is theirs.
domains = Table(
    "domains",
    metadata,
    Column("domain", Text, primary_key=True),
    Column("tenant_id", ForeignKey("tenants.tenant_id"), primary_key=True, index=True),
    Column("token", Text, nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("checked_at", Moment),
    Column("verified_at", Moment),
)
Index("domains_verified", domains.c.domain, unique=True, sqlite_where=domains.c.verified_at.is_not(None),
      postgresql_where=domains.c.verified_at.is_not(None))  # fmt: skip

brandings = Table(
    "brandings",
    metadata,
    Column("tenant_id", ForeignKey("tenants.tenant_id"), primary_key=True),
    Column("primary_colour", Text, nullable=False),
    Column("accent_colour", Text, nullable=False),
    Column("font", Text, nullable=False),
    Column("css", Text, nullable=False),
    Column("logo", LargeBinary),
    Column("updated_at", Moment, nullable=False),
)

# Who asked to be erased, by when, and what was; a tenant that is gone is named by a keyed hash alone.
erasures = Table(
    "erasures",
    metadata,
    Column("anonymous_id", Text, primary_key=True),
    Column("tenant_hash", Text, nullable=False, unique=True),
    Column("tenant_id", Text),
    Column("requested_at", Moment, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("subjects", JSON, nullable=False),
    Column("erased_at", Moment),
    Column("certificate", JSON),
)
