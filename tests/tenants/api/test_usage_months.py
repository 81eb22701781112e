"""Which period of use a month stands for, where the subscription decides when periods begin."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tenants.settings import PlatformSettings
from tests.tenants import factories as make

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tenants.api.conftest import Callers


@pytest.fixture
def settings(tmp_path: Path) -> PlatformSettings:
    return PlatformSettings(home=tmp_path / "state", base_domain="loki.test", catalogue="iris")


def test_of_two_periods_that_begin_in_a_month_the_longer_is_meant(callers: Callers) -> None:
    tenant, tenants = callers.tenant(plan="starter"), callers.deps.control.tenants
    before = make.NOW - timedelta(days=20)
    for anchor in (before, make.NOW):
        fields = {"usage_anchor_at": anchor, "stripe_subscription_id": "sub_a"}
        tenants.update(tenant.tenant_id, make.BY, **fields)
    client = callers.key(tenant, ["usage:read"])

    def told(month: str) -> tuple[str, str]:
        answer = client.get("/v1/usage", params={"month": month}).json()
        return answer["period_start"], answer["period_end"]

    assert told("2026-11") == ("2026-11-26T09:30:00Z", "2026-12-26T09:30:00Z")
    assert told("2026-10") == ("2026-10-06T09:30:00Z", "2026-11-06T09:30:00Z")
