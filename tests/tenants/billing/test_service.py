"""A tenant's subscription, over HTTP against an account that bills by itself."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tenants.billing.comparison import adopt, compare
from tenants.billing.gateway import StripeGateway
from tenants.control.tables import billing_facts
from tenants.errors import Conflict, InvalidInput, NotFound, PaymentRequired
from tenants.tenancy import Overrides
from tenants.tenancy.checks import require_plan_free
from tests.tenants.factories import BY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.billing.gateway import Json
    from tests.tenants.billing.conftest import Desk


def test_the_customer_carries_our_tenant_id_and_is_made_once(desk: Desk) -> None:
    tenant = desk.tenant(billing_email="pay@acme.example")
    first = desk.billing.ensure_customer(tenant, BY)
    assert desk.billing.ensure_customer(tenant, BY) == first
    customer = desk.sandbox.call("GET", f"/v1/customers/{first}")
    assert customer["metadata"] == {"tenant_id": tenant.tenant_id}
    assert customer["email"] == "pay@acme.example"


def test_a_plan_with_a_trial_starts_on_trial_and_converts(desk: Desk) -> None:
    tenant = desk.tenant()
    state = desk.billing.subscribe(tenant, "starter", "month", BY, "pm_card_visa")
    assert (state.status, state.plan) == ("trial", "starter")
    assert state.next_payment is not None
    assert state.next_payment.amount == Decimal("99.00")
    assert desk.again(tenant).status == "trial"
    desk.pass_time(days=15)
    assert desk.again(tenant).status == "active"
    paid = desk.billing.state(desk.again(tenant)).last_payment
    assert paid is not None
    assert paid.amount == Decimal("99.00")


def test_a_plan_without_a_trial_needs_a_payment_method(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="payment method"):
        desk.billing.subscribe(desk.tenant("professional"), "professional", "month", BY)


def test_a_declined_card_is_refused_and_leaves_no_subscription(desk: Desk) -> None:
    tenant = desk.tenant("professional")
    with pytest.raises(PaymentRequired):
        desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_chargeCustomerFail")
    desk.deliver()
    assert desk.billing.state(desk.again(tenant)).status in {None, "canceled"}


def test_a_second_subscription_is_refused(desk: Desk) -> None:
    tenant = desk.tenant()
    desk.billing.subscribe(tenant, "starter", "month", BY)
    with pytest.raises(Conflict, match="already"):
        desk.billing.subscribe(desk.again(tenant), "professional", "month", BY, "pm_card_visa")


def test_a_custom_price_is_not_sold_without_talking(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="case by case"):
        desk.billing.subscribe(desk.tenant("enterprise"), "enterprise", "month", BY, "pm_card_visa")


def test_a_change_on_trial_is_previewed_as_the_first_regular_invoice(desk: Desk) -> None:
    tenant = desk.tenant()
    desk.billing.subscribe(tenant, "starter", "month", BY)
    preview = desk.billing.preview(desk.again(tenant), "professional", "month")
    assert preview["total"] == 29_900


def test_a_change_of_plan_is_previewed_with_its_prorations_and_then_happens(desk: Desk) -> None:
    tenant = desk.tenant("professional")
    desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
    desk.pass_time(days=10)
    preview = desk.billing.preview(desk.again(tenant), "professional", "year")
    assert preview["total"] > 0
    state = desk.billing.change(desk.again(tenant), "professional", "year", BY)
    assert state.interval == "year"
    desk.deliver()
    assert desk.billing.state(desk.again(tenant)).interval == "year"


def test_a_downgrade_takes_modules_with_it(desk: Desk) -> None:
    tenant = desk.tenant("professional", modules=("fca_uk", "tax_uk"))
    desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
    desk.billing.change(desk.again(tenant), "starter", "month", BY)
    assert (desk.again(tenant).plan, desk.again(tenant).modules) == ("starter", ("fca_uk",))


def test_canceling_at_the_end_can_be_taken_back_and_canceling_now_cannot(desk: Desk) -> None:
    tenant = desk.tenant("professional")
    desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
    assert desk.billing.cancel(desk.again(tenant), BY).cancel_at_period_end
    assert desk.again(tenant).cancel_at_period_end
    assert not desk.billing.resume(desk.again(tenant), BY).cancel_at_period_end
    with pytest.raises(Conflict, match="nothing to resume"):
        desk.billing.resume(desk.again(tenant), BY)
    assert desk.billing.cancel(desk.again(tenant), BY, now=True).status == "canceled"
    assert desk.again(tenant).status == "canceled"
    with pytest.raises(Conflict, match="no running subscription"):
        desk.billing.cancel(desk.again(tenant), BY)


def test_a_scheduled_cancellation_ends_the_subscription_when_the_period_does(desk: Desk) -> None:
    tenant = desk.tenant("professional")
    desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
    desk.billing.cancel(desk.again(tenant), BY)
    desk.pass_time(days=32)
    assert desk.again(tenant).status == "canceled"


def test_further_seats_raise_the_user_limit_and_are_paid(desk: Desk) -> None:
    product = desk.sandbox.call("POST", "/v1/products", {"name": "Seats", "metadata": {"plan": "seats"}})
    desk.sandbox.call("POST", "/v1/prices", {
        "product": product["id"], "currency": "gbp", "unit_amount": 900,
        "recurring": {"interval": "month"}, "metadata": {"plan": "seats"},
    })  # fmt: skip
    tenant = desk.tenant("professional")
    desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
    state = desk.billing.set_seats(desk.again(tenant), 4, BY)
    assert state.next_payment is not None
    assert (state.seats, state.next_payment.amount) == (4, Decimal("335.00"))
    assert desk.control.tenants.entitlements(desk.again(tenant)).user_limit == 14
    assert desk.billing.set_seats(desk.again(tenant), 0, BY).seats == 0
    assert desk.control.tenants.entitlements(desk.again(tenant)).user_limit == 10


def test_a_failing_card_makes_the_tenant_past_due_until_it_pays(desk: Desk) -> None:
    tenant = desk.tenant("professional")
    desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
    method = desk.sandbox.call(
        "GET", "/v1/payment_methods", {"customer": desk.again(tenant).stripe_customer_id}
    )
    desk.sandbox.decline(method["data"][0]["id"])
    desk.pass_time(days=32)
    late = desk.billing.state(desk.again(tenant))
    assert desk.again(tenant).status == "past_due"
    assert late.payment_failures >= 1
    assert late.pay_link
    desk.sandbox.decline(method["data"][0]["id"], times=0)
    desk.pass_time(days=6)
    assert desk.again(tenant).status == "active"
    assert desk.billing.state(desk.again(tenant)).payment_failures == 0


def test_an_unpaid_invoice_counts_as_failed_no_longer_once_its_subscription_is_over(desk: Desk) -> None:
    tenant = desk.tenant()
    desk.billing.subscribe(tenant, "starter", "month", BY)
    desk.pass_time(days=15)  # the trial, without a card
    desk.billing.resume(desk.again(tenant), BY)
    desk.deliver()
    assert (desk.again(tenant).status, desk.again(tenant).payment_failures) == ("past_due", 1)
    desk.billing.cancel(desk.again(tenant), BY, now=True)
    desk.deliver()
    ended = desk.billing.state(desk.again(tenant))
    assert (ended.status, ended.payment_failures, desk.again(tenant).payment_failures) == ("canceled", 0, 0)
    assert ended.pay_link  # what is owed can still be paid


def test_checkout_and_portal_lead_a_person_to_pages(desk: Desk) -> None:
    tenant = desk.tenant()
    url = desk.billing.checkout(tenant, "starter", "month", "https://loki.example/billing", BY)
    assert url.startswith(desk.sandbox.url)
    assert desk.billing.portal(desk.again(tenant), "https://loki.example/billing", BY).startswith("http")


def test_the_comparison_lists_what_differs_and_repairs_it(desk: Desk) -> None:
    tenant = desk.tenant("professional")
    state = desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
    desk.deliver()
    assert compare(desk.control, desk.billing.applier, desk.gateway) == []
    # A cancellation of which no event reaches us.
    desk.sandbox.call("DELETE", f"/v1/subscriptions/{state.subscription_id}")
    found = compare(desk.control, desk.billing.applier, desk.gateway)
    assert ("status", "active", "canceled") in {(one.field, one.ours, one.stripes) for one in found}
    assert desk.again(tenant).status == "canceled"
    assert compare(desk.control, desk.billing.applier, desk.gateway) == []


def test_the_comparison_takes_in_a_renewal_of_which_no_event_came(desk: Desk) -> None:
    tenant = desk.tenant("professional")
    desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
    desk.deliver()
    desk.clock.set(desk.clock.now() + timedelta(days=32))
    desk.sandbox.advance_to(desk.clock.now())
    found = compare(desk.control, desk.billing.applier, desk.gateway)
    assert "current_period_end" in {one.field for one in found}
    period_end = desk.billing.state(desk.again(tenant)).period_end
    assert period_end is not None
    assert period_end > desk.clock.now()
    assert compare(desk.control, desk.billing.applier, desk.gateway) == []


def test_the_comparison_puts_a_tenant_right_that_is_not_what_is_subscribed(desk: Desk) -> None:
    tenant = desk.tenant("professional")
    desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
    desk.deliver()
    changed = {"plan": "enterprise", "status": "past_due", "overrides": Overrides(seats=7)}
    desk.control.tenants.update(tenant.tenant_id, BY, **changed)
    looked = compare(desk.control, desk.billing.applier, desk.gateway, repair=False)
    assert desk.again(tenant).plan == "enterprise"
    found = compare(desk.control, desk.billing.applier, desk.gateway)
    assert found == looked
    assert {(one.field, one.ours, one.stripes) for one in found} == {
        ("plan", "enterprise", "professional"),
        ("status", "past_due", "active"),
        ("seats", "7", "0"),
    }
    now = desk.again(tenant)
    assert (now.plan, now.status, now.overrides.seats) == ("professional", "active", 0)
    assert compare(desk.control, desk.billing.applier, desk.gateway) == []


def test_a_plan_that_is_subscribed_to_is_not_set_by_hand(desk: Desk) -> None:
    tenant = desk.tenant("professional")
    require_plan_free(tenant, "enterprise")
    desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
    require_plan_free(desk.again(tenant), "professional")
    with pytest.raises(Conflict, match="follows the subscription"):
        require_plan_free(desk.again(tenant), "enterprise")
    desk.billing.cancel(desk.again(tenant), BY, now=True)
    require_plan_free(desk.again(tenant), "enterprise")


class LosingOne(StripeGateway):
    """Answers for one customer as Stripe does for one that it does not have."""

    def subscriptions(self, customer_id: str | None = None) -> Iterator[Json]:
        if customer_id == "cus_gone":
            message = "Stripe has no such object: No such customer: 'cus_gone'."
            raise NotFound(message, "stripe_object_missing")
        return super().subscriptions(customer_id)


def test_a_customer_that_stripe_lacks_is_a_difference_and_no_other_tenants_trouble(desk: Desk) -> None:
    lost, tenant = desk.tenant("professional", name="Lost"), desk.tenant("professional")
    desk.control.tenants.update(lost.tenant_id, BY, stripe_customer_id="cus_gone")
    state = desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
    desk.deliver()
    desk.sandbox.call("DELETE", f"/v1/subscriptions/{state.subscription_id}")
    found = compare(desk.control, desk.billing.applier, LosingOne(desk.control.settings))
    told = [(one.object_id, one.stripes) for one in found if one.tenant_id == lost.tenant_id]
    assert told == [("cus_gone", "unknown")]
    assert desk.again(tenant).status == "canceled"


def test_an_account_that_was_there_before_is_taken_in_at_once(desk: Desk) -> None:
    tenant = desk.tenant("professional")
    state = desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
    desk.control.database.write(lambda connection: connection.execute(sa.delete(billing_facts)))
    assert desk.billing.state(desk.again(tenant)).plan is None
    assert adopt(desk.billing.applier, desk.gateway) == 2
    found = desk.billing.state(desk.again(tenant))
    assert (found.plan, found.period_end) == ("professional", state.period_end)
    assert found.last_payment is not None
