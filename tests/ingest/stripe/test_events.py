"""Events come late, twice, out of order, in part; the landing zone has each once, and the newest state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson

from ingest.stripe.sync import sync
from tests.ingest.stripe.factories import NOW, customer, event, invoice, subscription

if TYPE_CHECKING:
    from ingest.landing import LandingZone
    from ingest.settings import IngestSettings
    from tenants.clock import FixedClock
    from tests.ingest.stripe.fake_stripe import FakeStripe
    from tests.ingest.stripe.installation import Installation


@dataclass(frozen=True)
class Webhook:
    seq: int
    payload: bytes


class FakeInbox:
    def __init__(self, *events: dict[str, Any]) -> None:
        self.kept = [Webhook(seq, orjson.dumps(one)) for seq, one in enumerate(events, start=1)]

    def after(self, seq: int, limit: int = 1000) -> list[Webhook]:
        return [webhook for webhook in self.kept if webhook.seq > seq][:limit]


def test_an_event_delivered_and_listed_lands_once(here: Installation) -> None:
    seen = event(1, customer(1, name="new"))
    here.happens(seen)

    here.sync(inbox=FakeInbox(seen, seen))

    assert here.rows("stripe_events", "event_id", "origin") == [("evt_000001", "webhook")]


def test_a_webhook_is_taken_once_though_the_inbox_keeps_it(here: Installation) -> None:
    inbox = FakeInbox(event(1, customer(1, name="new")))
    here.sync(inbox=inbox)

    assert here.sync(inbox=inbox)["stripe_events"] == 0


def test_webhooks_of_connected_accounts_and_of_the_other_mode_are_listed_and_not_taken(
    here: Installation,
) -> None:
    of_others = [
        event(1, customer(1, name="a")) | {"account": "acct_connected"},
        event(2, customer(2, name="b")) | {"livemode": True},
    ]
    ours = event(3, customer(1, name="c")) | {"account": here.landing.cursor("stripe/account")["account"]}

    here.sync(inbox=FakeInbox(*of_others, ours))

    assert here.rows("stripe_events", "event_id") == ["evt_000003"]
    assert here.rows("quarantine", "source", "object_id", "detail") == [
        ("webhook", "evt_000001", "it comes from the connected account acct_connected"),
        ("webhook", "evt_000002", "it was made in live mode, unlike the key"),
    ]


def test_an_event_that_is_listed_a_day_late_is_still_found(here: Installation) -> None:
    here.clock.set(here.clock.now() + timedelta(hours=10))
    here.sync()
    here.clock.set(here.clock.now() + timedelta(hours=10))
    here.happens(event(3_000, customer(1, name="late")))

    assert here.sync()["stripe_events"] == 1


def test_an_event_keeps_its_own_time_and_the_state_it_tells(here: Installation) -> None:
    here.happens(event(7, customer(1, name="new"), previous_attributes={"name": None}))
    here.sync()

    row = here.landing.read("stripe_customer").to_pylist()[-1]
    assert (row["origin"], row["event_id"], row["event_type"]) == ("event", "evt_000007", "customer.updated")
    assert row["occurred_at"].timestamp() == NOW + 7
    assert row["observed_at"] == here.clock.now()
    assert orjson.loads(row["previous_attributes"]) == {"name": None}


def test_two_states_in_one_second_make_the_object_be_fetched(here: Installation) -> None:
    here.account.objects["customer"][0] = customer(1, name="last")
    here.happens(event(1, customer(1, name="first")), event(2, customer(1, name="last"), created=NOW + 1))
    here.clock.set(here.clock.now() + timedelta(minutes=1))

    here.sync()

    assert here.fetched() == ["/v1/customers/cus_000001"]
    newest = max(here.landing.read("stripe_customer").to_pylist(), key=lambda row: row["occurred_at"])
    assert (newest["origin"], orjson.loads(newest["body"])["name"]) == ("fetch", "last")


def test_the_same_state_told_twice_in_one_second_is_no_doubt(here: Installation) -> None:
    here.happens(event(1, customer(1, name="x")), event(2, customer(1, name="x"), created=NOW + 1))

    here.sync()

    assert here.fetched() == []


def test_a_late_event_makes_the_object_be_fetched(here: Installation) -> None:
    here.happens(event(50, customer(1, name="newer")))
    here.sync()
    here.clock.set(here.clock.now() + timedelta(hours=1))
    here.happens(event(20, customer(1, name="older")))

    here.sync()

    assert here.fetched() == ["/v1/customers/cus_000001"]


def test_many_objects_in_doubt_are_listed_together(here: Installation) -> None:
    here.account.objects["customer"] = [customer(n, name="last") for n in range(100)]
    for number in range(100):
        here.happens(
            event(2 * number, customer(number, name="first"), created=NOW),
            event(2 * number + 1, customer(number, name="last"), created=NOW),
        )

    here.sync()

    assert here.fetched() == ["/v1/customers"]


def test_an_object_that_is_gone_by_the_time_it_is_fetched_stops_nothing(here: Installation) -> None:
    here.happens(
        event(1, customer(77, name="a"), "customer.created"),
        event(2, customer(77, name="b"), created=NOW + 1),
    )

    assert here.sync()["stripe_events"] == 2


def test_nested_lists_are_paged_to_their_end_and_the_rest_stays_byte_for_byte(here: Installation) -> None:
    lines = [{"id": f"il_{n}", "object": "line_item", "amount": n, "livemode": False} for n in range(250)]
    shown = invoice(1, lines={"object": "list", "data": lines[:10], "has_more": True, "url": "/v1/x"})
    here.account.objects["invoice"], here.account.lines = [shown], {"in_000001": lines}
    here.happens(event(1, shown, "invoice.created"))

    here.sync()

    bodies = [orjson.loads(body) for body in here.rows("stripe_invoice", "body")]
    assert [len(body["lines"]["data"]) for body in bodies] == [10, 250]
    assert len(set(here.rows("stripe_invoice_line", "object_id"))) == 250
    assert bodies[1] | {"lines": None} == shown | {"lines": None}


def test_a_deleted_customer_leaves_a_tombstone_and_a_canceled_subscription_none(here: Installation) -> None:
    ended = subscription(1, status="canceled")
    here.happens(event(1, customer(1), "customer.deleted"), event(2, ended, "customer.subscription.deleted"))

    here.sync()

    assert [row for row in here.rows("stripe_customer", "object_id", "is_deleted") if row[1]] == [
        ("cus_000001", True)
    ]
    assert set(here.rows("stripe_subscription", "is_deleted")) == {False}


def test_a_customer_deleted_before_the_first_sync_is_found_through_the_subscription(
    account: FakeStripe, settings: IngestSettings, landing: LandingZone, clock: FixedClock
) -> None:
    account.objects["customer"] = [customer(9, deleted=True)]
    account.objects["subscription"] = [subscription(1, status="canceled", customer="cus_000009")]

    sync(settings, landing, clock)

    assert landing.read("stripe_customer", ["is_deleted"])["is_deleted"].to_pylist() == [True]


def test_what_fits_nowhere_is_in_quarantine_and_the_rest_lands(here: Installation) -> None:
    here.happens(
        event(1, customer(1, name="ok")),
        event(2, invoice(2, total="a lot"), "invoice.created"),
        event(3, {"object": "balance", "available": []}, "balance.available"),
    )

    new = here.sync()

    assert (new["stripe_events"], new["quarantine"]) == (3, 1)
    assert here.rows("quarantine", "object_id", "source") == [("in_000002", "stripe")]


def test_a_gap_of_more_than_thirty_days_is_said_and_the_lists_are_read_again(here: Installation) -> None:
    here.clock.set(here.clock.now() + timedelta(days=40))
    here.account.objects["customer"][0] = customer(1, name="changed in between")

    report = sync(here.settings, here.landing, here.clock)

    assert "no longer listed" in report.gaps[0]
    assert report.new_rows["stripe_customer"] == 1
    assert ("stripe_events", "gap") in here.rows("sync_ledger", "stream", "status")
    assert not sync(here.settings, here.landing, here.clock).gaps


def test_once_a_day_open_subscriptions_and_recent_invoices_are_swept(here: Installation) -> None:
    here.account.objects["subscription"] = [subscription(1), subscription(2, status="canceled")]
    here.clock.set(here.clock.now() + timedelta(days=1))

    assert here.sync()["stripe_subscription"] == 1
    assert here.sync().get("stripe_subscription", 0) == 0
    here.clock.set(here.clock.now() + timedelta(days=1))
    assert here.sync()["stripe_subscription"] == 0
    assert "/v1/subscriptions" in here.account.paths()


def test_once_a_day_recent_payments_of_invoices_are_swept_too(here: Installation) -> None:
    """Accounts whose events are of a version before invoice payments send none about them."""
    made = int(here.clock.now().timestamp())
    payment = {"id": "inpay_1", "object": "invoice_payment", "created": made, "invoice": "in_000001"}
    here.account.objects["invoice_payment"] = [payment | {"status": "paid", "amount_paid": 500}]
    here.clock.set(here.clock.now() + timedelta(days=1))

    assert here.sync()["stripe_invoice_payment"] == 1
    assert here.rows("stripe_invoice_payment", "invoice_id", "amount_paid") == [("in_000001", 500)]


def test_a_full_read_adds_only_what_changed(here: Installation) -> None:
    here.account.objects["customer"][1] = customer(2, name="changed")

    assert here.sync(backfill=True)["stripe_customer"] == 1
