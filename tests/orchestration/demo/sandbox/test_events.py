"""Events tell what changed, for 30 days, and reach webhook endpoints signed."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
import stripe

from orchestration.demo.sandbox import Sandbox
from tenants.clock import FixedClock
from tests.orchestration.demo.sandbox.factories import START, Shop, at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The account's clock stands years from the machine's, by which the package judges a signature's age.
_ANY_AGE = 10**10


def test_an_update_names_the_old_values_of_what_changed(shop: Shop) -> None:
    customer = shop.customer(None, name="A", metadata={"seat": "a", "floor": "1"})
    shop.post(
        f"customers/{customer}", name="B", metadata={"seat": "", "door": "2"}, address={"city": "Leeds"}
    )
    [event] = shop.events(type="customer.updated")
    assert event["data"]["previous_attributes"] == {
        "name": "A",
        "address": None,
        "metadata": {"seat": "a", "door": None},
    }
    assert event["data"]["object"]["metadata"] == {"floor": "1", "door": "2"}


def test_a_change_that_changes_nothing_is_no_event(shop: Shop) -> None:
    customer = shop.customer(None, name="A")
    shop.post(f"customers/{customer}", name="A")
    assert shop.event_types(type="customer.updated") == []


def test_a_renewal_shows_the_whole_items_as_they_were(shop: Shop) -> None:
    made = shop.subscribe()
    shop.wait(days=28)
    event = shop.events(type="customer.subscription.updated")[-1]
    previous = event["data"]["previous_attributes"]
    assert set(previous) == {"items", "latest_invoice"}
    [item] = previous["items"]["data"]
    assert item["current_period_end"] == made["items"]["data"][0]["current_period_end"]
    assert event["created"] == event["data"]["object"]["items"]["data"][0]["current_period_start"]


def test_an_event_keeps_the_object_as_it_was_then(shop: Shop) -> None:
    customer = shop.customer(None, name="A")
    shop.post(f"customers/{customer}", name="B")
    assert [event["data"]["object"]["name"] for event in shop.events()] == ["A", "B"]


def test_events_are_listed_for_thirty_days(shop: Shop) -> None:
    shop.customer(None)
    [event] = shop.events()
    shop.wait(days=30)
    assert shop.get(f"events/{event['id']}") == event
    shop.wait(seconds=1)
    assert shop.events() == []


def test_events_filter_by_type_and_time(shop: Shop) -> None:
    shop.subscribe()
    shop.wait(days=1)
    shop.customer(None)
    assert set(shop.event_types(types=["customer.created", "invoice.paid"])) == {
        "customer.created",
        "invoice.paid",
    }
    assert set(shop.event_types(type="invoice.*")) >= {"invoice.created", "invoice.finalized", "invoice.paid"}
    recent = shop.events(created={"gte": at(shop.sandbox.now)})
    assert [event["type"] for event in recent] == ["customer.created"]


def test_deletions_carry_the_object_as_it_was(shop: Shop) -> None:
    customer = shop.customer()
    made = shop.subscribe(customer=customer)
    shop.delete(f"customers/{customer}")
    gone, ended = shop.events(type="customer.deleted"), shop.events(type="customer.subscription.deleted")
    assert gone[0]["data"]["object"]["email"] == "accounts@example.com"
    assert ended[0]["data"]["object"]["status"] == "canceled"
    listed = shop.get("subscriptions", status="canceled", expand=["data.customer"])["data"]
    assert [(each["id"], each["customer"]["deleted"]) for each in listed] == [(made["id"], True)]


class Receiver:
    """A web server that keeps what it is sent and answers as told."""

    def __init__(self) -> None:
        self.got: list[tuple[bytes, str]] = []
        self.answers: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((body, self.headers["Stripe-Signature"]))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def wait_for(self, count: int) -> None:
        until = time.monotonic() + 5
        while len(self.got) < count and time.monotonic() < until:
            time.sleep(0.01)
        assert len(self.got) >= count


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def test_webhooks_carry_a_signature_that_stripe_verifies(
    client: stripe.StripeClient, receiver: Receiver
) -> None:
    made = client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["customer.created"]})
    customer = client.v1.customers.create({"name": "A"})
    client.v1.customers.update(customer.id, {"name": "B"})
    receiver.wait_for(1)
    body, signature = receiver.got[0]
    assert signature.startswith(f"t={at(START)},")
    event = client.construct_event(body, signature, str(made.secret), _ANY_AGE)
    assert (event.type, event.data.object["id"]) == ("customer.created", customer.id)
    with pytest.raises(stripe.SignatureVerificationError):
        client.construct_event(body + b" ", signature, str(made.secret), _ANY_AGE)
    assert len(receiver.got) == 1
    listed = client.v1.webhook_endpoints.list().data[0]
    assert "secret" not in listed.to_dict()


def test_a_refused_webhook_is_sent_again_until_it_is_taken(
    client: stripe.StripeClient, receiver: Receiver
) -> None:
    receiver.answers = [500, 500]
    client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"]})
    customer = client.v1.customers.create({})
    receiver.wait_for(3)
    assert {body for body, _ in receiver.got} == {receiver.got[0][0]}
    until = time.monotonic() + 5
    while client.v1.events.list().data[0].pending_webhooks and time.monotonic() < until:
        time.sleep(0.01)
    [event] = client.v1.events.list({"type": "customer.created"}).data
    assert (event.pending_webhooks, event.data.object["id"]) == (0, customer.id)


def test_a_restart_sends_only_what_was_not_taken(tmp_path: Path, receiver: Receiver) -> None:
    for name in ("first", "second"):
        sandbox = Sandbox(tmp_path, FixedClock(START), retries=(60.0,))
        with sandbox.serve():
            sandbox.register_webhook(receiver.url, ["customer.created"])
            receiver.answers = [200, 500] if name == "first" else []
            if name == "first":
                sandbox.call("POST", "/v1/customers", {"name": "taken"})
                receiver.wait_for(1)
                sandbox.call("POST", "/v1/customers", {"name": "refused"})
                receiver.wait_for(2)
            receiver.wait_for(3 if name == "second" else 2)
        sandbox.close()
    assert [b'"name":"refused"' in body for body, _ in receiver.got] == [False, True, True]


def test_a_disabled_endpoint_gets_nothing(
    client: stripe.StripeClient, receiver: Receiver, sandbox: Sandbox
) -> None:
    silent = client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"]})
    client.v1.webhook_endpoints.update(silent.id, {"disabled": True})
    client.v1.customers.create({"name": "unheard"})
    sandbox.register_webhook("http://127.0.0.1:9/")
    sandbox.register_webhook(receiver.url + "2")
    assert len(client.v1.webhook_endpoints.list().data) == 2
    client.v1.customers.create({"name": "heard"})
    receiver.wait_for(1)
    event = client.construct_event(*receiver.got[0], sandbox.webhook_secret, _ANY_AGE)
    assert event.data.object["name"] == "heard"
    assert len(receiver.got) == 1
