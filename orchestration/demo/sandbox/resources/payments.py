"""Payment and setup intents, charges, refunds, disputes and the balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.billing import payments
from orchestration.demo.sandbox.errors import ApiError, Json, card_declined, required
from orchestration.demo.sandbox.expansion import includable
from orchestration.demo.sandbox.lists import listing, nested
from orchestration.demo.sandbox.params import (
    Spec,
    anything,
    boolean,
    choice,
    count,
    mapping,
    merge_metadata,
    text,
)
from orchestration.demo.sandbox.resources.payment_methods import attach, resolve
from orchestration.demo.sandbox.routing import retrieval, route
from orchestration.demo.sandbox.shapes import payments as shapes
from orchestration.demo.sandbox.shapes.balance import EVIDENCE

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

_INTENT = Spec(
    "amount currency",
    amount=count,
    automatic_payment_methods=anything,
    confirm=boolean,
    currency=text,
    customer=text,
    description=text,
    metadata=mapping,
    off_session=boolean,
    payment_method=text,
    payment_method_types=anything,
    receipt_email=text,
    return_url=text,
    setup_future_usage=text,
)


@route("POST /v1/payment_intents")
def create_intent(account: Account, form: Json) -> Json:
    """Create a payment intent, and confirm it if asked to."""
    values = _INTENT.read(form)
    if values.get("customer"):
        account.named("customer", values["customer"], "customer")
    intent = shapes.payment_intent(
        account.ids.new("pi"),
        values["amount"],
        values["currency"].lower(),
        values.get("customer"),
        account.now,
    )
    intent["metadata"] = merge_metadata({}, values.get("metadata"))
    for field in ("description", "receipt_email", "setup_future_usage"):
        intent[field] = values.get(field)
    if values.get("payment_method"):
        method = resolve(account, values["payment_method"], "payment_method")
        intent["payment_method"], intent["status"] = method["id"], "requires_confirmation"
    account.add(intent, "payment_intent.created")
    return _confirm(account, intent) if values.get("confirm") else intent


@route("POST /v1/payment_intents/{id}/confirm")
def confirm_intent(account: Account, form: Json, intent_id: str) -> Json:
    """Charge the payment method of an intent."""
    values = Spec(payment_method=text, off_session=boolean, return_url=text).read(form)
    intent = account.get("payment_intent", intent_id)
    if values.get("payment_method"):
        intent["payment_method"] = resolve(account, values["payment_method"], "payment_method")["id"]
    return _confirm(account, intent)


def _confirm(account: Account, intent: Json) -> Json:
    if intent["status"] in {"succeeded", "canceled"}:
        message = f"This PaymentIntent's status is {intent['status']}; it cannot be confirmed."
        raise ApiError(message, code="payment_intent_unexpected_state")
    method = account.store.of("payment_method").objects.get(intent["payment_method"] or "")
    if method is None:
        raise required(param="payment_method")
    known = account.store.of("invoice_payment").under("payment_intent", intent["id"])
    if known:
        refusal = _pay_invoice(account, known[-1], intent, method)
    else:
        refusal = payments.confirm(account, intent, method)
    if refusal:
        raise card_declined(refusal, intent["latest_charge"], intent)
    return intent


def _pay_invoice(account: Account, record: Json, intent: Json, method: Json) -> str | None:
    """Confirm the intent of an invoice's payment; return the refusal if there was one."""
    from orchestration.demo.sandbox.billing import collection  # noqa: PLC0415 - only intents of invoices need it

    invoice = account.get("invoice", record["invoice"])
    if record["is_default"]:
        is_paid = collection.attempt(account, invoice, method)
        return None if is_paid else str(intent["last_payment_error"]["decline_code"])
    refusal = payments.confirm(account, intent, method)
    if refusal is None and invoice["status"] in {"open", "uncollectible"}:
        collection.credit(account, invoice, record, intent["amount_received"])
    return refusal


@route("POST /v1/payment_intents/{id}/cancel")
def cancel_intent(account: Account, form: Json, intent_id: str) -> Json:
    """Cancel an intent that was not paid."""
    values = Spec(cancellation_reason=text).read(form)
    intent = account.get("payment_intent", intent_id)
    if intent["status"] in {"succeeded", "canceled"}:
        message = f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}."
        raise ApiError(message, code="payment_intent_unexpected_state")
    before = account.snapshot(intent)
    intent.update(
        status="canceled", canceled_at=account.now, cancellation_reason=values.get("cancellation_reason")
    )
    account.saved(intent, before, None, "payment_intent.canceled")
    return intent


_SETUP = Spec(
    automatic_payment_methods=anything,
    confirm=boolean,
    customer=text,
    description=text,
    metadata=mapping,
    payment_method=text,
    payment_method_types=anything,
    usage=text,
)


@route("POST /v1/setup_intents")
def create_setup(account: Account, form: Json) -> Json:
    """Prepare the keeping of a payment method."""
    values = _SETUP.read(form)
    if values.get("customer"):
        account.named("customer", values["customer"], "customer")
    setup = shapes.setup_intent(account.ids.new("seti"), values.get("customer"), account.now)
    setup["metadata"] = merge_metadata({}, values.get("metadata"))
    setup["description"], setup["usage"] = values.get("description"), values.get("usage") or "off_session"
    account.add(setup, "setup_intent.created")
    if not values.get("confirm"):
        return setup
    return confirm_setup(account, {"payment_method": values.get("payment_method")}, setup["id"])


@route("POST /v1/setup_intents/{id}/confirm")
def confirm_setup(account: Account, form: Json, setup_id: str) -> Json:
    """Keep a payment method for later, attached to the customer if there is one."""
    values = Spec("payment_method", payment_method=text, return_url=text).read(form)
    setup = account.get("setup_intent", setup_id)
    customer = account.store.of("customer").objects.get(setup["customer"] or "")
    wished = values["payment_method"]
    method = attach(account, wished, customer) if customer else resolve(account, wished, "payment_method")
    before = account.snapshot(setup)
    setup["payment_method"], setup["status"] = method["id"], "succeeded"
    account.saved(setup, before, None, "setup_intent.succeeded")
    return setup


_REFUND = Spec(
    amount=count,
    charge=text,
    metadata=mapping,
    payment_intent=text,
    reason=choice("duplicate", "fraudulent", "requested_by_customer"),
)


@route("POST /v1/refunds")
def create_refund(account: Account, form: Json) -> Json:
    """Pay back a charge, or part of it."""
    values = _REFUND.read(form)
    charge_id = values.get("charge")
    if values.get("payment_intent"):
        charge_id = account.named("payment_intent", values["payment_intent"], "payment_intent")[
            "latest_charge"
        ]
    if not charge_id:
        raise required(param="charge")
    charge = account.named("charge", charge_id, "charge")
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = values.get("amount") or left
    if left == 0:
        message = f"Charge {charge_id} has already been refunded."
        raise ApiError(message, code="charge_already_refunded")
    if amount > left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise ApiError(message, param="amount")
    made = payments.refund(account, charge, amount, values.get("reason"))
    made["metadata"] = merge_metadata({}, values.get("metadata"))
    return made


_EVIDENCE = Spec(**dict.fromkeys(EVIDENCE, text))
_METADATA = Spec(metadata=mapping, description=text, receipt_email=text)


def _updatable(kind: str, path: str) -> None:
    @route(f"POST {path}/{{id}}")
    def update(account: Account, form: Json, object_id: str) -> Json:
        thing = account.get(kind, object_id)
        values = _METADATA.read(form)
        before = account.snapshot(thing)
        thing["metadata"] = merge_metadata(thing["metadata"], values.pop("metadata", None))
        thing.update({name: value for name, value in values.items() if name in thing})
        account.saved(thing, before, f"{kind}.updated" if kind in {"charge", "refund"} else None)
        return thing


@includable("charge", "refunds")
def refunds(account: Account, charge: Json) -> Json:
    """Return a charge's refunds."""
    known = account.store.of("refund").under("charge", charge["id"])
    return nested(list(reversed(known)), f"/v1/charges/{charge['id']}/refunds")


@route("POST /v1/disputes/{id}")
def update_dispute(account: Account, form: Json, dispute_id: str) -> Json:
    """Hand in evidence."""
    dispute = account.get("dispute", dispute_id)
    values = Spec(evidence=_EVIDENCE, metadata=mapping, submit=boolean).read(form)
    before = account.snapshot(dispute)
    dispute["metadata"] = merge_metadata(dispute["metadata"], values.get("metadata"))
    if values.get("evidence"):
        dispute["evidence"] = {**dispute["evidence"], **values["evidence"]}
        dispute["evidence_details"]["has_evidence"] = True
        dispute["evidence_details"]["submission_count"] += 1
        dispute["status"] = "under_review"
    account.saved(dispute, before, "charge.dispute.updated")
    if "winning_evidence" in str(dispute["evidence"]["uncategorized_text"]):
        payments.close_dispute(account, dispute, won=True)
    return dispute


@route("POST /v1/disputes/{id}/close")
def close_dispute(account: Account, _form: Json, dispute_id: str) -> Json:
    """Accept a dispute as lost."""
    dispute = account.get("dispute", dispute_id)
    payments.close_dispute(account, dispute, won=False)
    return dispute


for _kind in ("payment_intent", "setup_intent", "charge", "refund"):
    _updatable(_kind, f"/v1/{_kind}s")
for _kind in ("payment_intent", "setup_intent", "charge", "refund", "dispute", "balance_transaction"):
    retrieval(_kind, f"/v1/{_kind}s")
listing("payment_intent", "/v1/payment_intents", customer=text)
listing("setup_intent", "/v1/setup_intents", customer=text, payment_method=text)
listing("charge", "/v1/charges", customer=text, payment_intent=text)
listing("refund", "/v1/refunds", charge=text, payment_intent=text)
listing("dispute", "/v1/disputes", charge=text, payment_intent=text)
listing("balance_transaction", "/v1/balance_transactions", currency=text, source=text, type=text)
