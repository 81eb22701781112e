"""A seeded load of webhooks as a bad day brings them, with the state that they must lead to."""

from __future__ import annotations

import hmac
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson

from tests.tenants.billing.events import event, invoice, signed, subscription
from tests.tenants.factories import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "whsec_of_the_load"
DUPLICATES, LATE, UNTRUE, MALFORMED = 0.30, 0.20, 0.05, 0.01
_TIES = 0.25
_EVENTS_A_CUSTOMER = 25
_STATUSES = ("trialing", "active", "past_due", "active", "canceled")
_NO_EVENTS = (b"", b"{", b"[]", b'{"object":"event"}', b'{"object":"invoice","id":"in_1"}')

Delivery = tuple[bytes, str]


@dataclass
class Load:
    """What is delivered, in the order of delivery, and what is true at its end."""

    deliveries: list[Delivery] = field(default_factory=list)
    event_ids: set[str] = field(default_factory=set)
    truth: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    rejected: Counter[str] = field(default_factory=Counter)

    @property
    def customers(self) -> list[str]:
        """Return whom it is about."""
        return sorted({body["customer"] for _, body in self.truth.values()})

    def retrieve(self, _: str, object_id: str) -> dict[str, Any]:
        """Answer as Stripe does when asked for an object: as it is in the end."""
        return self.truth[object_id][1]


def load(size: int, seed: int) -> Load:
    """Return about `size` deliveries; each share is of the whole."""
    rng, made = random.Random(seed), Load()
    good = round(size * (1 - DUPLICATES - UNTRUE - MALFORMED))
    events = list(_histories(rng, good))
    for each in events:
        body = each["data"]["object"]
        made.truth[body["id"]] = (each["created"], body)
        made.event_ids.add(each["id"])
    kept = [orjson.dumps(each) for each in events]
    placed = [(_place(rng, place, good), signed(payload, SECRET, NOW)) for place, payload in enumerate(kept)]
    again = rng.choices(range(good), k=round(size * DUPLICATES))
    placed += [(rng.uniform(place, good), signed(kept[place], SECRET, NOW)) for place in again]
    for reason, delivery in _rejected(rng, size, events):
        made.rejected[reason] += 1
        placed.append((rng.uniform(0, good), delivery))
    placed.sort(key=lambda each: each[0])
    made.deliveries = [delivery for _, delivery in placed]
    return made


def _place(rng: random.Random, place: int, good: int) -> float:
    return rng.uniform(place, good) if rng.random() < LATE / (1 - DUPLICATES - UNTRUE - MALFORMED) else place


def _histories(rng: random.Random, count: int) -> Iterator[dict[str, Any]]:
    """Yield events in the order of the facts; about a quarter share their second with the one before."""
    customers = [f"cus_{number}" for number in range(count // _EVENTS_A_CUSTOMER)]
    second = int(NOW.timestamp()) - 10 * count
    turn = 0
    while turn < count:
        customer = rng.choice(customers)
        second += rng.randint(1, 9)
        turn += 1
        yield event(_body(rng, customer, turn), second)
        if rng.random() < _TIES and turn < count:
            turn += 1
            yield event(_body(rng, customer, turn), second)


def _body(rng: random.Random, customer: str, turn: int) -> dict[str, Any]:
    number = customer.removeprefix("cus_")
    if rng.random() < 0.3:
        status = rng.choice(("open", "paid"))
        return invoice(
            id=f"in_{number}",
            customer=customer,
            status=status,
            attempt_count=rng.randint(0, 4),
            number=str(turn),
        )
    return subscription(
        id=f"sub_{number}",
        customer=customer,
        status=rng.choice(_STATUSES),
        plan=rng.choice(("starter", "professional")),
        cancel_at_period_end=rng.random() < 0.2,
        metadata={"turn": str(turn)},
    )


def _rejected(rng: random.Random, size: int, events: list[dict[str, Any]]) -> Iterator[tuple[str, Delivery]]:
    for number in range(round(size * UNTRUE)):
        body = rng.choice(events)["data"]["object"] | {"status": "canceled"}
        lie = orjson.dumps(event(body, int(NOW.timestamp()), id=f"evt_untrue_{number}"))
        if number % 2:
            yield "expired", signed(lie, SECRET, NOW + timedelta(seconds=rng.choice((-1, 1)) * 400))
        else:
            yield "forged", (lie, f"t={int(NOW.timestamp())},v1={hmac.digest(b'guess', lie, 'sha256').hex()}")
    for _ in range(round(size * MALFORMED)):
        yield "malformed", signed(rng.choice(_NO_EVENTS), SECRET, NOW)
