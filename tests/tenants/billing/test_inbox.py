from __future__ import annotations

import hmac
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from pydantic import SecretStr

from tenants.billing.inbox import Inbox, RejectedWebhook
from tenants.control import ControlPlane
from tenants.settings import PlatformSettings
from tests.tenants.factories import CLOCK, NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

SECRET = "whsec_test"


def event(event_id: str = "evt_1", **fields: Any) -> bytes:
    told = {
        "id": event_id,
        "object": "event",
        "type": "invoice.paid",
        "created": int(NOW.timestamp()),
        "data": {"object": {"id": "in_1", "object": "invoice"}},
    }
    return orjson.dumps({**told, **fields})


def signed(payload: bytes, at: datetime = NOW, secret: str = SECRET) -> str:
    stamp = int(at.timestamp())
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + payload, "sha256").hexdigest()
    return f"t={stamp},v1={digest}"


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    settings = PlatformSettings(home=tmp_path, stripe_webhook_secret=SecretStr(SECRET))
    control = ControlPlane.open(settings, CLOCK)
    yield Inbox(control)
    control.close()


def test_an_event_is_kept_once_with_its_very_bytes(inbox: Inbox) -> None:
    payload = event() + b"\n"
    assert inbox.receive(payload, signed(payload))
    assert not inbox.receive(payload, signed(payload))
    (kept,) = inbox.waiting()
    assert (kept.event_id, kept.payload, kept.created_at) == ("evt_1", payload, NOW.replace(microsecond=0))


@pytest.mark.parametrize("offset", [-300, 0, 300])
def test_a_time_stamp_within_five_minutes_holds(inbox: Inbox, offset: int) -> None:
    payload = event()
    assert inbox.receive(payload, signed(payload, NOW + timedelta(seconds=offset)))


@pytest.mark.parametrize("offset", [-86400, -301, 301, 86400])
def test_a_time_stamp_beyond_five_minutes_is_refused_both_ways(inbox: Inbox, offset: int) -> None:
    payload = event()
    with pytest.raises(RejectedWebhook, match="five minutes"):
        inbox.receive(payload, signed(payload, NOW + timedelta(seconds=offset)))
    assert inbox.rejections() == {"expired": 1}


@pytest.mark.parametrize(
    "header", [None, "", "nonsense", "t=1", "v1=", "t=x,v1=y", "t=1,v0=aa", "t=1,v1=\u00e9", "=" * 50]
)
def test_a_signature_that_is_none_is_forged(inbox: Inbox, header: str | None) -> None:
    with pytest.raises(RejectedWebhook):
        inbox.receive(event(), header)
    assert inbox.rejections() == {"forged": 1}
    assert inbox.waiting() == []


def test_another_secret_or_other_bytes_are_forged(inbox: Inbox) -> None:
    payload = event()
    with pytest.raises(RejectedWebhook):
        inbox.receive(payload, signed(payload, secret="whsec_other"))
    with pytest.raises(RejectedWebhook):
        inbox.receive(payload + b" ", signed(payload))
    assert inbox.rejections() == {"forged": 2}


def test_one_of_several_signatures_is_enough(inbox: Inbox) -> None:
    payload = event()
    stamp, _, good = signed(payload).partition(",")
    assert inbox.receive(payload, f"{stamp},v1={'0' * 64},{good}")


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"[]",
        b"3",
        b'"event"',
        b"\xff\xfe",
        event(object="invoice"),
        event(created="now"),
        event(created=10**18),
        event(data={}),
        event(data={"object": []}),
        event(type=3),
        event(event_id=""),
    ],
)
def test_a_signed_payload_that_is_no_event_is_malformed(inbox: Inbox, payload: bytes) -> None:
    with pytest.raises(RejectedWebhook):
        inbox.receive(payload, signed(payload))
    assert inbox.rejections() == {"malformed": 1}


def test_many_deliveries_of_one_event_at_once_keep_it_once(inbox: Inbox) -> None:
    payload = event()
    with ThreadPoolExecutor(16) as threads:
        news = list(threads.map(lambda _: inbox.receive(payload, signed(payload)), range(64)))
    assert sum(news) == 1
    assert len(inbox.waiting()) == 1


def test_an_applied_event_waits_no_more_and_a_failed_one_does(inbox: Inbox) -> None:
    for number in (1, 2):
        payload = event(f"evt_{number}")
        inbox.receive(payload, signed(payload))
    first, second = inbox.waiting()
    inbox.apply([first], lambda _: None)
    inbox.note_failure(second, "Stripe does not answer")
    (waiting,) = inbox.waiting()
    assert (waiting.event_id, waiting.attempts) == ("evt_2", 1)
    assert [each.event_id for each in inbox.after(0)] == ["evt_1", "evt_2"]
