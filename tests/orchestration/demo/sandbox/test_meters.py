"""Metered usage is counted once and billed at the end of the period."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from orchestration.demo.sandbox.errors import ApiError
from tests.orchestration.demo.sandbox.factories import DAY, START, Json, Shop, at

if TYPE_CHECKING:
    import stripe

    from orchestration.demo.sandbox import Sandbox


@pytest.fixture
def metered(shop: Shop) -> Json:
    """Return a subscription with a metered item at a tenth of a penny."""
    meter = shop.post(
        "billing/meters", display_name="Calls", event_name="calls", default_aggregation={"formula": "sum"}
    )
    recurring = {"usage_type": "metered", "meter": meter["id"]}
    price = shop.price(None, unit_amount_decimal="0.1", recurring=recurring)
    return shop.subscribe(items=[{"price": shop.price(1000)}, {"price": price}])


def _report(shop: Shop, subscription: Json, value: int, **form: object) -> Json:
    payload = {"stripe_customer_id": subscription["customer"], "value": str(value)}
    return shop.post("billing/meter_events", event_name="calls", payload=payload, **form)


def test_usage_is_billed_in_arrears_and_rounded_once(shop: Shop, metered: Json) -> None:
    assert "quantity" not in metered["items"]["data"][1]
    assert shop.invoices(metered)[0]["total"] == 1000
    _report(shop, metered, 1234)
    shop.wait(days=1)
    _report(shop, metered, 1231)
    shop.wait(days=27, hours=1)
    last = shop.invoices(metered)[-1]
    assert sorted(amount for _, amount in shop.lines(last)) == [247, 1000]
    usage = next(line for line in last["lines"]["data"] if line["quantity"] == 2465)
    assert usage["period"]["start"] == at(START)


def test_an_identifier_counts_once_and_can_be_taken_back(shop: Shop, metered: Json) -> None:
    _report(shop, metered, 100, identifier="one")
    with pytest.raises(ApiError, match="already exists"):
        _report(shop, metered, 100, identifier="one")
    _report(shop, metered, 5, identifier="two")
    shop.post(
        "billing/meter_event_adjustments", event_name="calls", type="cancel", cancel={"identifier": "one"}
    )
    meter = shop.get("billing/meters")["data"][0]["id"]
    window = {"start_time": at(START), "end_time": at(START + DAY)}
    [summary] = shop.get(f"billing/meters/{meter}/event_summaries", customer=metered["customer"], **window)[
        "data"
    ]
    assert summary["aggregated_value"] == 5


def test_a_cancellation_at_the_end_bills_the_last_usage(shop: Shop, metered: Json) -> None:
    _report(shop, metered, 50_000)
    shop.post(f"subscriptions/{metered['id']}", cancel_at_period_end=True)
    shop.wait(days=28, hours=1)
    assert shop.subscription(metered)["status"] == "canceled"
    last = shop.invoices(metered)[-1]
    assert (last["total"], last["status"]) == (5000, "paid")


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ({"event_name": "unknown", "payload": {"stripe_customer_id": "x", "value": "1"}}, "event_name"),
        (
            {"event_name": "calls", "payload": {"stripe_customer_id": "cus_none", "value": "1"}},
            "payload[stripe_customer_id]",
        ),
        ({"event_name": "calls", "payload": {"value": "many"}}, "payload[value]"),
        ({"event_name": "calls", "payload": {"value": "1"}, "timestamp": 1}, "timestamp"),
    ],
)
def test_usage_that_cannot_be_counted_is_refused(shop: Shop, metered: Json, form: Json, param: str) -> None:
    form["payload"].setdefault("stripe_customer_id", metered["customer"])
    with pytest.raises(ApiError) as refused:
        shop.post("billing/meter_events", **form)
    assert refused.value.error["param"] == param


def test_the_real_client_reports_usage(client: stripe.StripeClient, metered: Json, sandbox: Sandbox) -> None:
    payload = {"stripe_customer_id": metered["customer"], "value": "7"}
    made = client.v1.billing.meter_events.create(
        {"event_name": "calls", "payload": payload, "identifier": "x"}
    )
    assert made.identifier == "x"
    assert sandbox.account.usage.of("calls", metered["customer"]) == [(at(START), Decimal(7))]
