"""The ways from the billing page to Stripe, against the sandbox over HTTP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tenants.audit.records import SYSTEM
from tests.dashboards.firms import press, put, told
from tests.dashboards.test_app import opened

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tenants.billing.service import Billing
    from tests.dashboards.firms import Firm

_LINK = re.compile(r'href="([^"]+)"[^>]*>Continue at Stripe')


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
