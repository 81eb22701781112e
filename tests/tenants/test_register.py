from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tenants.clock import FixedClock
from tenants.control import ControlPlane
from tenants.register import snapshot
from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tenants.tenancy import NewTenant, Overrides
from tenants.tenancy.provisioning import provision
from tests.tenants import factories as make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def stores(settings: PlatformSettings) -> Iterator[TenantStores]:
    opened = TenantStores(settings, make.CLOCK)
    yield opened
    opened.close()


def test_a_tenant_is_told_with_its_own_limits(control: ControlPlane, stores: TenantStores) -> None:
    own = Overrides(quotas={"api_calls": Decimal(20_000)}, user_limit=7)
    provision(control, stores, NewTenant(name="Acme", plan="starter", overrides=own), make.BY)
    (row,), _ = snapshot(control, stores, make.CLOCK)
    assert (row["plan"], row["status"], row["user_limit"]) == ("starter", "active", 7)
    assert (row["api_calls_quota"], row["conversations_quota"]) == (Decimal(20_000), None)
    assert (row["modules"], row["overage_allowed"], row["usage_anchor_at"]) == (
        ["fca_uk", "gdpr_uk"],
        False,
        None,
    )


def test_earlier_anchors_are_told_with_when_they_ended(tmp_path: Path) -> None:
    settings = PlatformSettings(home=tmp_path / "state", catalogue="iris")
    with (
        closing(ControlPlane.open(settings, make.CLOCK)) as control,
        closing(TenantStores(settings, make.CLOCK)) as stores,
    ):
        tenant = provision(control, stores, NewTenant(name="Acme", plan="starter"), make.BY)
        first = make.NOW - timedelta(days=40)
        for anchor in (first, make.NOW):
            fields = {"usage_anchor_at": anchor, "stripe_subscription_id": "sub_a"}
            control.tenants.update(tenant.tenant_id, make.BY, **fields)
        (row,), _ = snapshot(control, stores, make.CLOCK)
    assert row["usage_anchor_at"] == make.NOW
    assert row["earlier_anchors"] == [{"until": make.NOW, "anchor_at": first}]


def test_features_in_use_are_told_by_facts(control: ControlPlane, stores: TenantStores) -> None:
    tenant = provision(control, stores, NewTenant(name="Acme", plan="professional"), make.BY)
    assert snapshot(control, stores, make.CLOCK)[0][0]["features_in_use"] == []
    store = stores.open(tenant.tenant_id)
    store.commit_validation(make.validation())
    store.put_custom_gate("own_1", "id: own_1", is_enabled=True, at=make.NOW, by="usr_1")
    store.record_usage_events([make.event()], lambda _: make.NOVEMBER)
    control.keys.note_use(control.keys.issue(tenant.tenant_id, "ci", make.BY).key)
    for name in ("a", "b"):
        control.users.add(tenant.tenant_id, f"{name}@acme.test", make.BY, password="correct horse")
    found = snapshot(control, stores, make.CLOCK)[0][0]["features_in_use"]
    assert found == ["api_keys", "custom_gates", "team", "usage_events", "validations"]


def test_people_who_were_not_seen_for_a_month_are_quiet(control: ControlPlane, stores: TenantStores) -> None:
    tenant = provision(control, stores, NewTenant(name="Acme", plan="starter"), make.BY)
    user = control.users.add(tenant.tenant_id, "a@acme.test", make.BY, password="correct horse")
    later = FixedClock(make.NOW + timedelta(days=31))
    (row,), _ = snapshot(control, stores, later)
    assert (row["active_users"], row["quiet_users"]) == (1, 1)
    control.users.update(user.user_id, tenant.tenant_id, make.BY, last_active_at=later.now())
    (row,), _ = snapshot(control, stores, later)
    assert row["quiet_users"] == 0


def test_the_catalogue_is_told_in_its_order(control: ControlPlane, stores: TenantStores) -> None:
    _, plans = snapshot(control, stores, make.CLOCK)
    assert [(row["plan"], row["position"], row["month_price"]) for row in plans] == [
        ("starter", 1, Decimal(99)),
        ("professional", 2, Decimal(299)),
        ("enterprise", 3, None),
    ]
    assert plans[2]["is_custom_price"]
