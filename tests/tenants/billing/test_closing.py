"""Who is closed, or waits for an erasure, is charged no more; who is out of service can begin nothing new."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tenants.billing.applying import Applier
from tenants.billing.closing import Closing
from tenants.billing.gateway import StripeGateway
from tenants.errors import Conflict, Unavailable
from tenants.protection.erasure import Erasures
from tests.tenants.billing.test_ending import schedule_of
from tests.tenants.billing.test_single import BACK, pay
from tests.tenants.factories import BY

if TYPE_CHECKING:
    from tenants.billing.gateway import Json
    from tenants.tenancy import Tenant
    from tests.tenants.billing.conftest import Desk


def subscribed(desk: Desk, plan: str = "professional", name: str = "Acme") -> Tenant:
    tenant = desk.tenant(plan, name=name)
    desk.billing.subscribe(tenant, plan, "month", BY, "pm_card_visa")
    return desk.again(tenant)


def close(desk: Desk, tenant: Tenant) -> Tenant:
    return Closing.of(desk.control).close(desk.again(tenant), BY)


def settle(desk: Desk) -> int:
    return Closing.of(desk.control).settle()


def subscription(desk: Desk, tenant: Tenant) -> Json:
    (found,) = desk.gateway.subscriptions(desk.again(tenant).stripe_customer_id)
    return found


def charged(desk: Desk, tenant: Tenant) -> int:
    invoices = desk.gateway.invoices(desk.again(tenant).stripe_customer_id)
    return sum(each["amount_paid"] for each in invoices)


def test_whose_subscription_runs_is_not_closed(desk: Desk) -> None:
    tenant = subscribed(desk)
    with pytest.raises(Conflict, match="goes on and would be charged"):
        close(desk, tenant)
    assert desk.again(tenant).is_in_service


def test_whose_subscription_ends_by_itself_is_told_when_and_keeps_what_is_paid(desk: Desk) -> None:
    tenant = subscribed(desk)
    desk.billing.cancel(tenant, BY)
    with pytest.raises(Conflict, match="ends by itself on 26 December 2026, and is paid until then"):
        close(desk, tenant)
    desk.pass_time(days=31)
    paid = charged(desk, tenant)
    assert not close(desk, tenant).is_in_service
    closed_at = desk.again(tenant).closed_at
    desk.pass_time(days=60)
    assert charged(desk, tenant) == paid
    assert close(desk, tenant).closed_at == closed_at


def test_who_is_past_due_cancels_closes_and_is_not_charged_for_it_again(desk: Desk) -> None:
    tenant = subscribed(desk)
    (card,) = desk.gateway.payment_methods(str(tenant.stripe_customer_id))
    desk.sandbox.decline(card["id"])
    desk.pass_time(days=32)
    assert desk.again(tenant).status == "past_due"
    with pytest.raises(Conflict, match="goes on"):
        close(desk, tenant)
    desk.billing.cancel(desk.again(tenant), BY, now=True)
    paid = charged(desk, tenant)
    close(desk, tenant)
    desk.sandbox.decline(card["id"], times=0)
    desk.pass_time(days=29)
    assert charged(desk, tenant) == paid
    assert subscription(desk, tenant)["status"] == "canceled"


def test_a_paused_subscription_is_canceled_before_its_tenant_is_closed(desk: Desk) -> None:
    tenant = desk.tenant()
    desk.billing.subscribe(tenant, "starter", "month", BY)
    desk.pass_time(days=15)
    assert desk.again(tenant).status == "paused"
    with pytest.raises(Conflict, match="goes on"):
        close(desk, tenant)
    desk.billing.cancel(desk.again(tenant), BY, now=True)
    assert not close(desk, tenant).is_in_service
    assert subscription(desk, tenant)["status"] == "canceled"


def test_what_could_begin_a_subscription_ends_when_its_tenant_is_closed(desk: Desk) -> None:
    tenant = subscribed(desk)
    schedule = schedule_of(desk, tenant)
    desk.billing.cancel(tenant, BY, now=True)
    page = desk.billing.checkout(desk.again(tenant), "professional", "month", BACK, BY)
    close(desk, tenant)
    assert pay(page) == 410
    assert desk.gateway.retrieve("subscription_schedule", schedule)["status"] == "canceled"


def test_a_subscription_of_which_no_event_came_yet_keeps_its_tenant_from_being_closed(desk: Desk) -> None:
    tenant = desk.tenant("professional")
    assert pay(desk.billing.checkout(tenant, "professional", "month", BACK, BY)) == 303
    with pytest.raises(Conflict, match="goes on"):
        close(desk, tenant)
    assert desk.again(tenant).stripe_subscription_id == subscription(desk, tenant)["id"]


def test_while_stripe_does_not_answer_nobody_with_a_customer_is_closed(desk: Desk) -> None:
    tenant = subscribed(desk)
    desk.billing.cancel(tenant, BY, now=True)
    away = desk.control.settings.model_copy(update={"stripe_api_base": "http://127.0.0.1:9"})
    gateway = StripeGateway(away)
    closing = Closing(desk.control, Applier(desk.control, desk.inbox, gateway), gateway)
    with pytest.raises(Unavailable, match="Stripe does not answer"):
        closing.close(desk.again(tenant), BY)
    assert desk.again(tenant).is_in_service
    assert closing.settle() == 0


def test_who_waits_for_an_erasure_pays_for_no_further_period(desk: Desk) -> None:
    tenant, erasures = subscribed(desk), Erasures(desk.control, desk.stores)
    paid = charged(desk, tenant)
    request = erasures.request(tenant, BY)
    assert [settle(desk), settle(desk)] == [1, 0]
    assert subscription(desk, tenant)["cancel_at_period_end"]
    assert subscription(desk, tenant)["cancellation_details"]["comment"] == request.anonymous_id
    desk.pass_time(days=32)
    assert charged(desk, tenant) == paid
    assert subscription(desk, tenant)["status"] == "canceled"


def test_who_takes_the_erasure_back_is_subscribed_as_before(desk: Desk) -> None:
    tenant, erasures = subscribed(desk), Erasures(desk.control, desk.stores)
    paid = charged(desk, tenant)
    erasures.request(tenant, BY)
    settle(desk)
    erasures.withdraw(tenant, BY)
    assert [settle(desk), settle(desk)] == [1, 0]
    assert not desk.again(tenant).cancel_at_period_end
    desk.deliver()
    assert not desk.again(tenant).cancel_at_period_end
    desk.pass_time(days=32)
    assert charged(desk, tenant) == 2 * paid


def test_an_own_cancellation_outlasts_an_erasure_that_is_taken_back(desk: Desk) -> None:
    tenant, erasures = subscribed(desk), Erasures(desk.control, desk.stores)
    desk.billing.cancel(tenant, BY)
    erasures.request(desk.again(tenant), BY)
    assert settle(desk) == 0
    erasures.withdraw(tenant, BY)
    assert settle(desk) == 0
    assert subscription(desk, tenant)["cancel_at_period_end"]


def test_who_is_out_of_service_stays_subscribed_but_can_begin_nothing_new(desk: Desk) -> None:
    runs, new = subscribed(desk), desk.tenant("professional", name="New")
    page = desk.billing.checkout(new, "professional", "month", BACK, BY)
    for tenant in (runs, new):
        desk.control.tenants.deactivate(tenant.tenant_id, BY)
    assert settle(desk) == 0
    assert not subscription(desk, runs)["cancel_at_period_end"]
    assert pay(page) == 410


def test_a_customer_that_is_no_longer_at_stripe_keeps_nobody_from_being_closed(desk: Desk) -> None:
    tenant = subscribed(desk)
    desk.sandbox.call("DELETE", f"/v1/customers/{tenant.stripe_customer_id}")
    desk.deliver()
    assert not close(desk, tenant).is_in_service


def test_without_a_key_closing_goes_by_what_is_known_here(desk: Desk) -> None:
    runs, ended = subscribed(desk), subscribed(desk, name="Ended")
    desk.billing.cancel(ended, BY, now=True)
    without = desk.control.settings.model_copy(update={"stripe_api_key": None})
    closing = Closing.of(replace(desk.control, settings=without))
    with pytest.raises(Conflict, match="goes on"):
        closing.close(runs, BY)
    assert not closing.close(desk.again(ended), BY).is_in_service
    assert closing.settle() == 0
