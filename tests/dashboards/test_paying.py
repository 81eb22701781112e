"""The ways from the billing page to Stripe, against the sandbox over HTTP."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

import pytest

from orchestration.demo.sandbox import Sandbox
from tenants.audit.records import SYSTEM
from tenants.billing import prices
from tenants.billing.gateway import StripeGateway
from tenants.billing.inbox import Inbox
from tenants.billing.service import Billing
from tenants.clock import FixedClock
from tenants.settings import PlatformSettings
from tests.dashboards.factories import NOW
from tests.dashboards.firms import press, put, told
from tests.dashboards.test_app import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from tests.dashboards.firms import Firm

_seeds = count(71)  # each account with ids of its own: the tests share their tenants
_LINK = re.compile(r'href="([^"]+)"[^>]*>Continue at Stripe')


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A Stripe account for the application, which reads its settings once."""
    made = Sandbox(tmp_path / "stripe", FixedClock(NOW), seed=next(_seeds))
    with made.serve():
        monkeypatch.setenv("LOKI_STRIPE_API_KEY", made.api_key)
        monkeypatch.setenv("LOKI_STRIPE_API_BASE", made.url)
        yield made
    made.close()


@pytest.fixture
def billing(sandbox: Sandbox, firm: Firm) -> Billing:
    """Return the firm's billing on an account that sells the catalogue."""
    gateway = StripeGateway(PlatformSettings(stripe_api_base=sandbox.url))
    prices.create_prices(gateway, firm.control.catalogue)
    return Billing(firm.control, Inbox(firm.control), gateway)


def _way(app: AppTest) -> str:
    found = _LINK.findall(" ".join(each.value for each in app.markdown))
    assert found, told(app)
    return str(found[0])


@pytest.mark.usefixtures("billing")
def test_who_has_no_subscription_is_led_to_checkout_for_the_plan_they_chose(firm: Firm) -> None:
    firm.sign_in("owner")
    app = opened("billing")
    assert "enterprise" not in app.selectbox(key="paying-plan").options
    put(app, "selectbox", "paying-plan", "professional")
    put(app, "selectbox", "paying-interval", "year")
    assert "/_sandbox/checkout/cs_test_" in _way(press(app, "paying-checkout"))
    assert firm.control.tenants.get(firm.tenant_id).stripe_customer_id


def test_who_owes_still_gets_to_the_portal(billing: Billing, firm: Firm) -> None:
    firm.sign_in("owner")
    billing.subscribe(
        firm.control.tenants.get(firm.tenant_id), "professional", "month", SYSTEM, "pm_card_visa"
    )
    firm.control.tenants.update(firm.tenant_id, SYSTEM, status="past_due")
    app = opened("billing")
    assert not [each for each in app.button if each.key == "paying-checkout"]
    assert "/_sandbox/portal/bps_" in _way(press(app, "paying-portal"))


def test_a_platform_without_stripe_says_so_in_place(firm: Firm) -> None:
    firm.sign_in("owner")
    assert "No Stripe key is set" in told(press(opened("billing"), "paying-checkout"))
