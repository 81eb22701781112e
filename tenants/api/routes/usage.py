"""Use of meters: what a period adds up to, and events from elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Body, Depends, Query

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.api.models import CloudEvent, EventsOut, QuotaOut, ReportedOut, UsageOut
from tenants.catalogue import METERS
from tenants.errors import InvalidInput, Unavailable
from tenants.stores import API_SOURCE, UsageEvent
from tenants.warehouse import Warehouse

if TYPE_CHECKING:
    from tenants.stores import Period, UsageSummary

routes = APIRouter(prefix="/v1/usage", tags=["usage"], route_class=GuardedRoute)

Reader = Annotated[Granted, Depends(allow("usage:read"))]
Recorder = Annotated[Granted, Depends(allow("usage:write"))]
_LONGEST_TEXT = 200
_TYPE = "loki.usage."
_USERS = "users"
_REPORTED = "select meter, used from marts.quota_use where tenant_id = ? and period_start = ?"
_AHEAD = timedelta(minutes=5)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # as the months that can be asked for
_MOST_EVENTS = 1000
_MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"


@routes.get("", summary="Use of a period")
def get_usage(
    granted: Reader,
    month: Annotated[
        str | None, Query(pattern=_MONTH, description="YYYY-MM; left out: the present period.")
    ] = None,
) -> UsageOut:
    """Return the use of the present usage period, or of the one that begins in a month.

    Where a change of the subscription made several begin in that month, the longest of them is meant.
    `used` is what this service has counted, to the call; `reported` is what the published reports
    say, which also count log files and are as old as their build.
    """
    period = granted.period if month is None else _beginning_in(granted, month)
    summary, reported = granted.store.usage(period), _reported(granted, period)
    quotas = [_quota(granted, meter, summary, reported) for meter in METERS]
    if month is None:
        quotas.append(_users(granted, reported))
    return UsageOut(
        period_start=period.start,
        period_end=period.end,
        calls=summary.calls,
        calls_by_module=summary.calls_by_module,
        calls_by_status=summary.calls_by_status,
        success_rate=summary.success_rate,
        quotas=quotas,
    )


@routes.post("/events", status_code=202, summary="Record usage events")
def record_events(
    events: Annotated[list[CloudEvent], Body(min_length=1, max_length=_MOST_EVENTS)], granted: Recorder
) -> EventsOut:
    """Record a batch of CloudEvents as one; an event known by source and id counts once for ever."""
    now = granted.deps.clock.now()
    checked = [_event(number, event, now) for number, event in enumerate(events)]
    recorded = granted.store.record_usage_events(checked, granted.entitlements.period)
    return EventsOut(received=len(events), recorded=recorded, duplicates=len(events) - recorded)


def _beginning_in(granted: Granted, month: str) -> Period:
    """Return the period that begins in a month; of several, where a subscription changed, the longest."""
    first = datetime.fromisoformat(f"{month}-01").replace(tzinfo=UTC)
    beginning, period = [], granted.entitlements.period(first)
    while (period.start.year, period.start.month) <= (first.year, first.month):
        if period.start >= first:
            beginning.append(period)
        period = granted.entitlements.period(period.end)
    return max(beginning, key=lambda each: each.end - each.start)


def _quota(granted: Granted, meter: str, summary: UsageSummary, reported: dict[str, ReportedOut]) -> QuotaOut:
    used, limit = summary.units.get(meter, Decimal(0)), granted.entitlements.quotas.get(meter)
    return _told(granted, meter, used, limit, reported)


def _users(granted: Granted, reported: dict[str, ReportedOut]) -> QuotaOut:
    """Return the seats taken now: a level, not a sum over the period."""
    seats, limit = granted.deps.control.users.seats(granted.tenant.tenant_id), granted.entitlements.user_limit
    return _told(granted, _USERS, Decimal(seats), None if limit is None else Decimal(limit), reported)


def _reported(granted: Granted, period: Period) -> dict[str, ReportedOut]:
    """Return what the tenant's own published file says of the period, by meter."""
    warehouse, tenant_id = Warehouse(granted.deps.settings.state()), granted.tenant.tenant_id
    try:
        build = warehouse.published()
        with warehouse.open_tenant(tenant_id, build.id) as connection:
            rows = connection.execute(_REPORTED, [tenant_id, period.start]).fetchall()
    except Unavailable:
        return {}
    return {meter: ReportedOut(used=used, as_of=build.built_at) for meter, used in rows}


def _told(
    granted: Granted, meter: str, used: Decimal, limit: Decimal | None, reported: dict[str, ReportedOut]
) -> QuotaOut:
    percent = 0.0 if limit is None else 100.0 if limit == 0 else float(used / limit * 100)
    return QuotaOut(
        meter=meter,
        used=used,
        reported=reported.get(meter),
        limit=limit,
        percent=round(percent, 4),
        is_over_limit=limit is not None and used >= limit,
        overage_allowed=granted.entitlements.overage_allowed(meter),
    )


def _event(number: int, event: CloudEvent, now: datetime) -> UsageEvent:
    meter = event.type.removeprefix(_TYPE)
    if not event.type.startswith(_TYPE) or meter not in METERS:
        raise _wrong(number, f"its type must be {_TYPE} and one of {', '.join(METERS)}")
    if event.source == API_SOURCE:
        raise _wrong(number, f"the source {API_SOURCE} is our own; name yours")
    if event.time > now + _AHEAD:
        raise _wrong(number, "its time lies in the future; send it when it has happened")
    if event.time < _EARLIEST:
        raise _wrong(number, "its time lies before the year 2000; send when it happened")
    return UsageEvent(
        source=event.source,
        record_id=event.id,
        meter=meter,
        units=_units(number, event),
        occurred_at=event.time,
        module=_text(number, event, "module"),
        endpoint=_text(number, event, "endpoint"),
    )


def _units(number: int, event: CloudEvent) -> Decimal:
    given = event.data.get("units", 1)
    if isinstance(given, bool) or not isinstance(given, int | str | float):
        raise _wrong(number, "data.units must be a number")
    try:
        return Decimal(str(given))
    except InvalidOperation:
        raise _wrong(number, "data.units must be a number") from None


def _text(number: int, event: CloudEvent, name: str) -> str | None:
    given = event.data.get(name)
    if given is not None and not _is_short_text(given):
        raise _wrong(number, f"data.{name} must be a text of at most 200 characters")
    return given


def _is_short_text(given: object) -> bool:
    """Return whether it is a text that every database keeps: without NUL and without halves of characters."""
    is_short = isinstance(given, str) and len(given) <= _LONGEST_TEXT and "\0" not in given
    return is_short and not any("\ud800" <= each <= "\udfff" for each in str(given))


def _wrong(number: int, what: str) -> InvalidInput:
    message = f"Event {number} of the batch: {what}. Nothing of the batch was recorded."
    return InvalidInput(message, "invalid_event", event=number)
