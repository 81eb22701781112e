"""Two policies in one build, and two builds of one past."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from dashboards.marts import Marts
from dashboards.queries import differences, restatements, revenue
from tenants.errors import InvalidInput
from tenants.settings import PlatformSettings
from tenants.warehouse import Warehouse
from tests.dashboards.factories import BUILT_AT, NOW, people, published_build
from tests.dashboards.test_app import opened

if TYPE_CHECKING:
    from pathlib import Path

    from tests.dashboards.conftest import Signer

pytestmark = pytest.mark.early

# A policy beside that counts one customer half, and an upgrade that was not known to the earlier build.
BESIDE = """
    create schema marts_stripe;
    create table marts_stripe.mrr_months as
    select * replace (closing_mrr - 59.40 as closing_mrr) from marts.mrr_months;
    create table marts_stripe.mrr_months_constant as select * from marts_stripe.mrr_months;
    create table marts_stripe.plan_months as select * from marts.plan_months;
    create table marts_stripe.customer_months as select * replace (
        if(customer_id = 'cus_amber', closing_mrr / 2, closing_mrr)::decimal(38, 8) as closing_mrr
    ) from marts.customer_months;
    insert into marts.policy_gap
    select 'default', 'stripe', month, customer_id, tenant_id, currency, 'discounts', 'recurring', 'forever',
        -closing_mrr / 2
    from marts.customer_months where customer_id = 'cus_amber';
"""
LATER = """
    insert into intermediate.int_subscription_versions
    select
        subscription_ids[1], effective_at, timestamptz '2026-11-26 05:30:00Z', null, null, false, false, true
    from marts.mrr_movements where customer_id = 'cus_birch' and movement_type = 'expansion';
    update marts.mrr_movements set amount = amount + 10, reporting_amount = reporting_amount + 10,
        known_at = timestamptz '2026-11-26 05:30:00Z'
    where customer_id = 'cus_birch' and movement_type = 'expansion';
    update marts.mrr_movements set reporting_amount = reporting_amount + 0.5
    where customer_id = 'cus_delta' and movement_type = 'new';
    delete from marts.mrr_movements where customer_id = 'cus_elder' and movement_type = 'reactivation';
"""


@pytest.fixture
def compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Marts:
    published_build(tmp_path, "20261126T050000Z-one")
    published_build(tmp_path, "20261127T050000Z-two", BUILT_AT + timedelta(days=1), BESIDE + LATER)
    monkeypatch.setenv("LOKI_HOME", str(tmp_path))
    return Marts(tmp_path, "20261127T050000Z-two")


def test_the_gap_between_two_policies_is_led_back_to_customers(compared: Marts) -> None:
    assert list(revenue.schemas(compared).values()) == ["marts", "marts_stripe"]
    months = differences.by_month(compared, "marts_stripe")
    assert set(months["gap"]) == {Decimal("-59.40")}
    found = differences.by_customer(compared, "marts_stripe", months["month"][-1])
    assert found.select("customer_id", "gap").rows() == [("cus_amber", Decimal("-59.40"))]


def test_the_gap_is_led_back_to_single_rules_and_each_to_its_customers(compared: Marts) -> None:
    month = differences.by_month(compared, "marts_stripe")["month"][-1]
    rules = differences.by_switch(compared, "default", "stripe", month)
    assert rules.select("switch", "customers", "gap").rows() == [("discounts", 1, Decimal("-59.40"))]
    for switch in ("discounts", None):
        found = differences.shares(compared, "default", "stripe", month, switch)
        assert found.select("customer_id", "gap").rows() == [("cus_amber", Decimal("-59.40"))]
    assert differences.shares(compared, "default", "stripe", month, "paused").is_empty()


def test_a_policy_that_the_build_does_not_hold_gets_into_no_query(compared: Marts) -> None:
    for schema in ("marts_recurly", "marts; drop table x", 'marts"'):
        with pytest.raises(InvalidInput):
            revenue.months(compared, schema)


def test_each_restated_movement_is_listed_with_its_cause(compared: Marts) -> None:
    warehouse = Warehouse(compared.state)
    before = warehouse.build("20261126T050000Z-one")
    changes = restatements.restated(warehouse, before, warehouse.published())
    assert {(row["customer_id"], row["cause"], row["change"]) for row in changes.iter_rows(named=True)} == {
        ("cus_birch", "late_event", Decimal("10.00")),
        ("cus_delta", "exchange_rate", Decimal("0.50")),
        ("cus_elder", "backdated_change", Decimal("-299.00")),
    }
    total = sum(restatements.by_month(changes)["change"], Decimal(0))
    assert total == sum(changes["change"], Decimal(0)) == Decimal("-288.50")


@pytest.mark.parametrize("path", ["differences", "restatements", "revenue", "builds"])
def test_the_pages_show_both(
    path: str, signed_in: Signer, compared: Marts, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = people(PlatformSettings(home=compared.state, now=NOW + timedelta(days=1)))
    monkeypatch.setenv("LOKI_NOW", (NOW + timedelta(days=1)).isoformat())
    signed_in.with_token(tokens["operator"])
    app = opened(path)
    assert not app.error
    assert len(app.title) == 1
    assert app.dataframe
