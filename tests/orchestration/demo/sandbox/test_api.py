"""The real `stripe` client speaks to the sandbox over HTTP as it speaks to Stripe."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

import pytest
import stripe

from orchestration.demo.sandbox.server import RateLimit

if TYPE_CHECKING:
    from orchestration.demo.sandbox import Sandbox
    from tests.orchestration.demo.sandbox.factories import Shop


def test_a_customer_is_created_changed_and_deleted(client: stripe.StripeClient) -> None:
    made = client.v1.customers.create(
        {"email": "a@example.com", "metadata": {"tenant_id": "ten_1", "seat": "a"}}
    )
    changed = client.v1.customers.update(made.id, {"name": "A Ltd", "metadata": {"seat": ""}})
    assert changed.metadata is not None
    assert (changed.name, changed.metadata.to_dict()) == ("A Ltd", {"tenant_id": "ten_1"})
    assert client.v1.customers.delete(made.id).deleted
    gone = client.v1.customers.retrieve(made.id)
    assert gone.deleted
    assert list(client.v1.customers.list().auto_paging_iter()) == []


def test_auto_paging_walks_a_list_newest_first_and_back(client: stripe.StripeClient) -> None:
    ids = [client.v1.customers.create({"name": str(number)}).id for number in range(25)]
    forwards = [each.id for each in client.v1.customers.list({"limit": 10}).auto_paging_iter()]
    assert forwards == ids[::-1]
    page = client.v1.customers.list({"limit": 10, "ending_before": ids[0]})
    assert [each.id for each in page.data] == ids[1:11][::-1]
    assert page.has_more
    assert page.url == "/v1/customers"


def test_lists_filter_by_field_and_by_time(client: stripe.StripeClient, shop: Shop) -> None:
    early = shop.customer(None)
    shop.wait(days=2)
    late = client.v1.customers.create({"email": "late@example.com"})
    found = client.v1.customers.list({"created": {"gte": late.created}})
    assert [each.id for each in found.data] == [late.id]
    before = client.v1.customers.list({"created": {"lt": late.created}})
    assert [each.id for each in before.data] == [early]
    assert [each.id for each in client.v1.customers.list({"email": "late@example.com"}).data] == [late.id]


@pytest.mark.parametrize("limit", [0, 101])
def test_a_page_holds_one_to_a_hundred(client: stripe.StripeClient, limit: int) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.customers.list({"limit": limit})
    assert refused.value.param == "limit"


def test_errors_are_stripes(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as missing:
        client.v1.customers.retrieve("cus_none")
    error = missing.value
    assert (error.http_status, error.code, error.param) == (404, "resource_missing", "id")
    assert error.user_message == "No such customer: 'cus_none'"
    assert str(error.request_id).startswith("req_")
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        client.v1.customers.create({"colour": "red"})  # type: ignore[typeddict-unknown-key]
    assert (unknown.value.code, unknown.value.param) == ("parameter_unknown", "colour")
    with pytest.raises(stripe.InvalidRequestError) as unfit:
        client.v1.customers.create({"balance": "much"})  # type: ignore[typeddict-item]
    assert (unfit.value.code, unfit.value.param) == ("parameter_invalid_integer", "balance")


@pytest.mark.usefixtures("client")
def test_a_wrong_key_is_refused_with_401(sandbox: Sandbox) -> None:
    stranger = stripe.StripeClient("sk_test_wrongwrongwrong", base_addresses={"api": sandbox.url})
    with pytest.raises(stripe.AuthenticationError) as refused:
        stranger.v1.customers.list()
    assert refused.value.http_status == 401
    assert "sk_test_" in str(refused.value)
    assert "wrongwrong" not in str(refused.value)


def test_a_retried_request_acts_once_and_gets_the_same_answer(client: stripe.StripeClient) -> None:
    options: stripe.RequestOptions = {"idempotency_key": "once"}
    first = client.v1.customers.create({"name": "A"}, options)
    again = client.v1.customers.create({"name": "A"}, options)
    assert first.id == again.id
    assert again.last_response is not None
    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert len(client.v1.customers.list().data) == 1
    with pytest.raises(stripe.IdempotencyError) as refused:
        client.v1.customers.create({"name": "B"}, options)
    assert refused.value.http_status == 400
    assert len(client.v1.customers.list().data) == 1


def test_errors_are_replayed_too(client: stripe.StripeClient) -> None:
    options: stripe.RequestOptions = {"idempotency_key": "bad"}
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.subscriptions.create({"customer": "cus_none", "items": [{"price": "x"}]}, options)


def test_too_many_requests_are_put_off(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.rate_limit = RateLimit(2.0)
    client.v1.customers.list({"limit": 1})
    client.v1.customers.list({"limit": 2})
    with pytest.raises(stripe.RateLimitError) as refused:
        client.v1.customers.list({"limit": 3})
    assert refused.value.http_status == 429
    assert (refused.value.headers or {})["retry-after"] == "1"


def test_expansion_reaches_four_levels_and_no_further(client: stripe.StripeClient, shop: Shop) -> None:
    tiers = [{"up_to": 3, "unit_amount": 10}, {"up_to": "inf", "unit_amount": 8}]
    price = shop.price(None, billing_scheme="tiered", tiers_mode="graduated", tiers=tiers)
    made = shop.subscribe(price)
    found = client.v1.subscriptions.retrieve(made["id"], {"expand": ["customer", "latest_invoice.payments"]})
    assert isinstance(found.customer, stripe.Customer)
    assert isinstance(found.latest_invoice, stripe.Invoice)
    assert found.latest_invoice.payments is not None
    whole = client.v1.subscriptions.retrieve(made["id"], {"expand": ["items.data.price.tiers"]})
    assert [each.up_to for each in whole["items"].data[0].price.tiers or []] == [3, None]
    listed = client.v1.prices.list({"expand": ["data.tiers"]})
    assert listed.data[0].tiers == whole["items"].data[0].price.tiers
    for path in ("data.items.data.price.tiers", "data.nothing", "data.status"):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.subscriptions.list({"expand": [path]})
        assert refused.value.param == "expand"


def test_nested_lists_end_at_ten_and_have_their_own_route(client: stripe.StripeClient, shop: Shop) -> None:
    items = [{"price": shop.price(100 + number)} for number in range(13)]
    made = client.v1.subscriptions.retrieve(shop.subscribe(items=items)["id"])
    assert (len(made["items"].data), made["items"].has_more) == (10, True)
    whole = list(made["items"].auto_paging_iter())
    assert [each.price.unit_amount for each in whole] == [100 + number for number in range(13)]
    invoice = client.v1.invoices.retrieve(str(made.latest_invoice))
    assert (len(invoice.lines.data), invoice.lines.has_more) == (10, True)
    assert sum(line.amount for line in invoice.lines.auto_paging_iter()) == invoice.total


def test_the_version_and_the_request_are_named_in_the_answer(client: stripe.StripeClient) -> None:
    made = client.v1.customers.create({})
    assert made.last_response is not None
    assert made.last_response.headers["stripe-version"] == "2026-10-28.endive"
    [event] = client.v1.events.list({"type": "customer.created"}).data
    assert event.request is not None
    assert event.request.id == made.last_response.request_id
    assert event.api_version == "2026-10-28.endive"


def test_an_address_that_is_no_route_is_404(sandbox: Sandbox, client: stripe.StripeClient) -> None:
    request = urllib.request.Request(  # noqa: S310 - a loopback address
        f"{sandbox.url}/v1/unicorns", headers={"Authorization": f"Bearer {sandbox.api_key}"}
    )
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        urllib.request.urlopen(request)  # noqa: S310 - a loopback address
    refused.value.close()
    assert client.v1.customers.list().data == []


def test_a_failed_request_changes_nothing(client: stripe.StripeClient, shop: Shop) -> None:
    customer = shop.customer()
    shop.sandbox.decline(shop.get(f"customers/{customer}")["invoice_settings"]["default_payment_method"])
    before = len(shop.events())
    with pytest.raises(stripe.CardError):
        client.v1.subscriptions.create({
            "customer": customer,
            "items": [{"price": shop.price()}],
            "payment_behavior": "error_if_incomplete",
        })  # fmt: skip
    assert client.v1.subscriptions.list({"status": "all"}).data == []
    assert client.v1.invoices.list().data == []
    assert {"customer.subscription.created", "invoice.created"} & set(shop.event_types()[before:]) == set()
