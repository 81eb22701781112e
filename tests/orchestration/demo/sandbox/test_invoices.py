"""Invoices by hand, previews, invoice items, refunds, credit notes, disputes."""

from __future__ import annotations

import pytest

from orchestration.demo.sandbox.errors import ApiError
from tests.orchestration.demo.sandbox.factories import Shop, at


def test_a_preview_is_the_invoice_that_then_comes(shop: Shop) -> None:
    made = shop.subscribe(shop.price(3000, "day", 30))
    shop.wait(days=12)
    preview = shop.post("invoices/create_preview", subscription=made["id"])
    assert preview["id"].startswith("upcoming_in_")
    shop.wait(days=18)
    real = shop.invoices(made)[-1]
    assert (shop.lines(preview), preview["total"]) == (shop.lines(real), real["total"])
    assert preview["created"] == real["created"]


def test_a_preview_of_a_change_changes_nothing(shop: Shop) -> None:
    made = shop.subscribe(shop.price(1000, "day", 30))
    shop.wait(days=15)
    change = {"id": made["items"]["data"][0]["id"], "price": shop.price(2000, "day", 30)}
    before, known = shop.subscription(made), len(shop.events())
    details = {
        "items": [change],
        "proration_behavior": "always_invoice",
        "proration_date": at(shop.sandbox.now),
    }
    preview = shop.post("invoices/create_preview", subscription=made["id"], subscription_details=details)
    assert preview["amount_due"] == 500
    assert shop.subscription(made) == before
    assert len(shop.events()) == known
    shop.post(f"subscriptions/{made['id']}", items=[change], proration_behavior="always_invoice")
    assert shop.invoices(made)[-1]["total"] == 500


def test_a_subscription_that_does_not_exist_yet_can_be_previewed(shop: Shop) -> None:
    details = {"items": [{"price": shop.price(9900), "quantity": 3}]}
    preview = shop.post("invoices/create_preview", customer=shop.customer(None), subscription_details=details)
    assert preview["total"] == 29700
    assert shop.get("subscriptions", status="all")["data"] == []


def test_a_canceled_subscription_has_no_preview(shop: Shop) -> None:
    made = shop.subscribe()
    shop.delete(f"subscriptions/{made['id']}")
    with pytest.raises(ApiError, match="No upcoming invoices") as refused:
        shop.post("invoices/create_preview", subscription=made["id"])
    assert refused.value.error["code"] == "invoice_upcoming_none"


def test_invoice_items_wait_for_the_next_invoice(shop: Shop) -> None:
    customer = shop.customer()
    made = shop.subscribe(shop.price(1000), customer)
    kept = shop.post("invoiceitems", customer=customer, currency="gbp", amount=700, description="Workshop")
    dropped = shop.post("invoiceitems", customer=customer, currency="gbp", amount=300)
    shop.post(f"invoiceitems/{kept['id']}", amount=750)
    shop.delete(f"invoiceitems/{dropped['id']}")
    assert [each["id"] for each in shop.get("invoiceitems", pending=True, created={"gte": 1})["data"]] == [
        kept["id"]
    ]
    shop.wait(days=28, hours=1)
    last = shop.invoices(made)[-1]
    assert shop.lines(last) == [("Workshop", 750), ("1 × Starter", 1000)]
    assert last["lines"]["data"][0]["parent"]["type"] == "invoice_item_details"
    assert shop.get(f"invoiceitems/{kept['id']}")["invoice"] == last["id"]
    with pytest.raises(ApiError, match="no longer editable"):
        shop.delete(f"invoiceitems/{kept['id']}")


def test_an_invoice_by_hand_is_drafted_filled_finalized_and_paid(shop: Shop) -> None:
    customer = shop.customer()
    draft = shop.post("invoices", customer=customer, currency="gbp")
    shop.post("invoiceitems", customer=customer, invoice=draft["id"], currency="gbp", amount=4200)
    final = shop.post(f"invoices/{draft['id']}/finalize")
    assert (final["status"], final["amount_due"], final["number"][-5:]) == ("open", 4200, "-0001")
    paid = shop.post(f"invoices/{draft['id']}/pay")
    assert (paid["status"], paid["amount_paid"], paid["amount_remaining"]) == ("paid", 4200, 0)
    [payment] = shop.get("invoice_payments", invoice=draft["id"])["data"]
    assert (payment["status"], payment["amount_paid"]) == ("paid", 4200)
    charge = shop.get("charges", payment_intent=payment["payment"]["payment_intent"])["data"][0]
    entry = shop.get(f"balance_transactions/{charge['balance_transaction']}")
    assert (entry["amount"], entry["net"]) == (4200, 4200 - entry["fee"])
    found = shop.get(
        "invoice_payments", payment={"type": "payment_intent", "payment_intent": charge["payment_intent"]}
    )
    assert [each["invoice"] for each in found["data"]] == [draft["id"]]


def test_a_draft_takes_along_the_pending_items_that_are_named_and_each_once(shop: Shop) -> None:
    customer = shop.customer()
    named, other = (shop.post("invoiceitems", customer=customer, currency="gbp", amount=n) for n in (300, 50))
    draft = shop.post("invoices", customer=customer, currency="gbp")
    lines = [{"invoice_item": named["id"]}]
    assert shop.post(f"invoices/{draft['id']}/add_lines", lines=lines)["total"] == 300
    assert shop.get(f"invoiceitems/{other['id']}")["invoice"] is None
    for whose in (customer, shop.customer()):
        later = shop.post("invoices", customer=whose, currency="gbp")
        with pytest.raises(ApiError, match="already"):
            shop.post(f"invoices/{later['id']}/add_lines", lines=lines)
    shop.post(f"invoices/{draft['id']}/finalize")
    with pytest.raises(ApiError, match="draft"):
        shop.post(f"invoices/{draft['id']}/add_lines", lines=[{"invoice_item": other["id"]}])


def test_drafts_are_deleted_and_open_invoices_voided(shop: Shop) -> None:
    customer = shop.customer()
    draft = shop.post("invoices", customer=customer, currency="gbp")
    assert shop.delete(f"invoices/{draft['id']}")["deleted"]
    shop.post("invoiceitems", customer=customer, currency="gbp", amount=100)
    other = shop.post("invoices", customer=customer, pending_invoice_items_behavior="include")
    shop.post(f"invoices/{other['id']}/finalize")
    assert shop.post(f"invoices/{other['id']}/void")["status"] == "void"
    with pytest.raises(ApiError, match="is void"):
        shop.post(f"invoices/{other['id']}/void")


def test_a_charge_is_refunded_in_parts_but_never_more_than_it_was(shop: Shop) -> None:
    made = shop.subscribe(shop.price(9900))
    charge = shop.get("charges", customer=made["customer"])["data"][0]
    shop.post("refunds", charge=charge["id"], amount=900)
    assert shop.get(f"charges/{charge['id']}")["amount_refunded"] == 900
    shop.post("refunds", payment_intent=charge["payment_intent"])
    whole = shop.get(f"charges/{charge['id']}", expand=["refunds"])
    assert whole["refunded"]
    assert [each["amount"] for each in whole["refunds"]["data"]] == [9000, 900]
    with pytest.raises(ApiError, match="already been refunded"):
        shop.post("refunds", charge=charge["id"])


def test_a_credit_note_before_payment_lowers_what_is_due(shop: Shop) -> None:
    customer = shop.customer()
    shop.post("invoiceitems", customer=customer, currency="gbp", amount=1000)
    invoice = shop.post("invoices", customer=customer, pending_invoice_items_behavior="include")
    shop.post(f"invoices/{invoice['id']}/finalize")
    note = shop.post("credit_notes", invoice=invoice["id"], amount=400)
    assert (note["type"], note["number"][-6:]) == ("pre_payment", "-CN-01")
    assert shop.get(f"invoices/{invoice['id']}")["amount_remaining"] == 600
    assert shop.post(f"credit_notes/{note['id']}/void")["status"] == "void"
    shop.post("credit_notes", invoice=invoice["id"], amount=1000)
    assert shop.get(f"invoices/{invoice['id']}")["status"] == "paid"


def test_a_credit_note_after_payment_refunds_or_credits(shop: Shop) -> None:
    made = shop.subscribe(shop.price(9900))
    [invoice] = shop.invoices(made)
    line = invoice["lines"]["data"][0]["id"]
    wish = [{"type": "invoice_line_item", "invoice_line_item": line, "amount": 3000}]
    note = shop.post(
        "credit_notes", invoice=invoice["id"], lines=wish, refund_amount=1000, credit_amount=2000
    )
    assert (note["post_payment_amount"], note["refunds"][0]["amount_refunded"]) == (3000, 1000)
    assert shop.get(f"customers/{made['customer']}")["balance"] == -2000
    assert shop.get(f"invoices/{invoice['id']}")["post_payment_credit_notes_amount"] == 3000
    assert [each["amount"] for each in shop.get(f"credit_notes/{note['id']}/lines")["data"]] == [3000]
    with pytest.raises(ApiError, match="at most 6900"):
        shop.post("credit_notes", invoice=invoice["id"], amount=7000)


def test_a_dispute_takes_the_money_and_a_won_one_brings_it_back(shop: Shop) -> None:
    made = shop.subscribe(customer=shop.customer("pm_card_createDispute"))
    [dispute] = shop.get("disputes")["data"]
    assert (dispute["status"], dispute["amount"]) == ("needs_response", 9900)
    assert shop.get("charges", customer=made["customer"])["data"][0]["disputed"]
    shop.post(f"disputes/{dispute['id']}", evidence={"uncategorized_text": "winning_evidence"})
    won = shop.get(f"disputes/{dispute['id']}")
    assert (won["status"], [each["amount"] for each in won["balance_transactions"]]) == ("won", [-9900, 9900])
    assert shop.event_types()[-2:] == ["charge.dispute.funds_reinstated", "charge.dispute.closed"]


def test_a_payment_by_hand_succeeds_or_is_declined(shop: Shop) -> None:
    paid = shop.post(
        "payment_intents", amount=500, currency="gbp", payment_method="pm_card_visa", confirm=True
    )
    assert (paid["status"], paid["amount_received"]) == ("succeeded", 500)
    with pytest.raises(ApiError) as refused:
        shop.post(
            "payment_intents",
            amount=500,
            currency="gbp",
            payment_method="pm_card_chargeCustomerFail",
            confirm=True,
        )
    assert refused.value.error["payment_intent"]["status"] == "requires_payment_method"
    with pytest.raises(ApiError, match="declined"):
        shop.post("payment_methods/pm_card_chargeDeclined/attach", customer=shop.customer(None))


def test_a_set_up_keeps_a_card_for_later(shop: Shop) -> None:
    customer = shop.customer(None)
    setup = shop.post("setup_intents", customer=customer, payment_method="pm_card_visa", confirm=True)
    assert setup["status"] == "succeeded"
    [card] = shop.get(f"customers/{customer}/payment_methods")["data"]
    assert card["id"] == setup["payment_method"]
    assert shop.post(f"payment_methods/{card['id']}/detach")["customer"] is None
    assert shop.get(f"customers/{customer}/payment_methods")["data"] == []
