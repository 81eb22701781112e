from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tenants.stores import Period
from tests.tenants import factories as make

if TYPE_CHECKING:
    from datetime import datetime

    from tenants.stores import TenantStores


def _november(_: datetime) -> Period:
    return make.NOVEMBER


def test_an_event_counts_once_however_often_it_is_sent(stores: TenantStores) -> None:
    store = stores.create("ten_a")
    batch = [make.event("e1"), make.event("e2", units=Decimal("0.25")), make.event("e1")]
    assert store.record_usage_events(batch, _november) == 2
    assert store.record_usage_events(batch, _november) == 0
    assert store.usage(make.NOVEMBER).units == {"conversations": Decimal("1.25")}


def test_the_same_id_from_another_source_is_another_event(stores: TenantStores) -> None:
    store = stores.create("ten_a")
    assert store.record_usage_events([make.event("e1"), make.event("e1", source="mail")], _november) == 2


def test_a_late_event_counts_in_the_period_of_its_time(stores: TenantStores) -> None:
    store = stores.create("ten_a")
    october = Period(make.NOVEMBER.start - timedelta(days=31), make.NOVEMBER.start)
    late = make.event("late", occurred_at=october.start)
    store.record_usage_events(
        [late, make.event("new")], lambda at: october if at < october.end else make.NOVEMBER
    )
    assert store.usage(october).units == {"conversations": Decimal(1)}
    assert store.usage(make.NOVEMBER).units == {"conversations": Decimal(1)}


def test_a_period_adds_up_by_module_status_and_success(stores: TenantStores) -> None:
    store = stores.create("ten_a")
    store.commit_validation(make.validation())
    store.commit_validation(make.validation(run=make.run(modules=["fca_uk"])))
    failed = make.event("x", meter="api_calls", status_code=500, succeeded=False)
    store.record_usage_events([failed], _november)
    summary = store.usage(make.NOVEMBER)
    assert (summary.calls, summary.calls_by_module) == (3, {"fca_uk": 2, "gdpr_uk": 1})
    assert (summary.calls_by_status, summary.success_rate) == ({"200": 2, "500": 1}, 2 / 3)
