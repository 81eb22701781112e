"""Completing a Checkout session: customer, card, and the subscription, payment or set-up it was for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.errors import ApiError, Json
from orchestration.demo.sandbox.resources import customers, payment_methods, payments, subscriptions

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account


def complete(account: Account, session: Json, card: str, email: str | None) -> None:
    """Do what a person does who fills in the page and presses the button.

    Raises:
        ApiError: The session is closed, or the card was refused.
    """
    if session["status"] != "open":
        message = "This Checkout Session is no longer open."
        raise ApiError(message)
    customer = _customer(account, session, email)
    before = account.snapshot(session)
    method = payment_methods.attach(account, card, customer)
    match session["mode"]:
        case "subscription":
            _subscribe(account, session, customer, method)
        case "setup":
            form = {"customer": customer["id"], "payment_method": method["id"], "confirm": True}
            session["setup_intent"] = payments.create_setup(account, form)["id"]
        case _:
            form = {
                "amount": session["amount_total"],
                "currency": session["currency"],
                "customer": customer["id"],
                "payment_method": method["id"],
                "confirm": True,
            }
            session["payment_intent"] = payments.create_intent(account, form)["id"]
            session["payment_status"] = "paid"
    session.update(status="complete", url=None, customer=customer["id"], customer_details=_details(customer))
    account.unschedule("checkout.expire", session["id"])
    if session["subscription"]:
        account.store.of("checkout.session").link("subscription", session["subscription"], session["id"])
    account.saved(session, before, None, "checkout.session.completed")


def _customer(account: Account, session: Json, email: str | None) -> Json:
    if session["customer"]:
        return account.get("customer", session["customer"])
    return customers.create(account, {"email": email or session["customer_email"] or "guest@example.com"})


def _details(customer: Json) -> Json:
    return {
        "address": customer["address"],
        "business_name": None,
        "email": customer["email"],
        "individual_name": None,
        "name": customer["name"],
        "phone": customer["phone"],
        "tax_exempt": customer["tax_exempt"],
        "tax_ids": [],
    }


def _subscribe(account: Account, session: Json, customer: Json, method: Json) -> None:
    wish = account.hidden[session["id"]]["wish"]
    own = {name: value for name, value in wish["subscription_data"].items() if value is not None}
    subscription = subscriptions.create(account, {
        "customer": customer["id"],
        "items": wish["items"],
        "discounts": wish["discounts"],
        "default_payment_method": method["id"],
        "payment_behavior": "error_if_incomplete",
        **own,
    })  # fmt: skip
    invoice = account.store.by_id[subscription["latest_invoice"]]
    session["subscription"], session["invoice"] = subscription["id"], invoice["id"]
    session["amount_subtotal"], session["amount_total"] = invoice["subtotal"], invoice["total"]
    session["payment_status"] = "paid" if invoice["total"] else "no_payment_required"
