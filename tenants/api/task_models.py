"""What the routes of the staff's background work take and give."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic needs it at run time
from decimal import Decimal  # noqa: TC003 - as above
from typing import Any, Literal

from pydantic import Field

from tenants.api.fields import In, Moment, Out, Short
from tenants.tasks.records import Kind  # noqa: TC001 - pydantic needs it at run time

_AT = "2026-11-26T01:00:00Z"


class TaskOut(Out):
    """Something that is done in the background; asked for again while it is not done, it is the same one."""

    task_id: str = Field(examples=["task_5k8w3rv0x1n6q2zj"])
    kind: Kind = Field(examples=["compare_billing"])
    state: Literal["waiting", "running", "done", "failed"] = Field(examples=["done"])
    tenant_id: str | None = Field(description="The one tenant it is about.", examples=[None])
    parameters: dict[str, Any] = Field(examples=[{"repair": True}])
    asked_by: str = Field(examples=["staff:usr_2zq0d1x8k6v9m3ta"])
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    done: int = Field(description="How many of `total` are done, while it runs.", examples=[50])
    total: int = Field(description="0 where it is not known.", examples=[50])
    outcome: dict[str, int] | None = Field(
        description="What it did, in numbers, once it is done.", examples=[{"differences": 1, "tenants": 1}]
    )
    failure: str | None = Field(description="Why it could not be done.", examples=[None])


class FindingOut(Out):
    """What a task found about one tenant."""

    tenant_id: str
    detail: dict[str, Any] = Field(examples=[{"failure": "There is no such tenant; check the id."}])


class TaskWithFindingsOut(TaskOut):
    """A task with what it found."""

    findings: list[FindingOut]


class CompareIn(In):
    """How billing is compared with Stripe."""

    repair: bool = Field(default=True, description="Take in what Stripe says where we differ.")


class DifferenceOut(Out):
    """One field in which we and Stripe did not agree."""

    tenant_id: str
    object_id: str = Field(description="Stripe's.", examples=["sub_1SxQ2mLkdIwHu7ix"])
    field: str = Field(
        description="`second_subscription` where more than one of a customer is live: `stripes` names them.",
        examples=["status"],
    )
    ours: str = Field(description="`unknown` where we had never heard of the object.", examples=["active"])
    stripes: str = Field(examples=["past_due"])


class ComparisonOut(TaskOut):
    """A comparison with the differences it found."""

    differences: list[DifferenceOut]


class ChargeOut(Out):
    """A charge for use above a quota."""

    charge_key: str = Field(examples=["overage:ten_22vv5wkc81mkr8zt:api_calls:2026-10-01:2500"])
    tenant_id: str
    meter: str
    period_start: datetime
    period_end: datetime
    units: Decimal = Field(examples=["2500"])
    amount: Decimal = Field(examples=["2.50"])
    currency: str = Field(examples=["USD"])
    state: Literal["waiting", "failing", "sent"] = Field(
        description="failing: the last attempt to send it failed; it is tried again.", examples=["sent"]
    )
    created_at: datetime
    attempts: int
    failure: str | None = Field(examples=[None])
    sent_at: datetime | None
    invoice_item_id: str | None = Field(examples=["ii_1SxQ2mLkdIwHu7ix"])


class PricesOut(Out):
    """How the catalogue stands to Stripe's prices."""

    missing: list[str] = Field(
        description="Lookup keys of prices that Stripe lacks.", examples=[["loki_starter_month_gbp"]]
    )


class WaitingEventOut(Out):
    """An event of Stripe's that is not applied yet."""

    event_id: str = Field(examples=["evt_1SxQ2mLkdIwHu7ix"])
    event_type: str = Field(examples=["customer.subscription.updated"])
    created_at: datetime
    received_at: datetime
    attempts: int
    failure: str | None = Field(examples=["Stripe does not answer; try again."])


class InboxOut(Out):
    """What waits in the inbox of Stripe's events, and what was turned away."""

    waiting: list[WaitingEventOut]
    rejections: dict[str, int] = Field(
        description="How many webhooks were not kept, by reason.", examples=[{"forged": 2, "expired": 1}]
    )


class BackupStandingOut(Out):
    """How one tenant's backups stand."""

    tenant_id: str
    slug: str
    newest_at: datetime | None = Field(description="Null without any.", examples=[_AT])
    size: int | None = Field(description="The newest one's, in bytes.", examples=[770])
    backups: int = Field(examples=[30])
    verified_at: datetime | None = Field(description="When one was last read to its end.", examples=[_AT])
    verified_backup_at: datetime | None = Field(description="When that one was made.", examples=[_AT])
    is_sound: bool | None = Field(
        description="Whether it was whole; null where none was read.", examples=[True]
    )
    failure: str | None = Field(description="What was wrong with it.", examples=[None])


class VerifyIn(In):
    """Which backup to read."""

    at: Moment = Field(description="A time from the list of the tenant's backups.", examples=[_AT])


class StoreStandingOut(Out):
    """How one tenant's store stands to the newest schema."""

    tenant_id: str
    step: int | None = Field(description="Null where it cannot be read.", examples=[3])
    newest_step: int = Field(examples=[3])
    state: Literal["unreadable", "behind", "ahead", "current"] = Field(
        description="ahead: a newer version of the platform migrated it.", examples=["current"]
    )
    failure: str | None = Field(description="Why it cannot be read.", examples=[None])


class DueErasureOut(Out):
    """A tenant that is to be erased now."""

    anonymous_id: str = Field(examples=["erased_epkzh14664zdf6sm"])
    tenant_id: str
    slug: str
    name: str
    due_at: datetime
    places: dict[str, int] = Field(
        description="Rows and files it would remove in control plane, store and backups, by place.",
        examples=[{"store: validation_runs": 461, "backups: files": 30}],
    )


class EraseDueIn(In):
    """The confirmation of erasures that are due."""

    slugs: list[Short] = Field(
        description="The slug of each tenant that is to be erased, so that nothing goes by mistake.",
        min_length=1,
        max_length=1000,
        examples=[["acme-wealth"]],
    )
