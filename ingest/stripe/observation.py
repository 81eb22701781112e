"""One sighting of one Stripe object: the unit that ingest lands and the warehouse folds."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec needs it at run time
from typing import Literal

import msgspec

Origin = Literal["event", "webhook", "list", "fetch"]


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """A Stripe object as it was seen, whole, at one moment.

    Attributes:
        object_type: Stripe's `object`, such as `subscription` or `billing.meter`.
        object_id: Stripe's id.
        body: The object's JSON exactly as received (for an event: `data.object`).
        observed_at: When we saw it.
        origin: How we came to see it.
        occurred_at: When it became so: the event's `created`; for lists the moment of observation.
        event_id: The event that carried it, null for lists and fetches.
        event_type: That event's type.
        previous_attributes: That event's `data.previous_attributes` as JSON, null where it has none.
        api_version: The version the body is rendered in.
        is_deleted: A tombstone: the object is gone from `occurred_at` on.
        livemode: Stripe's live or test mode.
    """

    object_type: str
    object_id: str
    body: bytes
    observed_at: datetime
    origin: Origin
    occurred_at: datetime
    event_id: str | None = None
    event_type: str | None = None
    previous_attributes: bytes | None = None
    api_version: str | None = None
    is_deleted: bool = False
    livemode: bool = False
