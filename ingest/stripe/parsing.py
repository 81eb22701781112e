"""From Stripe's bytes to observations and event rows; the bytes themselves are kept as they came."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from ingest.stripe.observation import Observation, Origin
from tenants.stripe_client import API_VERSION


class ObjectHead(msgspec.Struct, frozen=True):
    """What ingest itself needs to know of an object; older shapes and strangers may lack any of it."""

    object: str = ""
    id: str | None = None
    created: int | None = None
    deleted: bool = False
    livemode: bool = False
    customer: Any = None
    discounts: Any = None
    currency: Any = None
    billing_scheme: str | None = None
    tiers: Any = None
    currency_options: Any = None
    items: Any = None
    lines: Any = None


_NULL = msgspec.Raw(b"null")


class EventData(msgspec.Struct, frozen=True):
    """An event's `data`, its object as the bytes that came."""

    object: msgspec.Raw
    previous_attributes: msgspec.Raw = _NULL  # `Raw | None` would refuse every object


class Event(msgspec.Struct, frozen=True):
    """One event, listed or delivered."""

    id: str
    type: str
    created: int
    data: EventData
    api_version: str | None = None
    livemode: bool = False


_HEAD = msgspec.json.Decoder(ObjectHead)
_EVENT = msgspec.json.Decoder(Event)


def head(body: bytes | msgspec.Raw) -> ObjectHead:
    """Return what identifies an object.

    Raises:
        msgspec.MsgspecError: It is no Stripe object.
    """
    return _HEAD.decode(body)


def event(body: bytes | msgspec.Raw) -> Event:
    """Return an event's envelope.

    Raises:
        msgspec.MsgspecError: It is no event.
    """
    return _EVENT.decode(body)


def instant(seconds: int) -> datetime:
    """Return Stripe's Unix seconds as a time in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def present(body: bytes, observed_at: datetime, origin: Origin) -> Observation:
    """Return an object as a list or a fetch shows it: its state at the moment of observation."""
    about = head(body)
    return Observation(
        object_type=about.object,
        object_id=about.id or "",
        body=body,
        observed_at=observed_at,
        origin=origin,
        occurred_at=observed_at,
        api_version=API_VERSION,
        is_deleted=about.deleted,
        livemode=about.livemode,
    )


def from_event(seen: Event, about: ObjectHead, observed_at: datetime, origin: Origin) -> Observation:
    """Return the object that an event carries: its state when the event was made."""
    return Observation(
        object_type=about.object,
        object_id=about.id or "",
        body=bytes(seen.data.object),
        observed_at=observed_at,
        origin=origin,
        occurred_at=instant(seen.created),
        event_id=seen.id,
        event_type=seen.type,
        previous_attributes=_bytes(seen.data.previous_attributes),
        api_version=seen.api_version,
        is_deleted=about.deleted or _deletes(seen.type, about.object),
        livemode=seen.livemode,
    )


def event_row(
    body: bytes | msgspec.Raw, seen: Event, about: ObjectHead, observed_at: datetime, origin: Origin
) -> dict[str, Any]:
    """Return the event's row of `stripe_events`."""
    previous = _bytes(seen.data.previous_attributes)
    return {
        "event_id": seen.id,
        "event_type": seen.type,
        "created_at": instant(seen.created),
        "observed_at": observed_at,
        "origin": origin,
        "api_version": seen.api_version,
        "object_type": about.object,
        "object_id": about.id,
        "livemode": seen.livemode,
        "previous_attributes": previous.decode() if previous else None,
        "body": bytes(body).decode(),
    }


def is_cut(about: ObjectHead) -> bool:
    """Tell whether an event's object lacks what a read brings: what is sent on request, the rest of lists."""
    if about.object == "coupon":  # its products and its amounts in other currencies
        return True
    is_tiered = about.billing_scheme == "tiered"
    if about.object == "price" and (about.currency_options is None or (is_tiered and not about.tiers)):
        return True
    if currencies_without_tiers(about):
        return True
    if _has_ids(about.discounts) or _is_cut_list(about.lines) or _is_cut_list(about.items):
        return True
    items = about.items.get("data") if isinstance(about.items, dict) else None
    return isinstance(items, list) and any(_has_ids(item.get("discounts")) for item in items)


def currencies_without_tiers(about: ObjectHead) -> list[str]:
    """Return the further currencies of a tiered price whose tiers were not sent along."""
    if about.billing_scheme != "tiered" or not isinstance(about.currency_options, dict):
        return []
    return [
        code
        for code, option in about.currency_options.items()
        if code != about.currency and isinstance(option, dict) and not option.get("tiers")
    ]


def is_cut_list(body: bytes | msgspec.Raw, key: str) -> bool:
    """Tell whether a list inside an object was cut."""
    return _is_cut_list(getattr(head(body), key))


def _has_ids(discounts: object) -> bool:
    return isinstance(discounts, list) and any(isinstance(one, str) for one in discounts)


def _is_cut_list(nested: object) -> bool:
    return isinstance(nested, dict) and bool(nested.get("has_more"))


def _deletes(event_type: str, object_type: str) -> bool:
    """A deleted subscription is a canceled one and stays; everything else is gone."""
    return event_type.endswith(".deleted") and object_type != "subscription"


def _bytes(raw: msgspec.Raw) -> bytes | None:
    return None if raw == _NULL else bytes(raw)
