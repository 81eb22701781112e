"""The pages a person can click, offline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import pytest

from orchestration.demo.sandbox.pages.controls import reply

if TYPE_CHECKING:
    from orchestration.demo.sandbox import Sandbox
    from tests.orchestration.demo.sandbox.factories import Shop


def _get(sandbox: Sandbox, url: str) -> tuple[int, str]:
    status, _, body, _ = reply(sandbox, "GET", urlsplit(url).path, b"")
    return status, body.decode()


def _press(sandbox: Sandbox, url: str, **fields: str) -> tuple[int, str, str | None]:
    status, _, body, location = reply(sandbox, "POST", urlsplit(url).path, urlencode(fields).encode())
    return status, body.decode(), location


@pytest.fixture
def url(shop: Shop) -> str:
    session = shop.post(
        "checkout/sessions",
        mode="subscription",
        line_items=[{"price": shop.price(9900), "quantity": 2}],
        success_url="https://example.com/done?session={CHECKOUT_SESSION_ID}",
        cancel_url="https://example.com/back",
        subscription_data={"metadata": {"tenant_id": "ten_1"}},
    )
    assert session["amount_total"] == 19800
    return str(session["url"])


def test_checkout_subscribes_and_leads_back(sandbox: Sandbox, shop: Shop, url: str) -> None:
    status, text = _get(sandbox, url)
    assert status == 200
    assert "198.00 GBP" in text
    assert "https://example.com/back" in text
    status, _, location = _press(sandbox, url, card="pm_card_visa", email="new@example.com")
    session = shop.get("checkout/sessions")["data"][0]
    assert (status, location) == (303, f"https://example.com/done?session={session['id']}")
    assert (session["status"], session["payment_status"]) == ("complete", "paid")
    made = shop.get(f"subscriptions/{session['subscription']}")
    assert (made["status"], made["metadata"]) == ("active", {"tenant_id": "ten_1"})
    assert session["customer_details"]["email"] == "new@example.com"
    assert "checkout.session.completed" in shop.event_types()
    assert _get(sandbox, url)[0] == 410


@pytest.mark.parametrize("card", ["pm_card_chargeDeclined", "pm_card_chargeCustomerFail", "pm_card_none"])
def test_a_refused_card_keeps_checkout_open_and_changes_nothing(
    sandbox: Sandbox, shop: Shop, url: str, card: str
) -> None:
    status, text, location = _press(sandbox, url, card=card, email="new@example.com")
    assert (status, location) == (402, None)
    assert 'role="alert"' in text
    assert shop.get("checkout/sessions")["data"][0]["status"] == "open"
    assert shop.get("customers")["data"] == []
    assert _press(sandbox, url, card="pm_card_visa", email="new@example.com")[0] == 303


def test_an_abandoned_checkout_expires(sandbox: Sandbox, shop: Shop, url: str) -> None:
    shop.wait(days=1)
    assert shop.get("checkout/sessions")["data"][0]["status"] == "expired"
    assert _get(sandbox, url)[0] == 410


def test_checkout_keeps_a_card_without_charging_it(sandbox: Sandbox, shop: Shop) -> None:
    customer = shop.customer(None)
    session = shop.post(
        "checkout/sessions", mode="setup", customer=customer, success_url="https://example.com"
    )
    assert _press(sandbox, session["url"], card="pm_card_visa")[0] == 303
    assert len(shop.get(f"customers/{customer}/payment_methods")["data"]) == 1


def test_the_portal_cancels_keeps_and_changes_the_card(sandbox: Sandbox, shop: Shop) -> None:
    made = shop.subscribe()
    session = shop.post(
        "billing_portal/sessions", customer=made["customer"], return_url="https://example.com/home"
    )
    status, text = _get(sandbox, session["url"])
    assert status == 200
    for shown in ("Starter", "active", "Cancel at the end of the period", "https://example.com/home"):
        assert shown in text
    _press(sandbox, session["url"], do="cancel", subscription=made["id"])
    assert shop.subscription(made)["cancel_at_period_end"]
    assert "Keep it" in _get(sandbox, session["url"])[1]
    _press(sandbox, session["url"], do="keep", subscription=made["id"])
    assert not shop.subscription(made)["cancel_at_period_end"]
    _press(sandbox, session["url"], do="card", card="pm_card_mastercard")
    card = shop.get(f"customers/{made['customer']}")["invoice_settings"]["default_payment_method"]
    assert shop.get(f"payment_methods/{card}")["card"]["brand"] == "mastercard"


def test_a_card_chosen_at_the_portal_pays_also_for_what_checkout_gave_its_own(
    sandbox: Sandbox, shop: Shop, url: str
) -> None:
    _press(sandbox, url, card="pm_card_visa", email="new@example.com")
    made = shop.get("subscriptions")["data"][0]
    session = shop.post("billing_portal/sessions", customer=made["customer"])
    assert _press(sandbox, session["url"], do="card", card="pm_card_mastercard")[0] == 303
    card = shop.subscription(made)["default_payment_method"]
    assert card != made["default_payment_method"]
    assert shop.get(f"payment_methods/{card}")["card"]["brand"] == "mastercard"


def test_the_portal_changes_the_plan_to_one_on_sale_in_the_same_currency(
    sandbox: Sandbox, shop: Shop
) -> None:
    made, dearer, dollars = shop.subscribe(), shop.price(29900), shop.price(100, currency="usd")
    session = shop.post("billing_portal/sessions", customer=made["customer"])
    text = _get(sandbox, session["url"])[1]
    assert f'value="{dearer}"' in text
    assert "299.00 GBP every month" in text
    assert dollars not in text
    change = {"do": "change", "subscription": made["id"]}
    assert _press(sandbox, session["url"], **change, price=dollars)[0] == 402
    assert _press(sandbox, session["url"], **change, price=dearer)[0] == 303
    assert shop.subscription(made)["items"]["data"][0]["price"]["id"] == dearer


def test_the_portal_reaches_only_its_own_customer(sandbox: Sandbox, shop: Shop) -> None:
    own, other = shop.subscribe(), shop.subscribe()
    session = shop.post("billing_portal/sessions", customer=own["customer"])
    _press(sandbox, session["url"], do="cancel", subscription=other["id"])
    assert not shop.subscription(other)["cancel_at_period_end"]


def test_a_hosted_invoice_is_shown_and_paid(sandbox: Sandbox, shop: Shop) -> None:
    made = shop.subscribe(customer=shop.customer(None, name="A & <B>"), collection_method="send_invoice")
    url = shop.invoices(made)[0]["hosted_invoice_url"]
    assert "Pay" in _get(sandbox, url)[1]
    assert _press(sandbox, url, card="pm_card_visa")[0] == 303
    assert shop.invoices(made)[0]["status"] == "paid"
    charge = shop.get("charges")["data"][0]
    assert "99.00 GBP" in _get(sandbox, charge["receipt_url"])[1]


def test_what_people_typed_is_escaped(sandbox: Sandbox, shop: Shop) -> None:
    made = shop.subscribe(customer=shop.customer(name="<script>alert(1)</script>"))
    session = shop.post("billing_portal/sessions", customer=made["customer"])
    assert not re.search(r"<script>", _get(sandbox, session["url"])[1])


def test_an_unknown_page_says_so(sandbox: Sandbox) -> None:
    assert _get(sandbox, "/_sandbox/invoices/in_none")[0] == 404
    assert _get(sandbox, "/favicon.ico")[0] == 404
