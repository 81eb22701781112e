"""Signed delivery of events to webhook endpoints, with retries."""

from __future__ import annotations

import hashlib
import hmac
import queue
import secrets
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from orchestration.demo.sandbox.account import VERSION
from orchestration.demo.sandbox.ids import base62

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from orchestration.demo.sandbox.account import Account
    from orchestration.demo.sandbox.errors import Json
    from orchestration.demo.sandbox.events import Event
    from tenants.clock import Clock

# Real seconds after which a delivery that failed is tried again; the gaps widen as Stripe's do.
RETRIES = (1.0, 5.0, 30.0, 300.0, 1800.0, 3600.0)
_TIMEOUT = 10.0
_OK = range(200, 300)


def new_secret() -> str:
    """Return a signing secret."""
    return f"whsec_{base62(secrets.randbits(200), 32)}"


def matches(event_type: str, wanted: Sequence[str]) -> bool:
    """Tell whether a type is among those wanted; `*` at the end stands for anything."""
    return any(
        event_type == each or (each.endswith("*") and event_type.startswith(each[:-1])) for each in wanted
    )


def sign(payload: bytes, secret: str, moment: int) -> str:
    """Return the value of the `Stripe-Signature` header."""
    mac = hmac.new(secret.encode(), f"{moment}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={moment},v1={mac}"


@dataclass(order=True)
class Delivery:
    """One event on its way to one endpoint."""

    due: float
    order: int
    event_id: str
    endpoint_id: str
    attempt: int = 0


class Courier:
    """Takes events as they happen and delivers them from a thread of its own.

    Args:
        account: Whose events.
        clock: Signs: the receiver compares the signature's time with its own.
        retries: Real seconds between attempts.
        note: What keeps the number of endpoints that still wait for an event.
    """

    def __init__(
        self,
        account: Account,
        clock: Clock,
        retries: Sequence[float],
        note: Callable[[str, int], None],
    ) -> None:
        self._account = account
        self._clock = clock
        self._note = note
        self._retries = retries
        self._queue: queue.PriorityQueue[Delivery] = queue.PriorityQueue()
        self._order = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
        account.listeners.append(self._take)

    def start(self) -> None:
        """Begin to deliver; also what was left undelivered by an earlier process."""
        for event in self._account.log.events:
            if event.pending:
                event.pending = self._take(event)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the delivery under way."""
        self._stop.set()
        self._account.listeners.remove(self._take)
        self._put(Delivery(0.0, 0, "", ""))
        self._thread.join(_TIMEOUT)

    def _take(self, event: Event) -> int:
        endpoints = [
            endpoint
            for endpoint in self._account.store.of("webhook_endpoint")
            if endpoint["status"] == "enabled" and matches(event.type, endpoint["enabled_events"])
        ]
        for endpoint in endpoints:
            self._order += 1
            self._put(Delivery(time.monotonic(), self._order, event.id, endpoint["id"]))
        return len(endpoints)

    def _put(self, delivery: Delivery) -> None:
        self._queue.put(delivery)

    def _run(self) -> None:
        while not self._stop.is_set():
            delivery = self._queue.get()
            wait = delivery.due - time.monotonic()
            if wait > 0:
                self._put(delivery)
                self._stop.wait(min(wait, 0.05))
            elif delivery.event_id:
                self._deliver(delivery)

    def _deliver(self, delivery: Delivery) -> None:
        with self._account.lock:
            event = self._account.log.by_id.get(delivery.event_id)
            endpoint = self._account.store.of("webhook_endpoint").objects.get(delivery.endpoint_id)
            secret = self._account.hidden.get(delivery.endpoint_id, {}).get("secret", "")
            if event is None or endpoint is None:
                return
            payload = event.render(orjson.dumps(endpoint["api_version"] or VERSION))
        if self._post(endpoint, payload, secret):
            with self._account.lock:
                event.pending = max(0, event.pending - 1)
                self._note(event.id, event.pending)
        elif delivery.attempt < len(self._retries):
            delivery.due = time.monotonic() + self._retries[delivery.attempt]
            delivery.attempt += 1
            self._put(delivery)

    def _post(self, endpoint: Json, payload: bytes, secret: str) -> bool:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": sign(payload, secret, int(self._clock.now().timestamp())),
        }
        request = urllib.request.Request(endpoint["url"], payload, headers)  # noqa: S310 - scheme was checked
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310 - scheme was checked
                return answer.status in _OK
        except (OSError, urllib.error.HTTPError):
            return False
