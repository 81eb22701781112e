# ruff: noqa: E501 - a Stripe object reads best a line a field
from __future__ import annotations

from decimal import Decimal
from typing import Any

import orjson
import pytest

from ingest.stripe.observation import Observation
from ingest.stripe.typed import STREAMS, TypedBatch, to_tables
from tests.dbt_project.revenue.account import Account, moment

Json = dict[str, Any]
WHEN = moment("2025-03-01")


def typed(body: Json, **fields: Any) -> TypedBatch:
    observation = Observation(
        object_type=body["object"],
        object_id=body["id"],
        body=orjson.dumps(body),
        observed_at=WHEN,
        origin="event",
        occurred_at=WHEN,
        **fields,
    )
    return to_tables([observation])


def rows(batch: TypedBatch, stream: str) -> list[Json]:
    assert batch.rejects == []
    return list(batch.tables[stream].to_pylist())


OLD = {
    "object": "subscription",
    "id": "sub_1",
    "customer": "cus_1",
    "status": "active",
    "created": 1,
    "current_period_start": 100,
    "current_period_end": 200,
    "discount": {"id": "di_1", "object": "discount", "start": 1, "end": None, "coupon": {"id": "co", "percent_off": 25.5}},
    "plan": {"id": "gold", "object": "plan", "amount": 1000, "currency": "USD", "interval": "month", "interval_count": 1},
    "quantity": 3,
}  # fmt: skip


def test_the_oldest_shape_of_a_subscription_becomes_today_s_columns() -> None:
    batch = typed(OLD)
    (row,) = rows(batch, "stripe_subscription")
    (item,) = row["items"]
    assert (item["price_id"], item["unit_amount"], item["quantity"], item["currency"]) == (
        "gold",
        1000,
        3,
        "usd",
    )
    assert row["discount_ids"] == ["di_1"]
    assert (row["period_end_at"] - row["period_start_at"]).total_seconds() == 100
    (discount,) = rows(batch, "stripe_discount")
    assert discount["percent_off"] == Decimal("25.5")


def test_a_discount_without_an_id_gets_one_of_what_it_says() -> None:
    told = OLD["discount"] | {"customer": "cus_1", "subscription": "sub_1"}
    batch = typed(OLD | {"discount": {name: value for name, value in told.items() if name != "id"}})
    (row,), (discount,) = rows(batch, "stripe_subscription"), rows(batch, "stripe_discount")
    assert row["discount_ids"] == [discount["object_id"]] == ["cus_1:sub_1:co:1"]


def test_a_price_s_amounts_in_other_currencies_are_kept() -> None:
    options = {
        "usd": {"unit_amount": 1000, "unit_amount_decimal": "1000"},
        "jpy": {"unit_amount_decimal": "150.5", "tax_behavior": "inclusive"},
        "eur": {"unit_amount": None, "tiers": [{"up_to": "inf", "flat_amount": 900}]},
    }
    price = {"object": "price", "id": "price_1", "currency": "usd", "recurring": {"interval": "month"}}
    (row,) = rows(typed(price | {"currency_options": options}), "stripe_price")
    untold = {"unit_amount": None, "tax_behavior": None, "tiers": None}
    assert row["currency_prices"] == [
        untold | {"currency": "usd", "unit_amount": 1000},
        untold | {"currency": "jpy", "unit_amount": Decimal("150.5"), "tax_behavior": "inclusive"},
        untold | {"currency": "eur", "tiers": [{"up_to": None, "unit_amount": None, "flat_amount": 900}]},
    ]


def test_an_event_s_state_before_has_the_number_of_the_state_it_follows() -> None:
    account = Account()
    body = account.subscribe(WHEN, [account.item(account.price("1000"))])
    account.change(body, WHEN, status="past_due")
    account.change(body, WHEN, status="active", metadata={"note": "paid"})
    table = to_tables(account.observations).tables["stripe_subscription"]
    after = [row for row in table.to_pylist() if not row["is_before"]]
    assert after[1]["previous_hash"] == after[0]["state_hash"]
    assert after[2]["previous_hash"] == after[1]["state_hash"]
    assert after[2]["state_hash"] == after[0]["state_hash"]


def test_lines_come_with_their_invoice_once_it_is_final() -> None:
    line = {
        "object": "line_item",
        "id": "il_1",
        "amount": 100,
        "currency": "usd",
        "period": {"start": 1, "end": 2},
    }
    invoice = {
        "object": "invoice",
        "id": "in_1",
        "customer": "cus_1",
        "lines": {"data": [line]},
        "status": "open",
    }
    assert rows(typed(invoice), "stripe_invoice_line")[0]["invoice_id"] == "in_1"
    assert "stripe_invoice_line" not in typed(invoice | {"status": "draft"}).tables


def test_lines_whose_old_ids_several_invoices_share_are_kept_apart() -> None:
    line = {"object": "line_item", "id": "sub_1", "amount": 100, "currency": "usd"}
    shown = [
        {
            "object": "invoice",
            "id": f"in_{number}",
            "status": "paid",
            "finalized_at": 5,
            "lines": {"data": [line | {"unique_id": f"il_{number}"}]},
        }
        for number in (1, 2)
    ]
    landed = [typed(invoice) for invoice in shown]
    assert [rows(batch, "stripe_invoice_line")[0]["object_id"] for batch in landed] == ["il_1", "il_2"]
    assert rows(landed[0], "stripe_invoice")[0]["finalized_at"] == moment("1970-01-01 00:00:05")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"quantity": "many"}, "quantity is 'many', expected a decimal number"),
        ({"created": "yesterday"}, "created is 'yesterday', expected seconds since 1970"),
        ({"plan": OLD["plan"] | {"amount_decimal": "0.1234567890123"}}, "12 of them after the point"),
        ({"items": {"data": [{"id": "si_1", "price": "price_1"}]}}, "price is 'price_1', expected an object"),
        ({"plan": OLD["plan"] | {"tiers": ["inf"]}}, "a part is not shaped as Stripe shapes it"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_field_and_yields_no_row(change: Json, told: str) -> None:
    batch = typed(OLD | change)
    assert batch.tables == {}
    assert told in batch.rejects[0].reason


@pytest.mark.parametrize(
    ("object_type", "field", "told"),
    [
        ("coupon", {"percent_off": 150}, "percent_off is 150, expected 0 to 100"),
        ("coupon", {"percent_off": -20}, "percent_off is -20, expected 0 to 100"),
        ("coupon", {"amount_off": -1}, "amount_off is -1, expected no less than 0"),
        ("coupon", {"currency_options": {"eur": {"amount_off": -1}}}, "amount_off is -1"),
        ("tax_rate", {"percentage": -50}, "percentage is -50, expected 0 to 100"),
    ],
)
def test_a_part_of_a_price_lies_within_it(object_type: str, field: Json, told: str) -> None:
    batch = typed({"object": object_type, "id": "x_1", "created": 1} | field)
    assert told in batch.rejects[0].reason


@pytest.mark.parametrize("object_type", ["invoice", "line_item", "charge", "refund", "dispute"])
def test_more_money_than_stripe_moves_is_refused(object_type: str) -> None:
    name = "total" if object_type == "invoice" else "amount"
    body = {"object": object_type, "id": "x_1", "currency": "usd", "created": 1}
    assert typed(body | {name: 10**12 - 1}).rejects == []
    assert f"{name} is {10**12}, expected at most 12 digits" in typed(body | {name: 10**12}).rejects[0].reason


def test_a_deleted_object_s_stub_is_a_tombstone() -> None:
    batch = typed({"object": "customer", "id": "cus_1", "deleted": True}, is_deleted=True)
    (row,) = rows(batch, "stripe_customer")
    assert row["is_deleted"] is True
    assert row["tenant_id"] is None


def test_every_table_has_its_stream_s_schema() -> None:
    batch = typed(OLD)
    assert all(table.schema == STREAMS[stream] for stream, table in batch.tables.items())
