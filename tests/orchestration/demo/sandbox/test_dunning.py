"""Refused cards: retries, past due, recovery, giving up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestration.demo.sandbox.errors import ApiError

if TYPE_CHECKING:
    from tests.orchestration.demo.sandbox.factories import Json, Shop


def _refused_renewal(shop: Shop, times: int | None) -> tuple[str, Json]:
    customer = shop.customer()
    made = shop.subscribe(customer=customer)
    card = shop.get(f"customers/{customer}")["invoice_settings"]["default_payment_method"]
    shop.sandbox.decline(card, "insufficient_funds", times)
    shop.wait(days=28, hours=1)
    return customer, made


def test_a_refused_renewal_is_past_due_and_says_when_it_is_tried_again(shop: Shop) -> None:
    customer, made = _refused_renewal(shop, None)
    invoice = shop.invoices(made)[-1]
    assert shop.subscription(made)["status"] == "past_due"
    assert (invoice["status"], invoice["attempt_count"], invoice["attempted"]) == ("open", 1, True)
    assert invoice["next_payment_attempt"] == invoice["status_transitions"]["finalized_at"] + 3 * 86_400
    assert shop.get(f"customers/{customer}")["delinquent"]
    charge = shop.get("charges", customer=customer)["data"][0]
    assert (charge["status"], charge["outcome"]["reason"]) == ("failed", "insufficient_funds")
    told = set(shop.event_types())
    assert {"invoice.payment_failed", "charge.failed", "payment_intent.payment_failed"} <= told


def test_a_retry_that_works_recovers_it(shop: Shop) -> None:
    customer, made = _refused_renewal(shop, 2)
    shop.wait(days=3)
    assert shop.subscription(made)["status"] == "past_due"
    shop.wait(days=5)
    assert shop.subscription(made)["status"] == "active"
    invoice = shop.invoices(made)[-1]
    assert (invoice["status"], invoice["attempt_count"]) == ("paid", 3)
    assert not shop.get(f"customers/{customer}")["delinquent"]


def test_the_last_failure_cancels_it(shop: Shop) -> None:
    _, made = _refused_renewal(shop, None)
    shop.wait(days=3 + 5 + 7)
    ended = shop.subscription(made)
    assert (ended["status"], ended["cancellation_details"]["reason"]) == ("canceled", "payment_failed")
    invoice = shop.invoices(made)[-1]
    assert (invoice["status"], invoice["attempt_count"], invoice["auto_advance"]) == ("open", 4, False)
    shop.wait(days=60)
    assert len(shop.invoices(made)) == 2


def test_the_account_can_leave_it_unpaid_instead(shop: Shop) -> None:
    shop.sandbox.configure([1], "unpaid")
    _, made = _refused_renewal(shop, None)
    shop.wait(days=1)
    assert shop.subscription(made)["status"] == "unpaid"
    shop.wait(days=31)
    last = shop.invoices(made)[-1]
    assert (last["status"], last["auto_advance"]) == ("draft", False)


def test_another_card_pays_what_is_open(shop: Shop) -> None:
    customer, made = _refused_renewal(shop, None)
    invoice = shop.invoices(made)[-1]
    with pytest.raises(ApiError, match="insufficient funds") as refused:
        shop.post(f"invoices/{invoice['id']}/pay")
    assert refused.value.error["decline_code"] == "insufficient_funds"
    assert shop.invoices(made)[-1]["attempt_count"] == 2
    shop.post(f"invoices/{invoice['id']}/pay", payment_method="pm_card_visa")
    assert shop.subscription(made)["status"] == "active"
    assert not shop.get(f"customers/{customer}")["delinquent"]
    with pytest.raises(ApiError, match="already paid"):
        shop.post(f"invoices/{invoice['id']}/pay")


def test_a_sent_invoice_becomes_overdue(shop: Shop) -> None:
    made = shop.subscribe(customer=shop.customer(None), collection_method="send_invoice", days_until_due=14)
    assert made["status"] == "active"
    invoice = shop.invoices(made)[0]
    assert (invoice["status"], invoice["due_date"] - invoice["created"]) == ("open", 14 * 86_400)
    shop.wait(days=14)
    assert "invoice.overdue" in shop.event_types()
    assert shop.subscription(made)["status"] == "past_due"
    shop.post(f"invoices/{invoice['id']}/pay", paid_out_of_band=True)
    assert shop.subscription(made)["status"] == "active"


def _open_invoice(shop: Shop, amount: int) -> tuple[str, Json]:
    """Finalize an invoice of a customer with a card; return the customer and the invoice."""
    customer = shop.customer()
    draft = shop.post("invoices", customer=customer, currency="gbp")
    shop.post("invoiceitems", customer=customer, invoice=draft["id"], currency="gbp", amount=amount)
    return customer, shop.post(f"invoices/{draft['id']}/finalize", auto_advance=False)


def _pay_beside(shop: Shop, customer: str, invoice: Json, amount: int) -> Json:
    form = {"customer": customer, "currency": "gbp", "amount": amount, "payment_method": "pm_card_visa"}
    intent = shop.post("payment_intents", confirm=True, **form)
    return shop.post(f"invoices/{invoice['id']}/attach_payment", payment_intent=intent["id"])


def _payments(shop: Shop, invoice: Json) -> list[tuple[str, str, int | None]]:
    found = shop.get("invoice_payments", invoice=invoice["id"])["data"]
    return sorted((each["payment"]["type"], each["status"], each["amount_paid"]) for each in found)


def test_an_invoice_is_paid_in_parts_and_the_rest_by_its_own_payment(shop: Shop) -> None:
    customer, invoice = _open_invoice(shop, 10_000)
    partly = _pay_beside(shop, customer, invoice, 4_000)
    assert (partly["status"], partly["amount_paid"], partly["amount_remaining"]) == ("open", 4_000, 6_000)
    shop.wait(days=40)
    paid = shop.post(f"invoices/{invoice['id']}/pay")
    assert (paid["status"], paid["amount_paid"], paid["amount_remaining"]) == ("paid", 10_000, 0)
    assert _payments(shop, invoice) == [("payment_intent", "paid", 4_000), ("payment_intent", "paid", 6_000)]
    told = [event["data"]["object"]["amount_paid"] for event in shop.events(type="invoice_payment.paid")]
    assert told[-1] == 6_000


def test_what_is_paid_too_much_becomes_credit(shop: Shop) -> None:
    customer, invoice = _open_invoice(shop, 10_000)
    paid = _pay_beside(shop, customer, invoice, 12_500)
    assert (paid["status"], paid["amount_paid"], paid["amount_overpaid"]) == ("paid", 10_000, 2_500)
    assert shop.get(f"customers/{customer}")["balance"] == -2_500


def test_a_payment_attached_before_it_succeeded_is_credited_when_it_does(shop: Shop) -> None:
    customer, invoice = _open_invoice(shop, 10_000)
    intent = shop.post("payment_intents", customer=customer, currency="gbp", amount=3_000)
    still = shop.post(f"invoices/{invoice['id']}/attach_payment", payment_intent=intent["id"])
    assert still["amount_paid"] == 0
    shop.post(f"payment_intents/{intent['id']}/confirm", payment_method="pm_card_visa")
    assert shop.get(f"invoices/{invoice['id']}")["amount_paid"] == 3_000


def test_what_is_paid_elsewhere_cancels_the_invoice_s_own_payment(shop: Shop) -> None:
    _, invoice = _open_invoice(shop, 10_000)
    paid = shop.post(f"invoices/{invoice['id']}/pay", paid_out_of_band=True)
    assert (paid["status"], paid["amount_paid"], paid["amount_remaining"]) == ("paid", 10_000, 0)
    assert _payments(shop, invoice) == [
        ("payment_intent", "canceled", None),
        ("payment_record", "paid", 10_000),
    ]


def test_a_payment_in_another_currency_cannot_be_attached(shop: Shop) -> None:
    customer, invoice = _open_invoice(shop, 10_000)
    intent = shop.post("payment_intents", customer=customer, currency="eur", amount=3_000)
    with pytest.raises(ApiError, match="another currency"):
        shop.post(f"invoices/{invoice['id']}/attach_payment", payment_intent=intent["id"])
