from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.dbt_project.factories import a_plan, a_record, a_run, a_tenant, an_outcome, at, loki_plans

if TYPE_CHECKING:
    from tests.dbt_project.product.conftest import Warehouse

pytestmark = pytest.mark.early

NOW = "2026-03-17T12:00:00+00:00"
MARCH = at("2026-03-05T09:00")


def build(warehouse: Warehouse, *tenants: dict[str, Any], **streams: list[dict[str, Any]]) -> None:
    warehouse.build({"tenant_register": list(tenants), "plan_catalogue": loki_plans()} | streams, NOW)


def used(units: int, meter: str = "api_calls") -> dict[str, Any]:
    return a_record(record_id=f"{meter}-{units}", meter=meter, units=Decimal(units), occurred_at=MARCH)


def signals(warehouse: Warehouse) -> list[str]:
    [(found,)] = warehouse.rows("select signals from marts.upsell_scores")
    return list(found)


def engagement(warehouse: Warehouse) -> Decimal:
    [(found,)] = warehouse.rows("select engagement_score from marts.upsell_scores")
    return Decimal(found)


@pytest.mark.parametrize(("units", "expected"), [(7999, []), (8000, ["api_calls_usage_high"])])
def test_usage_is_high_from_eighty_percent_of_its_limit(
    warehouse: Warehouse, units: int, expected: list[str]
) -> None:
    build(warehouse, a_tenant(active_users=0), usage_records=[used(units)])
    assert signals(warehouse) == expected


def test_an_unlimited_meter_is_never_high(warehouse: Warehouse) -> None:
    tenant = a_tenant(active_users=0, api_calls_quota=None)
    build(warehouse, tenant, usage_records=[used(10**9)])
    assert signals(warehouse) == []


@pytest.mark.parametrize(("users", "expected"), [(7, []), (8, ["user_limit_approaching"])])
def test_the_user_limit_approaches_at_eighty_percent(
    warehouse: Warehouse, users: int, expected: list[str]
) -> None:
    build(warehouse, a_tenant(active_users=users, user_limit=10))
    assert signals(warehouse) == expected


@pytest.mark.parametrize(
    ("users", "features", "score"),
    [(0, 0, "0"), (3, 1, "35"), (4, 0, "40"), (9, 0, "40"), (0, 6, "30"), (0, 7, "30"), (4, 7, "70")],
)
def test_users_and_features_count_up_to_their_caps(
    warehouse: Warehouse, users: int, features: int, score: str
) -> None:
    names = [f"feature_{number}" for number in range(features)]
    build(warehouse, a_tenant(active_users=users, user_limit=100, features_in_use=names))
    assert engagement(warehouse) == Decimal(score)


def test_validations_of_the_running_period_count_a_hundredth_each(warehouse: Warehouse) -> None:
    runs = [a_run(str(number), created_at=MARCH) for number in range(150)]
    runs += [a_run(f"old-{number}", created_at=at("2026-02-28T23:59")) for number in range(50)]
    build(warehouse, a_tenant(active_users=0), validation_runs=runs)
    assert engagement(warehouse) == Decimal("1.5")


@pytest.mark.parametrize(("conversations", "score"), [(250, "2.5"), (3000, "30"), (9000, "30")])
def test_conversations_count_where_the_catalogue_has_them(
    warehouse: Warehouse, conversations: int, score: str
) -> None:
    plans = [a_plan("starter", 1, 99, conversations_quota=Decimal(10_000))]
    tenant = a_tenant(active_users=0, conversations_quota=Decimal(10_000))
    build(
        warehouse,
        tenant,
        plan_catalogue=plans,
        usage_records=[used(conversations, "conversations")],
        validation_runs=[a_run("ignored", created_at=MARCH)],
    )
    assert engagement(warehouse) == Decimal(score)


@pytest.mark.parametrize(("features", "expected"), [(5, []), (6, ["high_engagement"])])
def test_engagement_is_high_above_seventy_five(
    warehouse: Warehouse, features: int, expected: list[str]
) -> None:
    runs = [a_run(str(number), created_at=MARCH) for number in range(1000)]
    tenant = a_tenant(
        active_users=4, user_limit=100, features_in_use=["a", "b", "c", "d", "e", "f"][:features]
    )
    build(warehouse, tenant, validation_runs=runs)
    assert engagement(warehouse) == Decimal(50 + 5 * features)
    assert signals(warehouse) == expected


def test_the_next_plan_is_worth_the_difference_in_price(warehouse: Warehouse) -> None:
    build(
        warehouse,
        a_tenant(tenant_id="a", plan="starter"),
        a_tenant(tenant_id="b", plan="professional"),
        a_tenant(tenant_id="c", plan="enterprise"),
    )
    query = (
        "select plan, recommended_plan, potential_additional_mrr from marts.upsell_scores order by tenant_id"
    )
    assert warehouse.rows(query) == [
        ("starter", "professional", Decimal(200)),
        ("professional", "enterprise", None),
        ("enterprise", None, None),
    ]


def test_equal_prospects_are_ranked_by_signals_then_engagement_then_id(warehouse: Warehouse) -> None:
    build(
        warehouse,
        a_tenant(tenant_id="d", active_users=1),
        a_tenant(tenant_id="c", active_users=1),
        a_tenant(tenant_id="b", active_users=2),
        a_tenant(tenant_id="a", active_users=3),
    )
    query = "select tenant_id, rank from marts.upsell_scores order by rank"
    assert warehouse.rows(query) == [("a", 1), ("b", 2), ("c", 3), ("d", 4)]


def test_only_live_tenants_are_scored(warehouse: Warehouse) -> None:
    build(
        warehouse,
        a_tenant(tenant_id="a"),
        a_tenant(tenant_id="b", status="canceled"),
        a_tenant(tenant_id="c", erased_at=at("2026-03-01")),
    )
    assert warehouse.rows("select tenant_id from marts.upsell_scores") == [("a",)]
    assert warehouse.rows("select tenant_id from marts.tenant_health") == [("a",)]


@pytest.mark.parametrize(
    ("fields", "risks", "health"),
    [
        ({}, [], 100),
        ({"payment_failures": 2}, ["failed_payments"], 50),
        ({"cancel_at_period_end": True}, ["scheduled_cancellation"], 50),
        ({"user_limit": 4, "active_users": 2}, [], 100),
        ({"user_limit": 5, "active_users": 2}, ["unused_seats"], 90),
        ({"quiet_users": 1}, ["quiet_users"], 85),
        (
            {"quiet_users": 2, "payment_failures": 9, "cancel_at_period_end": True},
            ["failed_payments", "scheduled_cancellation", "quiet_users"],
            0,
        ),
    ],
)
def test_each_risk_takes_its_weight_off_health(
    warehouse: Warehouse, fields: dict[str, Any], risks: list[str], health: int
) -> None:
    build(warehouse, a_tenant(**fields))
    assert warehouse.rows("select risks, health, len(reasons) from marts.tenant_health") == [
        (risks, health, len(risks))
    ]


@pytest.mark.parametrize(("recent", "risks"), [(71, []), (70, ["falling_usage"])])
def test_usage_falls_when_it_is_thirty_percent_lower_in_four_weeks(
    warehouse: Warehouse, recent: int, risks: list[str]
) -> None:
    records = [
        a_record(record_id="earlier", units=Decimal(100), occurred_at=at("2026-02-16T09:00")),
        a_record(record_id="recent", units=Decimal(recent), occurred_at=at("2026-02-17T09:00")),
        a_record(record_id="today", units=Decimal(500), occurred_at=at("2026-03-17T09:00")),
    ]
    build(warehouse, a_tenant(), usage_records=records)
    assert warehouse.rows("select risks from marts.tenant_health") == [(risks,)]


@pytest.mark.parametrize(("passes", "risks"), [(8, []), (7, ["falling_pass_rate"])])
def test_the_pass_rate_falls_by_ten_points(warehouse: Warehouse, passes: int, risks: list[str]) -> None:
    days = {"earlier": at("2026-02-10T09:00"), "recent": at("2026-03-10T09:00")}
    good = {"earlier": 17, "recent": 2 * passes}
    runs = [a_run(f"{when}-{n}", created_at=day) for when, day in days.items() for n in range(20)]
    outcomes = [
        an_outcome(f"{when}-{n}", "gate", "PASS" if n < good[when] else "FAIL", created_at=day)
        for when, day in days.items()
        for n in range(20)
    ]
    build(warehouse, a_tenant(), validation_runs=runs, gate_outcomes=outcomes)
    assert warehouse.rows("select risks from marts.tenant_health") == [(risks,)]


def test_the_whole_mrr_of_a_tenant_in_danger_is_at_risk(warehouse: Warehouse) -> None:
    day = {"customer_id": "cus_1", "currency": "gbp", "valid_from": date(2026, 1, 1)}
    ledger = [
        day | {"tenant_id": "acme", "mrr": Decimal(99), "reporting_mrr": Decimal(99)},
        day | {"tenant_id": "calm", "mrr": Decimal(50), "reporting_mrr": Decimal(50)},
        day
        | {"tenant_id": "acme", "valid_to": date(2026, 1, 1), "mrr": Decimal(7), "reporting_mrr": Decimal(7)},
    ]
    streams = {
        "tenant_register": [a_tenant(payment_failures=1), a_tenant(tenant_id="calm")],
        "plan_catalogue": loki_plans(),
    }
    warehouse.build(streams, NOW, {"customer_days": ledger})
    query = "select tenant_id, mrr, mrr_at_risk from marts.tenant_health order by 1"
    assert warehouse.rows(query) == [
        ("acme", Decimal(99), Decimal(99)),
        ("calm", Decimal(50), Decimal(0)),
    ]


def test_what_stripe_tells_is_a_risk_before_the_register_knows(warehouse: Warehouse) -> None:
    state = {"subscription_id": "sub_1", "customer_id": "cus_1", "status": "active"}
    kept = state | {"is_cancel_at_period_end": False, "valid_to": at("2026-03-01")}
    leaving = state | {"is_cancel_at_period_end": True, "period_end_at": at("2026-04-09T10:00")}
    failed = {"tenant_id": "acme", "attempts": 2, "state": "at_risk"}
    ledger: dict[str, list[dict[str, Any]]] = {
        "int_customers": [{"customer_id": "cus_1", "tenant_id": "acme"}],
        "int_subscription_states": [leaving, kept],
        "dunning_invoices": [failed, failed | {"state": "credited"}],
    }
    warehouse.build({"tenant_register": [a_tenant()], "plan_catalogue": loki_plans()}, NOW, ledger)
    assert warehouse.rows("select reasons from marts.tenant_health") == [
        (["2 failed payments", "a cancellation is scheduled for 2026-04-09"],)
    ]


def test_currencies_are_spelt_as_stripe_spells_them_so_that_growth_joins_with_revenue(
    warehouse: Warehouse,
) -> None:
    warehouse.build({"tenant_register": [a_tenant()], "plan_catalogue": loki_plans()}, NOW)
    assert warehouse.rows("select currency from marts.upsell_scores") == [("gbp",)]
    assert warehouse.rows("select reporting_currency from marts.tenant_health") == [("gbp",)]
