"""What is forecast is held against what then happened, on made-up worlds whose truth is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from statistics import mean, median
from typing import TYPE_CHECKING, Any

import pytest

from tests.dbt_project.factories import a_plan, a_record, a_tenant, at, loki_plans

if TYPE_CHECKING:
    from tests.dbt_project.product.conftest import Warehouse

WEEKDAYS = (1.2, 1.3, 1.2, 1.1, 1.0, 0.2, 0.1)
QUOTA = 10_000


def daily_units(rng: Random, days: list[date]) -> list[int]:
    """Draw calls of one tenant: busy weekdays, quiet weekends, a level of its own, and noise."""
    level = rng.uniform(150, 700)
    return [max(0, round(rng.gauss(1, 0.25) * level * WEEKDAYS[day.weekday()])) for day in days]


@pytest.mark.parametrize("tenants", [80, pytest.param(1500, marks=pytest.mark.long)])
def test_four_in_five_limits_are_reached_within_the_band(warehouse: Warehouse, tenants: int) -> None:
    rng, today = Random(4), date(2026, 3, 12)
    days = [date(2026, 2, 1) + timedelta(days=n) for n in range(59)]
    world = {f"t{n}": daily_units(rng, days) for n in range(tenants)}
    records = [
        a_record(
            tenant_id=tenant,
            record_id=f"{tenant}-{day}",
            units=Decimal(units),
            occurred_at=at(f"{day}T09:00"),
        )
        for tenant, drawn in world.items()
        for day, units in zip(days, drawn, strict=True)
        if day < today
    ]
    register = [a_tenant(tenant_id=tenant, api_calls_quota=Decimal(QUOTA)) for tenant in world]
    streams = {"usage_records": records, "tenant_register": register, "plan_catalogue": loki_plans()}
    warehouse.build(streams, now=f"{today}T00:00:00+00:00")
    found = warehouse.rows(
        "select tenant_id, forecast_used, exhausted_on_low, exhausted_on_high from marts.quota_use"
        " where is_current and meter = 'api_calls'"
    )
    never = date(2026, 4, 1)
    inside, errors = [], []
    for tenant, forecast_used, low, high in found:
        march = [(day, units) for day, units in zip(days, world[tenant], strict=True) if day.month == 3]
        total, reached = 0, never
        for day, units in march:
            total += units
            if total >= QUOTA and reached == never:
                reached = day
        errors.append(abs(float(forecast_used) - total) / total)
        if today <= reached:
            inside.append((low or never) <= reached <= (high or never))
    assert median(errors) < 0.06
    assert 0.75 <= mean(inside) <= 0.99


def upgrade_world(tenants: int) -> tuple[dict[str, list[dict[str, Any]]], dict[str, list[dict[str, Any]]]]:
    """Make tenants whose monthly chance of an upgrade is known: much higher where usage is near the limit."""
    rng, start = Random(8), date(2024, 3, 1)
    months = [
        date(start.year + (start.month - 1 + n) // 12, (start.month - 1 + n) % 12 + 1, 1) for n in range(25)
    ]
    records, register, days, movements, segments, items = (list[dict[str, Any]]() for _ in range(6))
    for number in range(tenants):
        tenant, heavy = f"t{number}", rng.random() < 0.3
        upgraded: date | None = None
        for month in months:
            units = rng.randrange(7_000, 10_000) if heavy else rng.randrange(500, 5_000)
            moment = datetime(month.year, month.month, 10, tzinfo=UTC)
            records.append(
                a_record(
                    tenant_id=tenant, record_id=f"{tenant}-{month}", units=Decimal(units), occurred_at=moment
                )
            )
            if upgraded is None and month > start and rng.random() < (0.08 if heavy else 0.005):
                upgraded = month + timedelta(days=20)
        plans = [(start, upgraded, "starter", 99), (upgraded, None, "professional", 299)]
        for valid_from, valid_to, plan, price in plans[: 2 if upgraded else 1]:
            ends_at = valid_to and at(str(valid_to))
            span = {"starts_at": at(str(valid_from)), "ends_at": ends_at, "is_live": True, "is_future": False}
            segments.append({"segment_id": len(segments), "tenant_id": tenant} | span)
            items.append({"segment_id": len(items), "plan": plan})
            amount = {"mrr": Decimal(price), "reporting_mrr": Decimal(price), "currency": "gbp"}
            known = {"customer_id": f"cus_{tenant}", "tenant_id": tenant}
            days.append(known | amount | {"valid_from": valid_from, "valid_to": valid_to})
        quota = Decimal(50_000 if upgraded else 10_000)
        register.append(a_tenant(tenant_id=tenant, plan=plan, api_calls_quota=quota))
        if upgraded:
            move = {"movement_id": tenant, "movement_type": "expansion", "reason": "upgrade"}
            movements.append(known | move | {"movement_date": upgraded})
    plans_sold = [
        a_plan("starter", 1, 99),
        a_plan("professional", 2, 299, api_calls_quota=Decimal(50_000)),
        a_plan("enterprise", 3, None, api_calls_quota=None),
    ]
    streams = {"usage_records": records, "tenant_register": register, "plan_catalogue": plans_sold}
    ledger = {"customer_days": days, "mrr_movements": movements}
    return streams, ledger | {"int_subscription_segments": segments, "int_item_mrr": items}


@pytest.mark.parametrize("tenants", [250, pytest.param(3000, marks=pytest.mark.long)])
def test_the_upgrade_model_ranks_and_is_calibrated_on_months_it_has_not_seen(
    warehouse: Warehouse, tenants: int
) -> None:
    warehouse.build(*_at_once(upgrade_world(tenants)))
    [(months, auc, upgrades, expected, brier, base_brier)] = warehouse.rows(
        "select count(*), avg(auc), sum(upgrades), sum(expected_upgrades), avg(brier), avg(base_brier)"
        " from marts.upgrade_model_backtest"
    )
    assert months >= 6
    assert auc > 0.75
    assert 0.7 < float(expected) / float(upgrades) < 1.4
    assert brier < base_brier


def test_expected_mrr_orders_the_list_and_reasons_name_the_figures(warehouse: Warehouse) -> None:
    warehouse.build(*_at_once(upgrade_world(250)))
    found = warehouse.rows(
        "select upgrade_probability, potential_additional_mrr, expected_additional_mrr, reasons"
        " from marts.upsell_scores order by rank"
    )
    scored = [row for row in found if row[2] is not None]
    assert len(scored) > 50
    assert scored == found[: len(scored)]
    assert [row[2] for row in scored] == sorted((row[2] for row in scored), reverse=True)
    assert all(row[2] == round(row[0] * row[1], 2) for row in scored)
    assert any("times the usual odds" in reason for reason in scored[0][3])


def test_the_same_landing_zone_gives_the_same_probabilities(warehouse: Warehouse) -> None:
    streams, now, ledger = _at_once(upgrade_world(120))
    query = "select tenant_id, upgrade_probability, reasons from marts.upsell_scores order by 1"
    warehouse.build(streams, now, ledger)
    first = warehouse.rows(query)
    warehouse.rebuild(now, ledger)
    assert warehouse.rows(query) == first


def test_too_little_history_gives_no_probability(warehouse: Warehouse) -> None:
    warehouse.build(*_at_once(upgrade_world(5)))
    query = (
        "select count(*), count(upgrade_probability), count(expected_additional_mrr) from marts.upsell_scores"
    )
    assert warehouse.rows(query) == [(5, 0, 0)]


def _at_once(
    world: tuple[dict[str, list[dict[str, Any]]], dict[str, list[dict[str, Any]]]],
) -> tuple[dict[str, list[dict[str, Any]]], str, dict[str, list[dict[str, Any]]]]:
    streams, ledger = world
    return streams, "2026-03-17T12:00:00+00:00", ledger
