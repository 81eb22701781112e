"""Billing meters and the usage reported to them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from orchestration.demo.sandbox.billing.usage import aggregate
from orchestration.demo.sandbox.errors import ApiError, Json, missing
from orchestration.demo.sandbox.ids import base62
from orchestration.demo.sandbox.lists import PAGE, cut, envelope, listing
from orchestration.demo.sandbox.params import Spec, anything, choice, integer, mapping, text
from orchestration.demo.sandbox.periods import DAY, HOUR
from orchestration.demo.sandbox.routing import retrieval, route

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

_KEY = Spec(event_payload_key=text, type=text)
_METER = Spec(
    "display_name event_name default_aggregation",
    customer_mapping=_KEY,
    default_aggregation=Spec("formula", formula=choice("count", "last", "sum")),
    display_name=text,
    event_name=text,
    event_time_window=choice("day", "hour"),
    value_settings=_KEY,
)
_OLDEST, _AHEAD = 35 * DAY, 300


@route("POST /v1/billing/meters")
def create(account: Account, form: Json) -> Json:
    """Create a meter."""
    values = _METER.read(form)
    if any(each["event_name"] == values["event_name"] for each in account.store.of("billing.meter")):
        message = f"A meter with event name {values['event_name']} already exists."
        raise ApiError(message, code="resource_already_exists", param="event_name")
    meter: Json = {
        "id": account.ids.new("mtr"),
        "object": "billing.meter",
        "created": account.now,
        "customer_mapping": {"event_payload_key": "stripe_customer_id", "type": "by_id"},
        "default_aggregation": values["default_aggregation"],
        "display_name": values["display_name"],
        "event_name": values["event_name"],
        "event_time_window": values.get("event_time_window"),
        "livemode": False,
        "status": "active",
        "status_transitions": {"deactivated_at": None},
        "updated": account.now,
        "value_settings": {"event_payload_key": "value"},
    }
    for field in ("customer_mapping", "value_settings"):
        meter[field].update(values.get(field) or {})
    return account.add(meter, "billing.meter.created")


@route("POST /v1/billing/meters/{id}")
def update(account: Account, form: Json, meter_id: str) -> Json:
    """Rename a meter."""
    meter = account.get("billing.meter", meter_id)
    values = Spec(display_name=text).read(form)
    return _set(account, meter, "billing.meter.updated", display_name=values.get("display_name"))


@route("POST /v1/billing/meters/{id}/deactivate")
def deactivate(account: Account, _form: Json, meter_id: str) -> Json:
    """Let a meter take no more events."""
    meter = account.get("billing.meter", meter_id)
    transitions = {"deactivated_at": account.now}
    return _set(
        account, meter, "billing.meter.deactivated", status="inactive", status_transitions=transitions
    )


@route("POST /v1/billing/meters/{id}/reactivate")
def reactivate(account: Account, _form: Json, meter_id: str) -> Json:
    """Let a meter take events again."""
    meter = account.get("billing.meter", meter_id)
    transitions = {"deactivated_at": None}
    return _set(account, meter, "billing.meter.reactivated", status="active", status_transitions=transitions)


def _set(account: Account, meter: Json, event: str, **fields: object) -> Json:
    before = account.snapshot(meter)
    meter.update({name: value for name, value in fields.items() if value is not None}, updated=account.now)
    account.saved(meter, before, None, event)
    return meter


_EVENT = Spec("event_name payload", event_name=text, identifier=text, payload=mapping, timestamp=integer)


@route("POST /v1/billing/meter_events")
def report(account: Account, form: Json) -> Json:
    """Report usage; an identifier counts once."""
    values = _EVENT.read(form)
    meter = _active(account, values["event_name"])
    payload = values["payload"]
    customer_id = payload.get(meter["customer_mapping"]["event_payload_key"], "")
    account.get("customer", customer_id, "payload[stripe_customer_id]", status=400)
    value = _value(payload, meter)
    at = values.get("timestamp") or account.now
    if not account.now - _OLDEST <= at <= account.now + _AHEAD:
        message = "The timestamp must be within the past 35 calendar days or up to 5 minutes in the future."
        raise ApiError(message, code="timestamp_too_far_in_past", param="timestamp")
    identifier = values.get("identifier") or account.ids.new("mev")
    if not account.usage.report(identifier, meter["event_name"], customer_id, (at, value)):
        message = f"An event already exists with identifier {identifier}."
        raise ApiError(message, code="duplicate_meter_event", param="identifier")
    return {
        "object": "billing.meter_event",
        "created": account.now,
        "event_name": meter["event_name"],
        "identifier": identifier,
        "livemode": False,
        "payload": payload,
        "timestamp": at,
    }


def _active(account: Account, name: str) -> Json:
    for meter in account.store.of("billing.meter"):
        if meter["event_name"] == name and meter["status"] == "active":
            return meter
    message = f"No active meter found for event name {name}."
    raise ApiError(message, code="resource_missing", param="event_name")


def _value(payload: dict[str, str], meter: Json) -> Decimal:
    key = meter["value_settings"]["event_payload_key"]
    if meter["default_aggregation"]["formula"] == "count" and key not in payload:
        return Decimal(1)
    try:
        return Decimal(payload[key])
    except (KeyError, InvalidOperation):
        message = f"Invalid meter event: `payload[{key}]` must be a number."
        raise ApiError(message, param=f"payload[{key}]") from None


@route("POST /v1/billing/meter_event_adjustments")
def adjust(account: Account, form: Json) -> Json:
    """Take reported usage back."""
    cancel = Spec("identifier", identifier=text)
    values = Spec("event_name type cancel", event_name=text, type=choice("cancel"), cancel=cancel).read(form)
    if not account.usage.cancel(values["cancel"]["identifier"]):
        raise missing(values["cancel"]["identifier"], "meter event", "cancel[identifier]", status=400)
    return {
        "object": "billing.meter_event_adjustment",
        "cancel": values["cancel"],
        "event_name": values["event_name"],
        "livemode": False,
        "status": "complete",
        "type": "cancel",
    }


_SUMMARY = PAGE.with_(
    "customer start_time end_time",
    customer=text,
    start_time=integer,
    end_time=integer,
    value_grouping_window=choice("day", "hour"),
    dimension_filters=anything,
)


@route("GET /v1/billing/meters/{id}/event_summaries")
def summaries(account: Account, form: Json, meter_id: str) -> Json:
    """Add up a customer's usage, whole or by hour or day, newest first."""
    meter = account.get("billing.meter", meter_id)
    values = _SUMMARY.read(form)
    start, end = values["start_time"], values["end_time"]
    width = {"day": DAY, "hour": HOUR}.get(values.get("value_grouping_window") or "", max(1, end - start))
    found = []
    for begin in range(start, end, width):
        until = min(begin + width, end)
        value = aggregate(account, meter, values["customer"], begin, until)
        if value or width >= end - start:
            found.append(_summary(meter, begin, until, value))
    data, has_more = cut(reversed(found), values, lambda each: each["id"], "billing.meter_event_summary")
    return envelope(data, f"/v1/billing/meters/{meter_id}/event_summaries", has_more=has_more)


def _summary(meter: Json, start: int, end: int, value: Decimal) -> Json:
    return {
        "id": f"mtrusg_{base62(start, 7)}{base62(end, 7)}",
        "object": "billing.meter_event_summary",
        "aggregated_value": float(value),
        "end_time": end,
        "livemode": False,
        "meter": meter["id"],
        "start_time": start,
    }


retrieval("billing.meter", "/v1/billing/meters")
listing("billing.meter", "/v1/billing/meters", status=text)
