"""What a row of a usage log must hold, and what it becomes in `usage_records`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

import msgspec

DEFAULT_SOURCE = "usage_logs"
PLACES = 6
MOST_UNITS = 10**12
CLOCK_SKEW = timedelta(days=1)
REQUIRED = ("tenant_id", "record_id", "meter", "occurred_at")

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class UsageRow(msgspec.Struct, frozen=True, kw_only=True):
    """One reported use.

    Attributes:
        tenant_id: Whose use it is.
        source: Who reports it; with `tenant_id` and `record_id` the identity for ever.
        record_id: Its name at the source.
        meter: What is metered, such as `conversations`.
        units: How much, exactly, at most six decimal places.
        occurred_at: When, with its offset from UTC.
        module: The module used, null where none.
        endpoint: The endpoint called, null where none.
        status_code: The HTTP status of the call, null where it was none.
        succeeded: Whether it succeeded; by default whether the status says so.
    """

    tenant_id: Name
    record_id: Name
    meter: Name
    occurred_at: datetime
    source: Name = DEFAULT_SOURCE
    units: Decimal = Decimal(1)
    module: str | None = None
    endpoint: str | None = None
    status_code: Annotated[int, msgspec.Meta(ge=100, le=599)] | None = None
    succeeded: bool | None = None


def parse(row: dict[str, Any], now: datetime) -> UsageRow:
    """Return a row of a log file as usage.

    Args:
        row: Its fields by name, or a CloudEvent.
        now: The present; use from the future does not fit.

    Raises:
        ValueError: A field is missing or does not fit; the message names it.
    """
    fields = _from_cloud_event(row) if "specversion" in row else row
    given = {name: _plain(value) for name, value in fields.items() if value not in (None, "")}
    if missing := [name for name in REQUIRED if name not in given]:
        message = f"without {', '.join(missing)}"
        raise ValueError(message)
    usage = msgspec.convert(given, UsageRow, strict=False)
    if problem := _misfit(usage, now):
        raise ValueError(problem)
    return usage


def _misfit(usage: UsageRow, now: datetime) -> str | None:
    units = usage.units
    if not units.is_finite() or units < 0 or units >= MOST_UNITS:
        return f"units {units} are no number from 0 to below {MOST_UNITS}"
    if units != round(units, PLACES):
        return f"units {units} have more than {PLACES} decimal places"
    if "\0" in usage.tenant_id:
        return "tenant_id holds a NUL character"
    if usage.occurred_at.tzinfo is None:
        return f"occurred_at {usage.occurred_at.isoformat()} names no offset from UTC; write …Z or …+00:00"
    if usage.occurred_at > now + CLOCK_SKEW:
        return f"occurred_at {usage.occurred_at.isoformat()} is in the future"
    return None


def as_record(usage: UsageRow, observed_at: datetime) -> dict[str, Any]:
    """Return the row of `usage_records`."""
    succeeded = usage.succeeded
    if succeeded is None:
        succeeded = usage.status_code is None or usage.status_code < 400  # noqa: PLR2004 - HTTP's own number
    return msgspec.structs.asdict(usage) | {
        "succeeded": succeeded,
        "occurred_at": usage.occurred_at.astimezone(UTC),
        "observed_at": observed_at,
    }


def _from_cloud_event(event: dict[str, Any]) -> dict[str, Any]:
    """CloudEvents 1.0: id, source and time are its own, the rest is in `data`, the tenant or `subject`."""
    data = event.get("data")
    facts = data if isinstance(data, dict) else {}
    return {
        "tenant_id": event.get("subject"),
        "meter": str(event.get("type", "")).rpartition(".")[2],
        **facts,
        "record_id": event.get("id"),
        "source": event.get("source"),
        "occurred_at": event.get("time"),
    }


def _plain(value: object) -> object:
    """Floats of a Parquet or JSON file become the decimal they are written as."""
    return Decimal(repr(value)) if isinstance(value, float) else value
