"""What the control plane's routes take and give."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic needs it at run time
from decimal import Decimal  # noqa: TC003 - as above
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tenants.api.fields import In, Moment, Name, Out, Short, Text, Units, left_out


class TenantOut(Out):
    """A tenant."""

    tenant_id: str
    name: str
    slug: str
    plan: str
    status: str
    region: str
    time_zone: str
    language: str
    billing_email: str | None
    modules: list[str] | None = Field(description="Those switched on; null is all of the plan.")
    retention_days: int
    is_audited: bool
    keeps_documents: bool
    deactivated_at: datetime | None
    closed_at: datetime | None
    stripe_customer_id: str | None
    cancel_at_period_end: bool
    payment_failures: int
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str


class TenantIn(In):
    """A new tenant, made by the platform's operator."""

    name: Name = Field(examples=["Acme Wealth Ltd"])
    plan: Short = Field(examples=["starter"])
    slug: Short | None = Field(None, examples=["acme-wealth"])
    billing_email: Short | None = Field(None, examples=["billing@acme.example"])
    region: Short | None = None
    time_zone: Short | None = Field(None, examples=["Europe/London"])
    language: Short | None = Field(None, examples=["en"])


class OverridesIn(In):
    """What a tenant has beside its plan; what is left out is as the plan says."""

    quotas: dict[Short, Units | None] = Field(
        default_factory=dict,
        max_length=20,
        description="Units a period by meter; null is unlimited.",
        examples=[{"api_calls": "20000"}],
    )
    user_limit: int | None = Field(None, ge=0, le=1_000_000)
    rate_limit_per_minute: int | None = Field(None, ge=1, le=1_000_000)
    features: tuple[Short, ...] = Field((), max_length=20)
    overage_allowed: bool | None = None


class TenantChange(In):
    """What a tenant changes of itself; what is left out stays."""

    name: Name = Field(default_factory=left_out)
    billing_email: Short | None = Field(None, description="Null takes it away.")
    time_zone: Short = Field(default_factory=left_out)
    language: Short = Field(default_factory=left_out)
    modules: list[Short] | None = Field(None, max_length=50, description="Null is all of the plan.")
    retention_days: int = Field(default_factory=left_out, ge=1, le=3650)
    is_audited: bool = Field(default_factory=left_out)
    keeps_documents: bool = Field(default_factory=left_out)
    plan: Short = Field(
        default_factory=left_out, description="Staff only; a tenant changes it with its subscription."
    )
    overrides: OverridesIn | None = Field(None, description="Staff only: limits and features of its own.")


class ReasonIn(In):
    """Why; kept in the tenant's audit trail, where it goes with the tenant's key."""

    reason: Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)] = Field(
        examples=["Chargeback dispute, ticket 4711"]
    )


class UserOut(Out):
    """A user of the tenant."""

    user_id: str
    email: str
    name: str
    role: str
    status: str
    time_zone: str | None
    language: str | None
    notifications: dict[str, bool]
    sign_in_count: int
    last_active_at: datetime | None
    created_at: datetime


class UserIn(In):
    """A new user; without a password they are invited."""

    email: Annotated[str, StringConstraints(max_length=320)] = Field(examples=["ada@acme.example"])
    name: Annotated[Text, StringConstraints(max_length=200)] = Field("", examples=["Ada Okafor"])
    role: Short = Field("agent", examples=["agent"])
    password: Annotated[str, StringConstraints(max_length=256)] | None = Field(None, repr=False)


class UserChange(In):
    """What changes of a user; what is left out stays."""

    name: Name = Field(default_factory=left_out)
    role: Short = Field(default_factory=left_out)
    time_zone: Short | None = Field(None, description="Null is the tenant's.")
    language: Short | None = Field(None, description="Null is the tenant's.")
    notifications: dict[Short, bool] = Field(default_factory=left_out, max_length=20)


class ApiKeyOut(Out):
    """A key as it is listed."""

    key_id: str
    name: str
    hint: str = Field(description="Its last characters.")
    permissions: list[str]
    rate_limit_per_minute: int | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    replaces: str | None


class ApiKeyIn(In):
    """A new key; without permissions it may validate, correct and read results and usage."""

    name: Name = Field(examples=["build server"])
    permissions: list[Short] | None = Field(None, max_length=50, examples=[["documents:validate"]])
    expires_at: Moment | None = None
    rate_limit_per_minute: int | None = Field(None, ge=1, le=100_000)


class IssuedKeyOut(ApiKeyOut):
    """A new key with its text, which is shown this once."""

    key: str


class RotationIn(In):
    """How long the old key goes on beside the new one."""

    overlap_seconds: int = Field(0, ge=0, le=7 * 86400)


class ReportedOut(BaseModel):
    """What the reports count for the same meter and period: also use that only came by log files."""

    used: Decimal
    as_of: datetime = Field(description="When the published reports were built.")


class QuotaOut(BaseModel):
    """A meter's quota in the period."""

    meter: str
    used: Decimal = Field(
        description="What this service has counted: calls and events. It decides on quotas and overage."
    )
    reported: ReportedOut | None = Field(description="Null where nothing is published for the period yet.")
    limit: Decimal | None = Field(description="Null is unlimited.")
    percent: float = Field(description="0 where unlimited; 100 and more is over the limit.")
    is_over_limit: bool
    overage_allowed: bool


class UsageOut(BaseModel):
    """Use of one period."""

    period_start: datetime
    period_end: datetime
    calls: int
    calls_by_module: dict[str, int]
    calls_by_status: dict[str, int]
    success_rate: float | None
    quotas: list[QuotaOut]


class CloudEvent(BaseModel):
    """One use of a meter, as a CloudEvent 1.0 of type `loki.usage.<meter>`."""

    model_config = ConfigDict(extra="allow")

    specversion: str = Field(pattern=r"^1\.0$", examples=["1.0"])
    id: Annotated[Text, StringConstraints(min_length=1, max_length=200)] = Field(examples=["conv-81"])
    source: Annotated[Text, StringConstraints(min_length=1, max_length=200)] = Field(examples=["chat"])
    type: Annotated[str, StringConstraints(max_length=100)] = Field(examples=["loki.usage.conversations"])
    time: Moment
    data: dict[str, Any] = Field(default_factory=dict, examples=[{"units": "1"}])


class EventsOut(BaseModel):
    """What became of a batch: events that were known already count once."""

    received: int
    recorded: int
    duplicates: int


class AuditOut(BaseModel):
    """An audit entry."""

    seq: int
    at: datetime
    actor_kind: str
    actor_id: str
    action: str
    object_type: str
    object_id: str
    detail: dict[str, Any]
    personal: dict[str, Any] | None
    entry_hash: str


class PlatformAuditOut(AuditOut):
    """An audit entry of any tenant, or of the platform itself."""

    tenant_id: str | None = Field(description="Null for what concerns no tenant.")


class LoggedRequestOut(BaseModel):
    """A request that was answered; `route` is the pattern, not the path."""

    seq: int
    at: datetime
    actor_kind: str
    actor_id: str
    method: str
    route: str
    status_code: int


class SessionOut(BaseModel):
    """Who is signed in."""

    kind: str
    user_id: str | None
    tenant_id: str | None
    role: str | None
    name: str
    permissions: list[str]
