"""Use above a quota reaches Stripe once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tenants.billing.closing import Closing
from tenants.errors import Unavailable
from tenants.stores import UsageEvent
from tests.tenants.billing.using import charges, overage, use, using
from tests.tenants.factories import BY

if TYPE_CHECKING:
    from tests.tenants.billing.conftest import Desk

pytestmark = pytest.mark.parametrize("desk", ["iris"], indirect=True)


@pytest.mark.parametrize(
    ("meter", "units", "cents"),
    [
        ("conversations", "1001", 10),
        ("conversations", "1000.05", 1),
        ("api_calls", "1004", 0),
        ("api_calls", "1005", 1),
        ("api_calls", "3500", 250),
        ("storage_gb", "2.5", 300),
        ("storage_gb", "1", 0),
    ],
)
def test_each_item_is_rounded_half_up_to_the_cent(desk: Desk, meter: str, units: str, cents: int) -> None:
    tenant = using(desk, "a", meter, units)
    desk.pass_time(days=32)
    overage(desk).queue()
    overage(desk).send()
    assert charges(desk, tenant) == ([cents] if cents else [])


def test_nothing_is_charged_before_the_period_has_ended(desk: Desk) -> None:
    using(desk, "a", "conversations", "5000")
    assert overage(desk).queue() == 0


def test_a_charge_is_queued_and_sent_once_however_often_it_is_tried(desk: Desk) -> None:
    tenant = using(desk, "a", "conversations", "1100")
    desk.pass_time(days=32)
    assert [overage(desk).queue(), overage(desk).queue()] == [1, 0]
    assert [overage(desk).send(), overage(desk).send()] == [1, 0]
    assert charges(desk, tenant) == [1000]


def test_use_that_arrives_late_adds_the_difference(desk: Desk) -> None:
    tenant = using(desk, "a", "conversations", "1100")
    began = desk.clock.now()
    desk.pass_time(days=32)
    overage(desk).queue()
    overage(desk).send()
    late = UsageEvent(
        source="chat", record_id="b", meter="conversations", units=Decimal(50), occurred_at=began
    )
    may = desk.control.tenants.entitlements(desk.again(tenant))
    desk.stores.open(tenant.tenant_id).record_usage_events([late], may.period)
    assert overage(desk).queue() == 1
    overage(desk).send()
    assert sorted(charges(desk, tenant)) == [500, 1000]


def test_a_crash_after_stripe_took_the_charge_does_not_charge_again_even_days_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = using(desk, "a", "conversations", "1100")
    desk.pass_time(days=32)
    billing = overage(desk)
    billing.queue()
    create = desk.gateway.create_invoice_item

    def taken_but_not_heard(params: dict[str, object], key: str) -> dict[str, object]:
        create(params, key)
        message = "The answer was lost."
        raise Unavailable(message)

    with monkeypatch.context() as patch:
        patch.setattr(desk.gateway, "create_invoice_item", taken_but_not_heard)
        assert billing.send() == 0
    # Stripe forgets idempotency keys after a day.
    desk.pass_time(days=3)
    assert billing.send() == 1
    assert charges(desk, tenant) == [1000]


def test_a_month_of_no_overage_charges_nothing(desk: Desk) -> None:
    tenant = using(desk, "a", "conversations", "1000")
    desk.pass_time(days=32)
    desk.clock.set(desk.clock.now() + timedelta(days=40))
    assert overage(desk).queue() == 0
    assert charges(desk, tenant) == []


def test_overage_of_the_last_period_gets_one_invoice_as_no_renewal_takes_it_along(desk: Desk) -> None:
    tenant = using(desk, "a", "conversations", "1100")
    use(desk, tenant, "b", "storage_gb", "3")
    desk.billing.cancel(tenant, BY)
    desk.pass_time(days=32)
    assert desk.again(tenant).status == "canceled"
    overage(desk).queue()
    assert [overage(desk).send(), overage(desk).send()] == [2, 0]
    desk.pass_time(hours=2)
    totals = [each["total"] for each in desk.gateway.invoices(str(tenant.stripe_customer_id))]
    assert totals.count(1400) == 1
    assert all(item["invoice"] for item in desk.gateway.invoice_items(str(tenant.stripe_customer_id)))


def test_who_cancels_and_is_closed_within_the_period_is_charged_for_it_once(desk: Desk) -> None:
    tenant = using(desk, "a", "conversations", "1100")
    desk.billing.cancel(tenant, BY, now=True)
    Closing.of(desk.control).close(desk.again(tenant), BY)
    assert overage(desk).queue() == 0
    for queued in (1, 0):
        desk.pass_time(days=32)
        assert (overage(desk).queue(), overage(desk).send()) == (queued, queued)
    assert charges(desk, tenant) == [1000]
    (item,) = desk.gateway.invoice_items(str(tenant.stripe_customer_id))
    assert item["invoice"] is not None


def test_a_store_that_is_lost_keeps_no_other_tenant_from_being_charged(desk: Desk) -> None:
    lost = using(desk, "a", "conversations", "1100")
    other = desk.tenant(name="Other")
    desk.billing.subscribe(other, "starter", "month", BY, "pm_card_visa")
    use(desk, desk.again(other), "a", "conversations", "1100")
    desk.stores.drop(lost.tenant_id)
    desk.pass_time(days=32)
    assert (overage(desk).queue(), overage(desk).send()) == (1, 1)
    assert charges(desk, desk.again(other)) == [1000]


def test_a_crash_before_the_last_invoice_makes_it_later_and_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = using(desk, "a", "conversations", "1100")
    desk.billing.cancel(tenant, BY)
    desk.pass_time(days=32)
    billing = overage(desk)
    billing.queue()
    make, put = desk.gateway.create_invoice, desk.gateway.put_on_invoice

    def lost(*_: object) -> dict[str, object]:
        message = "Stripe does not answer."
        raise Unavailable(message)

    def taken_but_not_heard(params: dict[str, object]) -> dict[str, object]:
        make(params)
        return lost()

    def put_but_not_heard(invoice_id: str, items: list[str]) -> dict[str, object]:
        put(invoice_id, items)
        return lost()

    for name, broken in (
        ("create_invoice", lost),
        ("create_invoice", taken_but_not_heard),
        ("put_on_invoice", put_but_not_heard),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(desk.gateway, name, broken)
            assert billing.send() == 0
        desk.pass_time(days=2)
    assert billing.send() == 1
    totals = [each["total"] for each in desk.gateway.invoices(str(tenant.stripe_customer_id))]
    assert totals.count(1000) == 1
