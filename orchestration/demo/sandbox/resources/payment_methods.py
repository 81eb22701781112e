"""Payment methods: Stripe's test cards, attached to customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.billing import payments
from orchestration.demo.sandbox.errors import ApiError, Json, card_declined, missing
from orchestration.demo.sandbox.lists import PAGE, cut, envelope, listing
from orchestration.demo.sandbox.params import Spec, choice, count, mapping, merge_metadata, text
from orchestration.demo.sandbox.routing import retrieval, route
from orchestration.demo.sandbox.shapes.customers import NO_ADDRESS

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

ADDRESS = Spec(**dict.fromkeys(NO_ADDRESS, text))
DETAILS = Spec(address=ADDRESS, email=text, name=text, phone=text, tax_id=text)
_CARD = Spec(token=text, number=text, exp_month=count, exp_year=count, cvc=text)
_CREATE = Spec("type", type=choice("card"), card=_CARD, billing_details=DETAILS, metadata=mapping)
_NUMBERS = {
    "4242424242424242": "pm_card_visa",
    "5555555555554444": "pm_card_mastercard",
    "4000000000000341": "pm_card_chargeCustomerFail",
    "4000000000009995": "pm_card_chargeDeclinedInsufficientFunds",
    "4000000000000259": "pm_card_createDispute",
}


@route("POST /v1/payment_methods")
def create(account: Account, form: Json) -> Json:
    """Create a card from a test token (`tok_visa`) or test number."""
    values = _CREATE.read(form)
    card = values.get("card") or {}
    token = (card.get("token") or "tok_visa").replace("tok_", "pm_card_")
    if card.get("number"):
        token = _NUMBERS.get(card["number"].replace(" ", ""), "pm_card_chargeDeclined")
    method = _from_token(account, token, "card[token]")
    method["billing_details"] = _details(method, values)
    method["metadata"] = merge_metadata({}, values.get("metadata"))
    return method


def _details(method: Json, values: Json) -> Json:
    """Return billing details after an update; an address is merged field by field."""
    held, given = method["billing_details"], values.get("billing_details") or {}
    address = {**held["address"], **(given.get("address") or {})}
    return {**held, **given, "address": address}


def _from_token(account: Account, token: str, param: str) -> Json:
    if token in payments.REFUSED_AT_ONCE:
        raise card_declined(payments.REFUSED_AT_ONCE[token], None, None)
    if token not in payments.CARDS:
        raise missing(token, "payment_method", param, status=400)
    return payments.new_card(account, token)


def resolve(account: Account, wished: str, param: str) -> Json:
    """Return a payment method by id; a test token makes a new card."""
    known = account.store.of("payment_method").objects
    return known[wished] if wished in known else _from_token(account, wished, param)


def attach(account: Account, wished: str, customer: Json) -> Json:
    """Give a payment method, or a new card made from a test token, to a customer."""
    method = resolve(account, wished, "payment_method")
    if method["customer"] not in (None, customer["id"]):
        message = "This PaymentMethod was previously used without being attached to this Customer."
        raise ApiError(message, code="payment_method_unexpected_state", param="payment_method")
    method["customer"] = customer["id"]
    account.store.of("payment_method").link("customer", customer["id"], method["id"])
    account.saved(method, b"", None, "payment_method.attached")
    return method


@route("POST /v1/payment_methods/{id}/attach")
def attach_to(account: Account, form: Json, method_id: str) -> Json:
    """Attach a payment method to a customer."""
    values = Spec("customer", customer=text).read(form)
    return attach(account, method_id, account.named("customer", values["customer"], "customer"))


@route("POST /v1/payment_methods/{id}/detach")
def detach(account: Account, _form: Json, method_id: str) -> Json:
    """Take a payment method from its customer, for good."""
    method = account.get("payment_method", method_id)
    holder = account.store.of("customer").objects.get(method["customer"] or "")
    before = account.snapshot(method)
    method["customer"] = None
    account.saved(method, before, None, "payment_method.detached")
    if holder and holder["invoice_settings"]["default_payment_method"] == method_id:
        was = account.snapshot(holder)
        holder["invoice_settings"]["default_payment_method"] = None
        account.saved(holder, was, "customer.updated")
    return method


@route("POST /v1/payment_methods/{id}")
def update(account: Account, form: Json, method_id: str) -> Json:
    """Change billing details, expiry or metadata."""
    method = account.get("payment_method", method_id)
    values = Spec(billing_details=DETAILS, metadata=mapping, card=_CARD, allow_redisplay=text).read(form)
    before = account.snapshot(method)
    method["billing_details"] = _details(method, values)
    method["metadata"] = merge_metadata(method["metadata"], values.get("metadata"))
    for field in ("exp_month", "exp_year"):
        if (values.get("card") or {}).get(field):
            method["card"][field] = values["card"][field]
    account.saved(method, before, "payment_method.updated")
    return method


@route("GET /v1/customers/{id}/payment_methods")
def list_for_customer(account: Account, form: Json, customer_id: str) -> Json:
    """List a customer's payment methods."""
    account.get("customer", customer_id)
    values = PAGE.with_(type=text, allow_redisplay=text).read(form)
    known = account.store.of("payment_method").under("customer", customer_id)
    data, has_more = cut(reversed(known), values, lambda each: each["id"], "payment_method")
    return envelope(data, f"/v1/customers/{customer_id}/payment_methods", has_more=has_more)


@route("GET /v1/customers/{id}/payment_methods/{pm}")
def retrieve_for_customer(account: Account, _form: Json, customer_id: str, method_id: str) -> Json:
    """Return one payment method of a customer."""
    method = account.get("payment_method", method_id)
    if method["customer"] != customer_id:
        raise missing(method_id, "payment_method")
    return method


retrieval("payment_method", "/v1/payment_methods")
listing("payment_method", "/v1/payment_methods", customer=text, type=text)
