"""Who makes a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tenants.audit.records import Actor

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A person of the staff, a user of a tenant, or a tenant's key.

    Attributes:
        principal_id: The user's or the key's id.
        tenant_id: Whose it is; None for staff.
        role: The person's role; None for a key.
        permissions: What it may do.
        name: How to address it.
        session_id: The session it came by; None for a key.
        signed_in_at: When that session began.
        rate_limit_per_minute: A key's own limit.
    """

    kind: Literal["staff", "user", "key"]
    principal_id: str
    tenant_id: str | None
    role: str | None
    permissions: frozenset[str]
    name: str
    user_id: str | None = None
    email: str | None = None
    session_id: str | None = None
    signed_in_at: datetime | None = None
    rate_limit_per_minute: int | None = None

    def actor(self, address: str | None = None, user_agent: str | None = None) -> Actor:
        """Return this principal as the audit log names it."""
        return Actor(self.kind, self.principal_id, address, user_agent)
