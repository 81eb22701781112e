"""What happened before the events that Stripe still lists, told by dates, invoices and charges."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.dbt_project.revenue.account import Account, Json, moment, seconds
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

SEEN, NOW = moment("2025-07-01"), moment("2025-07-02")


class Listed:
    """An account of which only lists are seen, on the first of July."""

    def __init__(self) -> None:
        self.account = Account()
        self.customers: dict[str, str] = {}

    def subscription(self, name: str, body: Json) -> Json:
        self.account.observations.pop()  # the event is too old to be listed
        self.account.list_object(body, SEEN)
        self.customers[name] = body["customer"]
        return body

    def invoice(self, body: Json, when: str, lines: list[Json], **fields: object) -> Json:
        invoice = {
            "id": self.account.new_id("in"),
            "object": "invoice",
            "customer": body["customer"],
            "status": "paid",
            "currency": "usd",
            "billing_reason": "subscription_cycle",
            "collection_method": "charge_automatically",
            "created": seconds(moment(when)),
            "parent": {"subscription_details": {"subscription": body["id"]}, "type": "subscription_details"},
            "status_transitions": {"finalized_at": seconds(moment(when)), "paid_at": seconds(moment(when))},
            "total": sum(line["amount"] for line in lines),
            "amount_paid": sum(line["amount"] for line in lines),
            "amount_remaining": 0,
            "lines": {"data": lines, "has_more": False},
        } | fields
        self.account.list_object(invoice, SEEN)
        return invoice

    def line(self, item: Json, amount: int, start: str, end: str, quantity: int = 1, **extra: object) -> Json:
        details = {"subscription_item": item["id"], "proration": extra.pop("proration", False)}
        return {
            "id": self.account.new_id("il"),
            "object": "line_item",
            "amount": amount,
            "currency": "usd",
            "quantity": quantity,
            "period": {"start": seconds(moment(start)), "end": seconds(moment(end))},
            "parent": {
                "type": "subscription_item_details",
                "subscription_item_details": details | {"subscription": extra.pop("subscription")},
            },
            "pricing": {"price_details": {"price": extra.pop("price", item["price"]["id"])}},
        } | extra


def told_by_lists() -> Listed:
    """Return an account on which each life before the events is one customer."""
    world = Listed()
    account = world.account
    price, dearer = account.price("10000"), account.price("25000")
    _trial(world, price)
    _quantities(world, price)
    _upgrade(world, price, dearer)
    _failure(world, price)
    _coupon(world, price)
    return world


@pytest.fixture(scope="module")
def listed() -> Listed:
    return told_by_lists()


def _trial(world: Listed, price: Json) -> None:
    begins, ends, left = (seconds(moment(day)) for day in ("2025-01-05", "2025-01-19", "2025-04-19"))
    body = world.account.subscribe(
        moment("2025-01-05"),
        [world.account.item(price)],
        status="canceled",
        trial_start=begins,
        trial_end=ends,
        ended_at=left,
        canceled_at=left,
    )
    world.subscription("trial", body)


def _quantities(world: Listed, price: Json) -> None:
    item = world.account.item(price, 5)
    body = world.subscription("quantities", world.account.subscribe(moment("2025-01-10"), [item]))
    for number, count in enumerate((2, 2, 5), start=1):
        dates = (f"2025-0{number}-10", f"2025-0{number + 1}-10")
        line = world.line(item, 10000 * count, *dates, quantity=count, subscription=body["id"])
        world.invoice(body, dates[0], [line])


def _upgrade(world: Listed, price: Json, dearer: Json) -> None:
    item = world.account.item(dearer)
    body = world.subscription("upgrade", world.account.subscribe(moment("2025-03-01"), [item]))
    first = world.line(item, 10000, "2025-03-01", "2025-04-01", subscription=body["id"], price=price["id"])
    world.invoice(body, "2025-03-01", [first])
    credit = world.line(
        item, -5000, "2025-03-16", "2025-04-01", subscription=body["id"], price=price["id"], proration=True
    )
    debit = world.line(item, 12500, "2025-03-16", "2025-04-01", subscription=body["id"], proration=True)
    second = world.line(item, 25000, "2025-04-01", "2025-05-01", subscription=body["id"])
    world.invoice(body, "2025-04-01", [credit, debit, second])


def _failure(world: Listed, price: Json) -> None:
    item = world.account.item(price)
    body = world.subscription("failure", world.account.subscribe(moment("2025-02-01"), [item]))
    world.invoice(
        body, "2025-02-01", [world.line(item, 10000, "2025-02-01", "2025-03-01", subscription=body["id"])]
    )
    late = {"finalized_at": seconds(moment("2025-03-01")), "paid_at": seconds(moment("2025-04-20"))}
    line = world.line(item, 10000, "2025-03-01", "2025-04-01", subscription=body["id"])
    invoice = world.invoice(body, "2025-03-01", [line], status_transitions=late, attempt_count=2)
    charge = {
        "id": world.account.new_id("ch"),
        "object": "charge",
        "status": "failed",
        "amount": 10000,
        "currency": "usd",
        "customer": body["customer"],
        "created": seconds(moment("2025-03-01 01:00:00")),
        "payment_intent": "pi_late",
    }
    payment = {
        "id": "inpay_late",
        "object": "invoice_payment",
        "invoice": invoice["id"],
        "payment": {"type": "payment_intent", "payment_intent": "pi_late"},
        "status": "paid",
        "amount_paid": 10000,
        "currency": "usd",
    }
    world.account.list_object(charge, SEEN)
    world.account.list_object(payment, SEEN)


def _coupon(world: Listed, price: Json) -> None:
    item = world.account.item(price)
    body = world.subscription("coupon", world.account.subscribe(moment("2025-01-20"), [item]))
    discount = world.account.discount(
        moment("2025-01-20"), moment("2025-03-20"), percent_off=20, duration="repeating"
    )
    parts = [{"amount": 2000, "discount": discount}]
    line = world.line(
        item, 10000, "2025-01-20", "2025-02-20", subscription=body["id"], discount_amounts=parts
    )
    world.invoice(body, "2025-01-20", [line], total=8000, amount_paid=8000)


@pytest.fixture(scope="module")
def rebuilt(listed: Listed, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    folder: Path = listed.account.land(tmp_path_factory.mktemp("listed"))
    return compiled().build(folder, NOW)


EXPECTED = [
    ("trial", [("2025-01-19", "new", "100"), ("2025-04-19", "churn", "-100")]),
    ("quantities", [("2025-01-10", "new", "200"), ("2025-03-10", "expansion", "300")]),
    ("upgrade", [("2025-03-01", "new", "100"), ("2025-03-16", "expansion", "150")]),
    (
        "failure",
        [
            ("2025-02-01", "new", "100"),
            ("2025-03-31", "churn", "-100"),
            ("2025-04-20", "reactivation", "100"),
        ],
    ),
    ("coupon", [("2025-01-20", "new", "80"), ("2025-03-20", "expansion", "20")]),
]


@pytest.mark.parametrize(("name", "expected"), EXPECTED)
def test_a_life_before_the_events_is_told_by_what_stripe_keeps(
    name: str, expected: list[tuple[str, str, str]], listed: Listed, rebuilt: duckdb.DuckDBPyConnection
) -> None:
    rows = rebuilt.execute(
        """
        select movement_date, movement_type, amount, source, len(source_event_ids)
        from marts.mrr_movements where customer_id = ? order by 1
        """,
        [listed.customers[name]],
    ).fetchall()
    assert [(str(day), kind, amount) for day, kind, amount, _, _ in rows] == [
        (day, kind, Decimal(amount)) for day, kind, amount in expected
    ]
    assert {source for _, _, _, source, _ in rows} == {"reconstructed"}
    assert all(sources > 0 for _, _, _, _, sources in rows)


def test_what_was_rebuilt_is_said_to_be(rebuilt: duckdb.DuckDBPyConnection) -> None:
    rows = rebuilt.execute(
        "select count(*) from intermediate.dq_revenue__flaws where check_name = 'history_rebuilt'"
    ).fetchone()
    assert rows == (5,)


def test_an_event_that_changed_nothing_is_no_source_of_what_changed_in_its_second(tmp_path: Path) -> None:
    account = Account()
    start, later = moment("2025-01-10"), moment("2025-03-10")
    item = account.item(account.price("10000"))
    body = account.subscribe(start, [item])
    account.change(body, start, items=[item | {"quantity": 2}])
    account.change(body, later)
    grown = account.change(body, later, items=[item | {"quantity": 3}])
    con = compiled().build(account.land(tmp_path), NOW)
    rows = con.execute("select source_event_ids from marts.mrr_movements order by movement_date").fetchall()
    assert rows[1] == ([grown],)


def test_events_that_changed_nothing_do_not_outvote_the_one_that_did_in_their_second(tmp_path: Path) -> None:
    account = Account()
    later = moment("2025-03-10")
    item = account.item(account.price("10000"))
    body = account.subscribe(moment("2025-01-10"), [item])
    account.change(body, later)
    account.change(body, later)
    grown = account.change(body, later, items=[item | {"quantity": 3}])
    con = compiled().build(account.land(tmp_path), NOW)
    rows = con.execute(
        "select mrr_after, source_event_ids from marts.mrr_movements order by movement_date desc limit 1"
    ).fetchall()
    assert rows == [(Decimal(300), [grown])]
