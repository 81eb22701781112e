"""What an erasure ends at Stripe, over HTTP against an account."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from tenants.billing.ending import Ender, held_at_stripe, planned, running
from tenants.billing.ending_records import Ending, Held, StillCharged
from tenants.billing.gateway import StripeGateway
from tests.tenants.billing.test_single import BACK, pay
from tests.tenants.billing.using import use
from tests.tenants.factories import BY

if TYPE_CHECKING:
    from tenants.billing.gateway import Json
    from tenants.tenancy import Tenant
    from tests.tenants.billing.conftest import Desk


def subscribed(desk: Desk) -> Tenant:
    tenant = desk.tenant(billing_email="ada@acme.test")
    desk.billing.subscribe(tenant, "starter", "month", BY, "pm_card_visa")
    return desk.again(tenant)


def end(
    desk: Desk, tenant: Tenant, earlier: Held | None = None, gateway: StripeGateway | None = None
) -> tuple[Ending, Held]:
    noted: list[Held] = []
    ender = Ender(desk.control, desk.stores, gateway or desk.gateway, "erased_a")
    customers = frozenset([str(tenant.stripe_customer_id)])
    return ender.end(tenant, customers, earlier or Held(), noted.append), (noted or [Held()])[-1]


def schedule_of(desk: Desk, tenant: Tenant) -> str:
    """A schedule that begins a subscription in forty days."""
    (subscription,) = desk.gateway.subscriptions(tenant.stripe_customer_id)
    begins = int((desk.clock.now() + timedelta(days=40)).timestamp())
    items = [{"price": subscription["items"]["data"][0]["price"]["id"]}]
    wanted = {"customer": tenant.stripe_customer_id, "start_date": begins, "phases": [{"items": items}]}
    return str(desk.sandbox.call("POST", "/v1/subscription_schedules", wanted)["id"])


def page_of(desk: Desk, tenant: Tenant) -> Json:
    """A Checkout page that somebody opened beside a subscription."""
    items = [{"price": next(desk.gateway.prices({}))["id"], "quantity": 1}]
    wanted = {"mode": "subscription", "customer": tenant.stripe_customer_id, "line_items": items}
    return desk.gateway.checkout({**wanted, "success_url": BACK, "cancel_url": BACK})


def test_all_that_could_charge_ends_and_the_certificate_names_it(desk: Desk) -> None:
    tenant = subscribed(desk)
    (subscription,) = running(desk.control, tenant)
    schedule, page = schedule_of(desk, tenant), page_of(desk, tenant)
    (card,) = desk.gateway.payment_methods(str(tenant.stripe_customer_id))
    told, noted = end(desk, tenant)
    assert told.done == noted
    assert told.done == Held(
        pages=[page["id"]],
        schedules=[schedule],
        subscriptions=[subscription],
        payment_methods=[card["id"]],
        customers=[str(tenant.stripe_customer_id)],
    )
    assert told.ended_otherwise == []
    assert pay(page["url"]) == 410
    desk.deliver()
    assert running(desk.control, tenant) == []
    desk.pass_time(days=60)
    statuses = [each["status"] for each in desk.gateway.subscriptions(tenant.stripe_customer_id)]
    assert statuses == ["canceled"]


def test_the_customer_keeps_nothing_that_names_people(desk: Desk) -> None:
    tenant = subscribed(desk)
    address = {"line1": "1 High Street", "country": "GB"}
    told = {
        "phone": "+44 20 7946 0000",
        "description": "Ada's account",
        "address": address,
        "shipping": {"name": "Ada", "address": address},
        "metadata": {"contact": "Ada"},
        "invoice_settings": {"footer": "For Ada", "custom_fields": [{"name": "To", "value": "Ada"}]},
    }
    path = f"/v1/customers/{tenant.stripe_customer_id}"
    desk.sandbox.call("POST", path, told)
    end(desk, tenant)
    left = desk.sandbox.call("GET", path)
    assert (left["name"], left["metadata"]) == ("erased_a", {"tenant_id": "erased_a"})
    assert "Ada" not in str(left)
    assert "ada@" not in str(left)
    assert [left[name] for name in ("email", "phone", "address", "shipping", "description")] == [None] * 5


def test_repeating_it_certifies_what_an_interrupted_run_did(desk: Desk) -> None:
    tenant = subscribed(desk)
    schedule_of(desk, tenant)
    page_of(desk, tenant)
    told, noted = end(desk, tenant)
    assert end(desk, tenant, noted)[0] == told


def test_what_somebody_else_canceled_is_no_work_of_the_erasure(desk: Desk) -> None:
    tenant = subscribed(desk)
    noted = held_at_stripe(desk.gateway, [str(tenant.stripe_customer_id)])
    desk.billing.cancel(tenant, BY, now=True)
    assert end(desk, tenant)[0].done.subscriptions == []
    assert end(desk, tenant, noted)[0].ended_otherwise == noted.subscriptions


def test_what_ran_out_since_the_request_is_certified_too(desk: Desk) -> None:
    tenant = subscribed(desk)
    (subscription,) = running(desk.control, tenant)
    wish = {"cancel_at_period_end": True, "cancellation_details": {"comment": "erased_a"}}
    desk.gateway.update_subscription(subscription, wish)
    desk.pass_time(days=32)
    assert end(desk, tenant)[0].done.subscriptions == [subscription]


def test_a_subscription_paid_for_while_its_page_is_closed_is_canceled_too(desk: Desk) -> None:
    tenant = subscribed(desk)
    page = page_of(desk, tenant)

    class Paying(StripeGateway):
        def expire_checkout(self, session_id: str) -> Json:
            assert pay(page["url"]) == 303
            return super().expire_checkout(session_id)

    told, _ = end(desk, tenant, gateway=Paying(desk.control.settings))
    assert len(told.done.subscriptions) == 2
    assert told.ended_otherwise == [page["id"]]
    statuses = [each["status"] for each in desk.gateway.subscriptions(tenant.stripe_customer_id)]
    assert statuses == ["canceled", "canceled"]


@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_customer_that_is_no_longer_there_stops_nothing(desk: Desk, is_deleted: bool) -> None:  # noqa: FBT001 - a case
    tenant = subscribed(desk)
    if is_deleted:
        desk.sandbox.call("DELETE", f"/v1/customers/{tenant.stripe_customer_id}")
    else:
        desk.control.tenants.update(tenant.tenant_id, BY, stripe_customer_id="cus_of_another_account")
    told, _ = end(desk, desk.again(tenant))
    assert told.done == Held(missing_customers=[str(desk.again(tenant).stripe_customer_id)])
    assert "does not have the customer any more" in told.note


def test_what_is_not_charged_any_more_is_told_before_and_certified(desk: Desk) -> None:
    tenant = subscribed(desk)
    customer = str(tenant.stripe_customer_id)
    item = desk.gateway.create_invoice_item({"customer": customer, "amount": 1230, "currency": "gbp"}, "k")
    line = f"12.30 GBP waiting for an invoice as {item['id']}"
    before = planned(desk.control, desk.stores, desk.gateway, tenant, frozenset([customer]))
    assert f"not charged: {line}" in before
    assert f"cancel subscription: {running(desk.control, tenant)[0]}" in before
    assert end(desk, tenant)[0].not_charged == [line]


@pytest.mark.parametrize("desk", ["iris"], indirect=True)
def test_use_above_quotas_that_no_charge_was_kept_for_is_told_and_certified(desk: Desk) -> None:
    tenant = subscribed(desk)
    use(desk, tenant, "a", "conversations", "1100")
    began = desk.clock.now()
    desk.pass_time(days=32)
    use(desk, desk.again(tenant), "b", "api_calls", "3000")
    of = desk.control.tenants.entitlements(desk.again(tenant)).period
    then, now = of(began).start, of(desk.clock.now()).start
    lines = [
        f"2.00 USD for 2000 api_calls above the quota from {now:%Y-%m-%d}, not yet charged",
        f"10.00 USD for 100 conversations above the quota from {then:%Y-%m-%d}, not yet charged",
    ]
    customers = frozenset([str(tenant.stripe_customer_id)])
    told = planned(desk.control, desk.stores, desk.gateway, desk.again(tenant), customers)
    assert [f"not charged: {line}" for line in lines] == told[-2:]
    assert end(desk, desk.again(tenant))[0].not_charged == lines
    desk.stores.drop(tenant.tenant_id)
    assert end(desk, desk.again(tenant))[0].not_charged == []


def test_a_refused_key_ends_nothing_and_says_so(desk: Desk) -> None:
    tenant = subscribed(desk)
    refused = desk.control.settings.model_copy(update={"stripe_api_key": SecretStr("sk_test_wrong")})
    with pytest.raises(StillCharged, match=r"erased_a is not erased yet.*Stripe refused the key"):
        end(desk, tenant, gateway=StripeGateway(refused))
    assert len(running(desk.control, tenant)) == 1
    told = planned(desk.control, desk.stores, StripeGateway(refused), tenant, frozenset(["cus_a"]))
    assert "an erasure would wait" in told[0]
