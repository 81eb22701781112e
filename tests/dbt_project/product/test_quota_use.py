from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tenants.periods import EarlierAnchor, period_at
from tests.dbt_project.factories import a_record, a_tenant, append_landing, at, loki_plans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.dbt_project.product.conftest import Warehouse


def calls(moment: str, units: int = 1, **fields: Any) -> dict[str, Any]:
    return a_record(
        record_id=f"{moment}-{units}-{sorted(fields.items())}",
        occurred_at=at(moment),
        units=Decimal(units),
        **fields,
    )


def build(
    warehouse: Warehouse, records: Sequence[dict[str, Any]], *tenants: dict[str, Any], now: str
) -> None:
    streams = {"usage_records": records, "tenant_register": tenants, "plan_catalogue": loki_plans()}
    warehouse.build(streams, now)


def periods(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return warehouse.rows(
        "select period_start, period_end, used from marts.quota_use where meter = 'api_calls' order by 1"
    )


def test_the_month_turns_at_midnight_utc(warehouse: Warehouse) -> None:
    records = [calls("2026-02-28T23:59:59.999999", 3), calls("2026-03-01T00:00", 5)]
    build(warehouse, records, a_tenant(), now="2026-03-17T12:00:00+00:00")
    assert periods(warehouse) == [
        (at("2026-02-01"), at("2026-03-01"), Decimal(3)),
        (at("2026-03-01"), at("2026-04-01"), Decimal(5)),
    ]


def test_a_subscription_period_turns_at_the_hour_of_its_anchor(warehouse: Warehouse) -> None:
    records = [
        calls("2026-02-15T09:29:59.999999", 3),
        calls("2026-02-15T09:30", 5),
        calls("2026-02-15T23:00", 7),
    ]
    tenant = a_tenant(usage_anchor_at=at("2025-11-15T09:30"))
    build(warehouse, records, tenant, now="2026-03-01T12:00:00+00:00")
    assert periods(warehouse) == [
        (at("2026-01-15T09:30"), at("2026-02-15T09:30"), Decimal(3)),
        (at("2026-02-15T09:30"), at("2026-03-15T09:30"), Decimal(12)),
    ]
    assert warehouse.rows("select sum(units) from marts.usage_days where day = '2026-02-15'") == [
        (Decimal(15),)
    ]


def test_an_anchor_on_the_31st_is_clamped_in_short_months_and_comes_back(warehouse: Warehouse) -> None:
    tenant = a_tenant(usage_anchor_at=at("2026-01-31T10:00"))
    records = [
        calls("2026-01-31T10:00", 1),
        calls("2026-02-28T10:00", 2),
        calls("2026-03-30T12:00", 4),
        calls("2026-03-31T10:00", 8),
    ]
    build(warehouse, records, tenant, now="2026-04-02T00:00:00+00:00")
    assert periods(warehouse) == [
        (at("2026-01-31T10:00"), at("2026-02-28T10:00"), Decimal(1)),
        (at("2026-02-28T10:00"), at("2026-03-31T10:00"), Decimal(6)),
        (at("2026-03-31T10:00"), at("2026-04-30T10:00"), Decimal(8)),
    ]


def test_usage_before_the_anchor_falls_into_the_months_before_it(warehouse: Warehouse) -> None:
    tenant = a_tenant(usage_anchor_at=at("2026-03-10T08:00"))
    build(warehouse, [calls("2026-02-10T07:59", 9)], tenant, now="2026-03-11T00:00:00+00:00")
    assert periods(warehouse)[0] == (at("2026-01-10T08:00"), at("2026-02-10T08:00"), Decimal(9))


def test_a_changed_anchor_ends_the_running_period_and_leaves_those_before_as_they_were(
    warehouse: Warehouse,
) -> None:
    earlier = [
        {"until": at("2026-02-20T14:00"), "anchor_at": at("2025-11-15T09:30")},
        {"until": at("2026-02-25T00:00"), "anchor_at": at("2026-02-20T14:00")},
    ]
    tenant = a_tenant(usage_anchor_at=at("2026-02-10T08:00"), earlier_anchors=earlier)
    records = [
        calls("2026-02-15T09:29:59.999999", 1),
        calls("2026-02-15T09:30", 2),
        calls("2026-02-20T13:59:59.999999", 4),
        calls("2026-02-20T14:00", 8),
        calls("2026-02-24T23:59:59.999999", 16),
        calls("2026-02-25T00:00", 32),
        calls("2026-03-10T08:00", 64),
    ]
    build(warehouse, records, tenant, now="2026-03-12T12:00:00+00:00")
    assert periods(warehouse) == [
        (at("2026-01-15T09:30"), at("2026-02-15T09:30"), Decimal(1)),
        (at("2026-02-15T09:30"), at("2026-02-20T14:00"), Decimal(6)),
        (at("2026-02-20T14:00"), at("2026-02-25T00:00"), Decimal(24)),
        (at("2026-02-25T00:00"), at("2026-03-10T08:00"), Decimal(32)),
        (at("2026-03-10T08:00"), at("2026-04-10T08:00"), Decimal(64)),
    ]
    assert warehouse.rows("select sum(units) from marts.usage_days") == [(Decimal(127),)]


def test_periods_are_cut_as_charges_cut_them(warehouse: Warehouse) -> None:
    random, base = Random(20261126), at("2025-12-10T07:00")

    def moment() -> datetime:
        return base + timedelta(seconds=random.randrange(90 * 86_400))

    tenants, records, expected = [], [], Counter[tuple[str, datetime, datetime]]()
    for number in range(40):
        untils = sorted({moment() for _ in range(number % 4)})
        earlier = [EarlierAnchor(until, moment()) for until in untils]
        fields = {"tenant_id": f"ten_{number}", "usage_anchor_at": moment()}
        told = [{"until": each.until, "anchor_at": each.anchor_at} for each in earlier]
        tenants.append(a_tenant(**fields, slug=f"firm-{number}", earlier_anchors=told))
        for used in [*untils, *(moment() for _ in range(20))]:
            units = random.randrange(1, 1000)
            records.append(calls(used.isoformat(), units, tenant_id=f"ten_{number}"))
            period = period_at(used, fields["usage_anchor_at"], earlier)
            expected[f"ten_{number}", period.start, period.end] += units
    build(warehouse, records, *tenants, now="2026-03-11T12:00:00+00:00")
    query = (
        "select tenant_id, period_start, period_end, used from marts.quota_use "
        "where meter = 'api_calls' and used > 0"
    )
    assert {tuple(row[:3]): int(row[3]) for row in warehouse.rows(query)} == dict(expected)


def test_the_running_period_begins_where_the_anchor_changed_also_before_anything_is_used(
    warehouse: Warehouse,
) -> None:
    earlier = [{"until": at("2026-03-11T14:00"), "anchor_at": at("2025-11-15T09:30")}]
    tenant = a_tenant(usage_anchor_at=at("2026-03-01T08:00"), earlier_anchors=earlier)
    build(warehouse, [], tenant, now="2026-03-12T12:00:00+00:00")
    assert periods(warehouse) == [(at("2026-03-11T14:00"), at("2026-04-01T08:00"), Decimal(0))]


@pytest.mark.parametrize(
    ("used", "percent", "is_over"),
    [(8500, "85.0", False), (9999, "99.99", False), (10_000, "100", True), (12_500, "125", True)],
)
def test_a_hundred_percent_and_more_is_over_the_limit(
    warehouse: Warehouse, used: int, percent: str, *, is_over: bool
) -> None:
    build(warehouse, [calls("2026-03-02T08:00", used)], a_tenant(), now="2026-03-17T12:00:00+00:00")
    query = "select use_percent, is_over_limit from marts.quota_use where meter = 'api_calls'"
    assert warehouse.rows(query) == [(Decimal(percent), is_over)]


def test_unlimited_counts_as_no_use_and_is_never_over(warehouse: Warehouse) -> None:
    tenant = a_tenant(plan="enterprise", api_calls_quota=None, user_limit=None)
    build(warehouse, [calls("2026-03-02T08:00", 10**9)], tenant, now="2026-03-17T12:00:00+00:00")
    query = (
        "select meter, quota, use_percent, is_over_limit, exhausted_on from marts.quota_use order by meter"
    )
    assert warehouse.rows(query) == [
        ("api_calls", None, Decimal(0), False, None),
        ("users", None, Decimal(0), False, None),
    ]


def test_users_are_the_newest_reading_of_the_register(warehouse: Warehouse) -> None:
    snapshots = [
        a_tenant(
            snapshot_on=date(2026, 3, day), observed_at=at(f"2026-03-{day:02}T01:00"), active_users=users
        )
        for day, users in ((1, 2), (2, 3), (9, 1))
    ]
    build(warehouse, [], *snapshots, now="2026-03-17T12:00:00+00:00")
    query = "select used, is_over_limit, exhausted_on from marts.quota_use where meter = 'users'"
    assert warehouse.rows(query) == [(Decimal(1), False, date(2026, 3, 2))]


def test_a_closed_period_keeps_the_limit_it_ended_with(warehouse: Warehouse) -> None:
    before = a_tenant(
        snapshot_on=date(2026, 2, 10), observed_at=at("2026-02-10"), api_calls_quota=Decimal(100)
    )
    after = a_tenant(snapshot_on=date(2026, 3, 1), observed_at=at("2026-03-01"), api_calls_quota=Decimal(500))
    records = [calls("2026-01-05T08:00", 90), calls("2026-02-20T08:00", 100), calls("2026-03-02T08:00", 100)]
    build(warehouse, records, before, after, now="2026-03-17T12:00:00+00:00")
    query = "select quota, is_over_limit from marts.quota_use where meter = 'api_calls' order by period_start"
    assert warehouse.rows(query) == [(Decimal(100), False), (Decimal(100), True), (Decimal(500), False)]


def test_what_came_twice_is_counted_once_the_first_sighting_wins(warehouse: Warehouse) -> None:
    first = a_record(record_id="same", units=Decimal(2), occurred_at=at("2026-03-02T08:00"))
    again = first | {"units": Decimal(9), "observed_at": at("2026-03-05T08:00")}
    other_source = first | {"source": "gateway"}
    build(warehouse, [again, first, other_source], a_tenant(), now="2026-03-17T12:00:00+00:00")
    assert warehouse.rows("select sum(requests), sum(units) from marts.usage_days") == [(2, Decimal(4))]


def test_a_late_event_reopens_only_its_day(warehouse: Warehouse) -> None:
    records = [calls("2026-03-02T08:00", 2), calls("2026-03-03T08:00", 3)]
    build(warehouse, records, a_tenant(), now="2026-03-17T12:00:00+00:00")
    query = "select day, requests, units from marts.usage_days order by day"
    before = warehouse.rows(query)
    late = calls("2026-03-02T20:00", 5) | {"observed_at": at("2026-03-16T00:00")}
    append_landing(warehouse.landing, "usage_records", [late])
    warehouse.rebuild()
    assert warehouse.rows(query) == [(date(2026, 3, 2), 2, Decimal(7)), before[1]]


def test_as_known_at_leaves_out_what_was_observed_later(warehouse: Warehouse) -> None:
    late = calls("2026-03-02T20:00", 5) | {"observed_at": at("2026-03-16T00:00")}
    build(warehouse, [calls("2026-03-02T08:00", 2), late], a_tenant(), now="2026-03-17T12:00:00+00:00")
    warehouse.rebuild(as_known_at="2026-03-15T00:00:00+00:00")
    assert warehouse.rows("select sum(units) from marts.usage_days") == [(Decimal(2),)]


def test_a_failed_call_is_a_request_that_did_not_succeed(warehouse: Warehouse) -> None:
    refused = calls("2026-03-02T08:00", 0, status_code=429, succeeded=False)
    build(warehouse, [calls("2026-03-02T09:00"), refused], a_tenant(), now="2026-03-17T12:00:00+00:00")
    query = "select requests, units, succeeded, failed from marts.usage_days"
    assert warehouse.rows(query) == [(2, Decimal(1), 1, 1)]


def test_steady_usage_is_forecast_to_the_day(warehouse: Warehouse) -> None:
    start = datetime(2026, 2, 1, tzinfo=UTC)
    records = [calls(f"{start + timedelta(days=day):%Y-%m-%dT%H:%M}", 500) for day in range(44)]
    build(warehouse, records, a_tenant(), now="2026-03-17T00:00:00+00:00")
    query = (
        "select forecast_used, exhausted_on, exhausted_on_low <= exhausted_on,"
        " exhausted_on_high >= exhausted_on from marts.quota_use where meter = 'api_calls' and is_current"
    )
    assert warehouse.rows(query) == [(Decimal(15_500), date(2026, 3, 20), True, True)]


def test_a_limit_out_of_reach_is_never_exhausted(warehouse: Warehouse) -> None:
    build(warehouse, [calls("2026-03-02T08:00", 4)], a_tenant(), now="2026-03-17T00:00:00+00:00")
    query = "select meter, exhausted_on, exhausted_on_low, exhausted_on_high from marts.quota_use order by 1"
    assert warehouse.rows(query) == [("api_calls", None, None, None), ("users", None, None, None)]
