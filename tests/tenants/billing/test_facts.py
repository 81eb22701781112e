"""Which of two states of an object holds, and what they add up to."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenants.billing.applying import Applier
from tenants.billing.facts import Fact, facts_of_customer, newer
from tenants.billing.inbox import Inbox, InboxEvent
from tenants.billing.state import read_state
from tenants.catalogue import load_catalogue
from tenants.errors import Unavailable
from tests.tenants.billing import events
from tests.tenants.factories import NOW

if TYPE_CHECKING:
    from tenants.control import ControlPlane

LOKI = load_catalogue("loki")


def fact(body: dict[str, object], at: int = 1, *, is_asked: bool = False) -> Fact:
    return Fact(str(body["id"]), str(body["object"]), "cus_1", at, body, is_asked)


def test_the_later_state_holds_whatever_the_order_of_arrival() -> None:
    old, new = fact(events.subscription(status="trialing"), 1), fact(events.subscription(), 2)
    assert newer(old, new) is new
    assert newer(new, old) is new


def test_two_states_of_one_second_that_differ_are_not_ordered_by_guessing() -> None:
    assert newer(fact(events.subscription()), fact(events.subscription(status="paused"))) is None


def test_a_state_that_was_asked_for_settles_its_second() -> None:
    told, asked = fact(events.subscription()), fact(events.subscription(status="paused"), is_asked=True)
    assert newer(told, asked) is asked
    assert newer(asked, told) is asked


@pytest.mark.parametrize(
    ("stripe", "ours"),
    [
        ("trialing", "trial"),
        ("active", "active"),
        ("past_due", "past_due"),
        ("unpaid", "past_due"),
        ("paused", "paused"),
        ("canceled", "canceled"),
        ("incomplete_expired", "canceled"),
        ("incomplete", None),
        ("a_status_of_tomorrow", None),
    ],
)
def test_a_tenants_status_follows_its_subscription(stripe: str, ours: str | None) -> None:
    assert read_state([fact(events.subscription(status=stripe))], LOKI).status == ours


def test_a_running_subscription_speaks_before_one_that_ended_later() -> None:
    ended = events.subscription(id="sub_2", status="canceled", created=5)
    assert read_state([fact(ended), fact(events.subscription())], LOKI).subscription_id == "sub_1"


def test_failed_attempts_count_while_their_invoice_is_unpaid() -> None:
    paid = events.invoice(id="in_2", status="paid", amount_paid=9900, attempt_count=4)
    state = read_state([fact(events.invoice(attempt_count=2)), fact(paid)], LOKI)
    assert (state.payment_failures, state.pay_link) == (2, "https://pay.example/in_1")


def test_a_plan_is_known_by_its_lookup_key_where_the_price_has_no_metadata() -> None:
    body = events.subscription()
    body["items"]["data"][0]["price"] |= {"metadata": {}, "lookup_key": "loki_professional_year_gbp"}
    assert read_state([fact(body)], LOKI).plan == "professional"


class Answering:
    """Stripe as it is at the end of a history."""

    def __init__(self, bodies: list[dict[str, object]]) -> None:
        self.now = {str(body["id"]): body for body in bodies}
        self.is_up = True

    def retrieve(self, _: str, object_id: str) -> dict[str, object]:
        if not self.is_up:
            message = "Stripe does not answer."
            raise Unavailable(message)
        return self.now[object_id]


HISTORIES = st.lists(
    st.tuples(st.sampled_from(["trialing", "active", "past_due", "paused"]), st.integers(0, 2)),
    min_size=1,
    max_size=8,
)


@given(history=HISTORIES, seed=st.integers(0, 1000))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_events_in_any_order_with_repeats_and_ties_lead_to_the_last_state(
    control: ControlPlane, history: list[tuple[str, int]], seed: int
) -> None:
    second, told, customer = 100, [], f"cus_{seed}_{len(history)}_{random.Random(str(history)).random()}"
    for status, pause in history:
        second += pause
        body = events.subscription(id=f"sub_{customer}", customer=customer, status=status)
        told.append(events.event(body, second))
    arriving = told + random.Random(seed).choices(told, k=3)
    random.Random(seed).shuffle(arriving)
    inbox, stripe = Inbox(control), Answering([told[-1]["data"]["object"]])
    applier = Applier(control, inbox, stripe)  # type: ignore[arg-type]
    for number in range(0, len(arriving), 2):
        batch = [_arrived(each) for each in arriving[number : number + 2]]
        assert applier.apply(batch).failed == 0
    with control.database.read() as connection:
        known = facts_of_customer(connection, customer)
    assert [one.body["status"] for one in known] == [history[-1][0]]


def test_a_tie_that_stripe_does_not_settle_stays_waiting(control: ControlPlane) -> None:
    inbox, stripe = Inbox(control), Answering([])
    stripe.is_up = False
    applier = Applier(control, inbox, stripe)  # type: ignore[arg-type]
    first, second = events.subscription(), events.subscription(status="paused")
    assert applier.apply([_arrived(events.event(first, 1))]).failed == 0
    assert applier.apply([_arrived(events.event(second, 1))]).failed == 1


def _arrived(event: dict[str, object]) -> InboxEvent:
    return InboxEvent(1, str(event["id"]), str(event["type"]), NOW, NOW, orjson.dumps(event), 0)
