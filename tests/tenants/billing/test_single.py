"""A tenant has one subscription, whoever asks for a second one, however, and whenever."""

from __future__ import annotations

import threading
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tenants.billing.comparison import compare
from tenants.billing.gateway import StripeGateway
from tenants.billing.service import Billing
from tenants.errors import Conflict, PaymentRequired, Unavailable
from tests.tenants.factories import BY

if TYPE_CHECKING:
    from tenants.billing.gateway import Json
    from tenants.billing.state import BillingState
    from tenants.tenancy import Tenant
    from tests.tenants.billing.conftest import Desk

BACK = "https://loki.example/billing"


def live(desk: Desk, tenant: Tenant) -> list[str]:
    customer = desk.again(tenant).stripe_customer_id
    listed = desk.sandbox.call("GET", "/v1/subscriptions", {"customer": customer})
    return [each["id"] for each in listed["data"]]


def pay(url: str) -> int:
    """Fill in a Checkout page, and return the status of the answer."""
    form = urllib.parse.urlencode({"card": "pm_card_visa"}).encode()

    class Staying(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any, **__: Any) -> None:
            return None

    try:
        with urllib.request.build_opener(Staying).open(url, form, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize("count", [2, 6])
def test_of_parallel_calls_for_different_plans_one_succeeds_and_the_others_conflict(
    desk: Desk, count: int
) -> None:
    tenant, together = desk.tenant(), threading.Barrier(count)

    def subscribe(number: int) -> BillingState | Conflict:
        billing = Billing(desk.control, desk.inbox, StripeGateway(desk.control.settings))
        together.wait(10)
        try:
            plan = ("starter", "professional")[number % 2]
            return billing.subscribe(tenant, plan, "month", BY, "pm_card_visa")
        except Conflict as refusal:
            return refusal

    with ThreadPoolExecutor(count) as pool:
        answers = list(pool.map(subscribe, range(count)))
    refusals = [answer for answer in answers if isinstance(answer, Conflict)]
    assert len(refusals) == count - 1
    assert all("already" in each.message or "at this moment" in each.message for each in refusals)
    assert len(live(desk, tenant)) == 1


class Slow(StripeGateway):
    """Waits in the middle of a subscription until it may go on."""

    within, may_go_on = threading.Event(), threading.Event()

    def subscribe(self, params: Json, key: str) -> Json:
        self.within.set()
        assert self.may_go_on.wait(20)
        return super().subscribe(params, key)


def test_while_a_subscription_begins_neither_another_nor_a_checkout_page_does(desk: Desk) -> None:
    tenant, other = desk.tenant(), desk.tenant(name="Other")
    slow = Billing(desk.control, desk.inbox, Slow(desk.control.settings))
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(slow.subscribe, tenant, "starter", "month", BY)
        try:
            assert Slow.within.wait(20)
            with pytest.raises(Conflict, match="at this moment"):
                desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
            with pytest.raises(Conflict, match="at this moment"):
                desk.billing.checkout(tenant, "professional", "month", BACK, BY)
            assert desk.billing.subscribe(other, "starter", "month", BY).plan == "starter"
        finally:
            Slow.may_go_on.set()
        assert first.result(20).plan == "starter"
    assert len(live(desk, tenant)) == 1


def test_a_declined_card_does_not_keep_the_tenant_from_trying_another(desk: Desk) -> None:
    tenant = desk.tenant("professional")
    with pytest.raises(PaymentRequired):
        desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_chargeCustomerFail")
    assert desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa").plan == "professional"


def test_of_two_open_checkout_pages_only_the_newer_one_can_be_paid(desk: Desk) -> None:
    tenant = desk.tenant("professional")
    older = desk.billing.checkout(tenant, "professional", "month", BACK, BY)
    newer = desk.billing.checkout(tenant, "professional", "year", BACK, BY)
    assert (pay(older), pay(newer)) == (410, 303)
    assert len(live(desk, tenant)) == 1


def test_a_subscription_closes_the_checkout_pages_that_were_open(desk: Desk) -> None:
    tenant = desk.tenant("professional")
    page = desk.billing.checkout(tenant, "professional", "month", BACK, BY)
    desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa")
    assert pay(page) == 410
    assert len(live(desk, tenant)) == 1


def test_a_subscription_of_which_no_event_came_yet_refuses_another_and_is_taken_in(desk: Desk) -> None:
    tenant = desk.tenant("professional")
    assert pay(desk.billing.checkout(tenant, "professional", "month", BACK, BY)) == 303
    assert desk.billing.state(desk.again(tenant)).subscription_id is None
    with pytest.raises(Conflict, match="subscription to professional already"):
        desk.billing.checkout(tenant, "starter", "month", BACK, BY)
    with pytest.raises(Conflict, match="subscription to professional already"):
        desk.billing.subscribe(tenant, "starter", "month", BY)
    customer = desk.again(tenant).stripe_customer_id
    assert (
        desk.sandbox.call("GET", "/v1/checkout/sessions", {"customer": customer, "status": "open"})["data"]
        == []
    )
    assert [desk.billing.state(desk.again(tenant)).subscription_id] == live(desk, tenant)


class Losing(StripeGateway):
    """Loses the answer to a subscription that Stripe began."""

    def subscribe(self, params: Json, key: str) -> Json:
        super().subscribe(params, key)
        message = "Stripe does not answer."
        raise Unavailable(message, "stripe_unavailable")


def test_the_same_request_again_after_a_lost_answer_finds_its_own_subscription(desk: Desk) -> None:
    tenant = desk.tenant()
    losing = Billing(desk.control, desk.inbox, Losing(desk.control.settings))
    with pytest.raises(Unavailable):
        losing.subscribe(tenant, "starter", "month", BY)
    assert [desk.billing.subscribe(tenant, "starter", "month", BY).subscription_id] == live(desk, tenant)


def test_the_comparison_names_a_second_live_subscription_and_leaves_both_as_they_are(desk: Desk) -> None:
    tenant = desk.tenant("professional")
    first = desk.billing.subscribe(tenant, "professional", "month", BY, "pm_card_visa").subscription_id
    desk.deliver()
    body = desk.sandbox.call("GET", f"/v1/subscriptions/{first}")
    form = {"customer": body["customer"], "items": [{"price": body["items"]["data"][0]["price"]["id"]}]}
    second = desk.sandbox.call("POST", "/v1/subscriptions", form)["id"]
    both = sorted([str(first), second])
    for _ in range(2):  # what is taken in the first time is no reason not to tell it again
        found = compare(desk.control, desk.billing.applier, desk.gateway)
        told = [one for one in found if one.field == "second_subscription"]
        assert [(one.tenant_id, one.object_id, one.stripes) for one in told] == [
            (tenant.tenant_id, body["customer"], ", ".join(both))
        ]
    assert sorted(live(desk, tenant)) == both
    desk.sandbox.call("DELETE", f"/v1/subscriptions/{second}")
    desk.deliver()
    assert compare(desk.control, desk.billing.applier, desk.gateway) == []
