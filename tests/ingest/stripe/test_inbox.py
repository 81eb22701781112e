"""Webhooks that the control plane acknowledged land through its own inbox, once, beside the listed events."""

from __future__ import annotations

import hashlib
import hmac
from contextlib import closing
from typing import TYPE_CHECKING, Any

import orjson

from ingest.stripe.sync import sync
from tenants.billing.inbox import Inbox
from tenants.control import ControlPlane
from tests.ingest.stripe.factories import customer, event

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.landing import LandingZone
    from ingest.settings import IngestSettings
    from tenants.clock import FixedClock
    from tests.ingest.stripe.fake_stripe import FakeStripe

SECRET = "whsec_made_up"


def signed(payload: bytes, now: datetime) -> str:
    moment = int(now.timestamp())
    digest = hmac.new(SECRET.encode(), f"{moment}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def test_an_acknowledged_webhook_lands_once_though_the_event_is_also_listed(
    account: FakeStripe, settings: IngestSettings, landing: LandingZone, clock: FixedClock
) -> None:
    delivered, listed_too = event(1, customer(1, name="a")), event(2, customer(2, name="b"))
    account.objects["event"] = [listed_too]
    platform = settings.model_copy(
        update={
            "stripe_webhook_secret": type(settings.stripe_api_key)(SECRET),
            "secret_key": type(settings.stripe_api_key)("k" * 40),
        }
    )
    with closing(ControlPlane.open(platform, clock)) as control:
        inbox = Inbox(control)
        for one in (delivered, listed_too, delivered):
            payload = orjson.dumps(one)
            inbox.receive(payload, signed(payload, clock.now()))
        sync(settings, landing, clock, inbox=inbox)
        sync(settings, landing, clock, inbox=inbox)

    assert origins(landing) == {"evt_000001": "webhook", "evt_000002": "webhook"}
    assert landing.read("stripe_events").num_rows == 2


def origins(landing: LandingZone) -> dict[str, Any]:
    rows = landing.read("stripe_events", ["event_id", "origin"]).to_pylist()
    return {row["event_id"]: row["origin"] for row in rows}
