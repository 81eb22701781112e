"""What is charged when a plan changes within or after the period in which its quotas were used."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tenants.billing.prices import find_price
from tenants.billing.smaller import notes_on_change
from tenants.stores import Period, UsageEvent
from tests.tenants.billing.using import charges, overage, use, using
from tests.tenants.factories import BY

if TYPE_CHECKING:
    from tests.tenants.billing.conftest import Desk

pytestmark = pytest.mark.parametrize("desk", ["iris"], indirect=True)


@pytest.mark.parametrize("is_seen_before", [True, False])
def test_a_smaller_plan_taken_later_charges_nothing_of_a_period_that_has_ended(
    desk: Desk,
    is_seen_before: bool,  # noqa: FBT001 - a case
) -> None:
    tenant = desk.tenant()
    desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
    use(desk, desk.again(tenant), "a", "conversations", "9000")
    desk.pass_time(days=32)
    if is_seen_before:
        assert overage(desk).queue() == 0
    desk.billing.change(desk.again(tenant), "starter", "month", BY)
    assert desk.again(tenant).plan == "starter"
    assert overage(desk).queue() == 0


def test_a_smaller_plan_taken_within_a_period_charges_what_is_used_after_it_and_once(desk: Desk) -> None:
    tenant = desk.tenant()
    desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
    use(desk, desk.again(tenant), "a", "conversations", "9000")
    desk.pass_time(days=10)
    desk.billing.change(desk.again(tenant), "starter", "month", BY)
    use(desk, desk.again(tenant), "b", "conversations", "50")
    for queued in (1, 0, 0):
        desk.pass_time(days=32)
        assert (overage(desk).queue(), overage(desk).send()) == (queued, queued)
    assert charges(desk, desk.again(tenant)) == [500]


def test_whoever_looks_at_a_smaller_plan_is_told_what_is_used_of_it_already(desk: Desk) -> None:
    tenant = desk.tenant()
    desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
    tenant = desk.again(tenant)
    use(desk, tenant, "a", "conversations", "9000")

    def told(plan: str, interval: str = "month") -> list[str]:
        now = desk.billing.state(tenant)
        return notes_on_change(desk.control, desk.stores, tenant, now, (plan, interval))

    (note,) = told("starter")
    assert note == (
        "9000 conversations are used in the period until 26 December 2026 and starter has 1000: until then "
        "what is used after the change is charged at 0.10 USD each."
    )
    assert told("enterprise") == told("starter", "year") == []


def test_a_larger_plan_taken_later_covers_nothing_of_a_period_that_has_ended(desk: Desk) -> None:
    tenant = using(desk, "a", "conversations", "1100")
    desk.pass_time(days=32)
    desk.billing.change(tenant, "professional", "month", BY)
    assert overage(desk).queue() == 1
    overage(desk).send()
    assert charges(desk, tenant) == [1000]


@pytest.mark.parametrize(("plan", "wanted"), [("starter", "professional"), ("professional", "starter")])
def test_a_change_that_is_heard_of_late_charges_nothing_that_either_plan_covered(
    desk: Desk, plan: str, wanted: str
) -> None:
    tenant = desk.tenant()
    desk.billing.subscribe(tenant, plan, "month", BY, "pm_card_visa")
    desk.pass_time(days=15)  # the trial
    tenant = desk.again(tenant)
    subscription = desk.gateway.retrieve("subscription", str(tenant.stripe_subscription_id))
    swapped = {
        "id": subscription["items"]["data"][0]["id"],
        "price": find_price(desk.gateway, desk.control.catalogue, wanted, "month"),
    }
    desk.sandbox.call("POST", f"/v1/subscriptions/{subscription['id']}", {"items": [swapped]})
    desk.clock.set(desk.clock.now() + timedelta(hours=2))
    use(desk, tenant, "a", "conversations", "1100")
    desk.clock.set(desk.clock.now() + timedelta(hours=2))
    desk.deliver()
    assert desk.again(tenant).plan == wanted
    desk.pass_time(days=32)
    assert overage(desk).queue() == 0


def test_a_switch_to_the_year_cuts_the_running_period_and_leaves_those_that_were_charged(desk: Desk) -> None:
    tenant = desk.tenant()
    desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
    began, of_month = desk.clock.now(), desk.control.tenants.entitlements(desk.again(tenant)).period
    use(desk, desk.again(tenant), "a", "conversations", "10100")
    desk.pass_time(days=40)
    use(desk, desk.again(tenant), "b", "conversations", "10200")
    overage(desk).queue()
    overage(desk).send()
    tenant = desk.again(tenant)
    assert charges(desk, tenant) == [1000]
    switched = desk.clock.now()
    desk.billing.change(tenant, "professional", "year", BY)
    of_year = desk.control.tenants.entitlements(desk.again(tenant)).period
    assert of_year(began) == of_month(began)
    assert of_year(switched) != of_month(switched)
    assert of_year(switched - timedelta(seconds=1)) == Period(of_month(switched).start, switched)
    late = UsageEvent(
        source="chat", record_id="c", meter="conversations", units=Decimal(5), occurred_at=began
    )
    desk.stores.open(tenant.tenant_id).record_usage_events([late], of_year)
    use(desk, desk.again(tenant), "d", "conversations", "10300")
    for _ in range(3):
        desk.pass_time(days=20)
        overage(desk).queue()
        overage(desk).send()
    assert sorted(charges(desk, tenant)) == [50, 1000, 2000, 3000]
