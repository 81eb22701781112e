"""Billing over HTTP, as a tenant's people use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from orchestration.demo.sandbox import Sandbox
from tenants.billing import prices
from tenants.billing.gateway import StripeGateway
from tenants.settings import PlatformSettings
from tests.tenants.factories import CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.tenants.api.conftest import Callers


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[PlatformSettings]:
    sandbox = Sandbox(tmp_path / "stripe", CLOCK)
    with sandbox.serve():
        yield PlatformSettings(
            home=tmp_path / "state",
            base_domain="loki.test",
            stripe_api_key=SecretStr(sandbox.api_key),
            stripe_api_base=sandbox.url,
        )
    sandbox.close()


def test_an_admin_subscribes_changes_and_cancels(callers: Callers) -> None:
    deps = callers.deps
    prices.create_prices(StripeGateway(deps.settings), deps.control.catalogue)
    admin = callers.person(callers.tenant(plan="starter"), "admin")
    begun = admin.post("/v1/billing/subscribe", json={"plan": "starter", "payment_method": "pm_card_visa"})
    assert (begun.status_code, begun.json()["status"]) == (200, "trial")
    preview = admin.post("/v1/billing/preview", json={"plan": "professional"})
    assert preview.json()["lines"]
    changed = admin.post("/v1/billing/change", json={"plan": "professional", "interval": "year"})
    assert (changed.json()["plan"], changed.json()["next_payment"]["amount"]) == ("professional", "2990.00")
    canceled = admin.post("/v1/billing/cancel", json={"at": "now"})
    assert canceled.json()["status"] == "canceled"
    # Canceled: everything is closed but billing.
    assert admin.get("/v1/usage").status_code == 402
    assert admin.get("/v1/billing").status_code == 200


def test_an_agent_may_not_see_billing(callers: Callers) -> None:
    agent = callers.person(callers.tenant(), "agent")
    assert agent.get("/v1/billing").status_code == 403


def test_a_plan_that_is_not_sold_is_told_in_one_sentence(callers: Callers) -> None:
    admin = callers.person(callers.tenant(), "admin")
    answer = admin.post("/v1/billing/subscribe", json={"plan": "gold", "payment_method": "pm_card_visa"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_plan")
