"""What the routes of backups, erasures, sessions and the audit's proof take and give."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic needs it at run time
from typing import Any

from pydantic import Field

from tenants.api.fields import In, Moment, Out, Short


class PersonSessionOut(Out):
    """One session of the signed-in person."""

    session_id: str
    method: str = Field(description="How they signed in: password, oidc or saml.", examples=["password"])
    address: str | None = Field(examples=["192.0.2.7"])
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    is_current: bool = Field(description="Whether this request came in it.")


class EndedOut(Out):
    """How many sessions ended."""

    ended: int = Field(examples=[2])


class BackupOut(Out):
    """A backup, sealed with the tenant's own key."""

    at: datetime = Field(description="Names it: a restore asks for this time.")
    size: int = Field(description="Bytes.", examples=[770])


class RestoreIn(In):
    """Which backup to restore, and whether into a new tenant."""

    at: Moment = Field(description="A time from the list of backups.", examples=["2026-11-26T01:00:00Z"])
    as_new: Short | None = Field(
        None, description="Slug of a new tenant to restore into.", examples=["acme-copy"]
    )


class RestoredOut(Out):
    """What a restore made or replaced."""

    tenant_id: str
    slug: str = Field(examples=["acme-copy"])


class ErasureIn(In):
    """The confirmation of an erasure."""

    slug: Short = Field(
        description="The tenant's slug, so that nobody asks by mistake.", examples=["acme-wealth"]
    )


class ErasureOut(Out):
    """A request to erase a tenant, with its certificate once that is done.

    What is kept under the anonymous id: amounts and dates of financial records. The entries of the audit
    trail keep the tenant's random id, because the proof that nothing was cut covers it; what they held of
    people is encrypted with a key that was destroyed.
    """

    anonymous_id: str = Field(examples=["erased_epkzh14664zdf6sm"])
    tenant_id: str | None = Field(description="Null once it is erased.")
    requested_at: datetime
    due_at: datetime = Field(description="The day by which it happens.")
    erased_at: datetime | None
    certificate: dict[str, Any] | None = Field(
        description=(
            "Rows and files erased, by place, what was ended at Stripe, and what was kept and why; not whole "
            "until `erased_at` is set."
        )
    )


class AuditVerdictOut(Out):
    """Whether the audit trail is whole."""

    is_sound: bool
    entries: int
    heads: int = Field(description="Signed heads that were compared.")
    first_broken: int | None = Field(description="The first entry that does not follow from the one before.")
    missing: list[int] = Field(description="Entries that a signed head vouches for and that are gone.")
    forged: list[int] = Field(description="Lines of the file of heads that were not signed here.")
    public_key: str = Field(description="Checks signatures of heads: Ed25519, base64.")


class EntitlementsOut(Out):
    """What a tenant may use now: its plan with what is its own."""

    plan: str = Field(examples=["professional"])
    modules: list[str]
    features: list[str]
    quotas: dict[str, str | None] = Field(description="Units a period by meter; null is unlimited.")
    user_limit: int | None = Field(description="Null is unlimited.")
    active_users: int
    rate_limit_per_minute: int
    overage_meters: list[str] = Field(description="Meters whose use above the quota is charged, not refused.")
    overrides: dict[str, Any] = Field(description="What differs from the plan.")
