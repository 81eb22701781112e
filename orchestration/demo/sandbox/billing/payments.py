"""Charging cards: what succeeds, what is refused, and what it does to the balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.errors import DECLINES
from orchestration.demo.sandbox.shapes import balance, payments

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account
    from orchestration.demo.sandbox.errors import Json

# Stripe's test cards: token to brand, last four digits and the refusal they meet when charged later.
CARDS: dict[str, tuple[str, str, str | None]] = {
    "pm_card_visa": ("visa", "4242", None),
    "pm_card_visa_debit": ("visa", "5556", None),
    "pm_card_mastercard": ("mastercard", "4444", None),
    "pm_card_amex": ("amex", "8431", None),
    "pm_card_gb": ("visa", "0000", None),
    "pm_card_chargeCustomerFail": ("visa", "0341", "generic_decline"),
    "pm_card_chargeDeclinedInsufficientFunds": ("visa", "9995", "insufficient_funds"),
    "pm_card_visa_chargeDeclinedInsufficientFunds": ("visa", "9995", "insufficient_funds"),
    "pm_card_createDispute": ("visa", "0259", None),
}
REFUSED_AT_ONCE = {
    "pm_card_chargeDeclined": "generic_decline",
    "pm_card_visa_chargeDeclined": "generic_decline",
    "pm_card_chargeDeclinedExpiredCard": "expired_card",
    "pm_card_chargeDeclinedProcessingError": "processing_error",
}
FEE_SHARE, FEE_FIXED = 15, 20


def new_card(account: Account, token: str) -> Json:
    """Return a new payment method made from one of Stripe's test tokens."""
    brand, last4, refusal = CARDS[token]
    method_id = account.ids.new("pm")
    method = payments.payment_method(method_id, brand, last4, method_id[-16:], account.now)
    account.secret(method_id).update(token=token)
    if refusal:
        account.secret(method_id)["decline"] = {"code": refusal, "times": None}
    return account.add(method)


def decline_next(account: Account, method_id: str, code: str, times: int | None) -> None:
    """Let a card refuse its next charges: so many, or all until told otherwise (0 accepts again)."""
    account.secret(method_id)["decline"] = {"code": code, "times": times} if times != 0 else None


def _refusal(account: Account, method: Json) -> str | None:
    decline = account.hidden.get(method["id"], {}).get("decline")
    if decline is None:
        return None
    if decline["times"] is not None:
        decline["times"] -= 1
        if decline["times"] <= 0:
            account.secret(method["id"])["decline"] = None
    account.dirty.add(method["id"])
    return str(decline["code"])


def confirm(account: Account, intent: Json, method: Json) -> str | None:
    """Charge a card for an intent, tell of it, and return the refusal if there was one."""
    refusal = _refusal(account, method)
    charge = payments.charge(account.ids.new("ch"), intent, method, account.now)
    before = account.snapshot(intent)
    intent["latest_charge"] = charge["id"]
    if refusal is None:
        _succeed(account, intent, charge, method, before)
    else:
        _refuse(account, intent, charge, method, before, refusal)
    return refusal


def _succeed(account: Account, intent: Json, charge: Json, method: Json, before: bytes) -> None:
    fee = (charge["amount"] * FEE_SHARE + 500) // 1000 + FEE_FIXED
    charge["balance_transaction"] = book(account, "charge", charge, charge["amount"], fee)
    charge["receipt_url"] = f"{account.base_url}/_sandbox/receipts/{charge['id']}"
    account.add(charge, "charge.succeeded")
    intent["payment_method"] = method["id"]
    intent["status"], intent["amount_received"] = "succeeded", intent["amount"]
    intent["last_payment_error"] = None
    account.saved(intent, before, None, "payment_intent.succeeded")
    if account.hidden.get(method["id"], {}).get("token") == "pm_card_createDispute":
        open_dispute(account, charge, "fraudulent")


def _refuse(account: Account, intent: Json, charge: Json, method: Json, before: bytes, refusal: str) -> None:
    message = DECLINES[refusal]
    charge.update(
        amount_captured=0,
        captured=False,
        failure_code="card_declined",
        failure_message=message,
        paid=False,
        status="failed",
    )
    charge["outcome"].update(
        network_status="declined_by_network", reason=refusal, seller_message=message, type="issuer_declined"
    )
    account.add(charge, "charge.failed")
    intent["status"], intent["payment_method"] = "requires_payment_method", None
    intent["last_payment_error"] = {
        "charge": charge["id"],
        "code": "card_declined",
        "decline_code": refusal,
        "message": message,
        "payment_method": method,
        "type": "card_error",
    }
    account.saved(intent, before, None, "payment_intent.payment_failed")


def book(account: Account, kind: str, source: Json, amount: int, fee: int) -> str:
    """Record a movement of the account's balance and return its id."""
    entry = balance.balance_transaction(
        account.ids.new("txn"),
        kind,
        source,
        amount,
        fee,
        now=account.now,
        description=source.get("description"),
    )
    account.add(entry)
    return str(entry["id"])


def refund(account: Account, charge: Json, amount: int, reason: str | None) -> Json:
    """Pay back part or all of a charge."""
    made = payments.refund(account.ids.new("re"), charge, amount, reason, account.now)
    made["balance_transaction"] = book(account, "refund", made, -amount, 0)
    account.add(made, "refund.created")
    before = account.snapshot(charge)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    account.saved(charge, before, "charge.refunded")
    return made


def open_dispute(account: Account, charge: Json, reason: str) -> Json:
    """Let a cardholder dispute a charge: the money and a fee leave the balance."""
    dispute = balance.dispute(account.ids.new("dp"), charge, reason, account.now)
    entry_id = book(account, "adjustment", dispute, -dispute["amount"], 2000)
    dispute["balance_transactions"] = [account.store.by_id[entry_id]]
    account.add(dispute, "charge.dispute.created", "charge.dispute.funds_withdrawn")
    before = account.snapshot(charge)
    charge["disputed"] = True
    account.saved(charge, before, "charge.updated")
    return dispute


def close_dispute(account: Account, dispute: Json, *, won: bool) -> None:
    """Decide a dispute; a won one returns the money."""
    before = account.snapshot(dispute)
    dispute["status"] = "won" if won else "lost"
    if won:
        entry_id = book(account, "adjustment", dispute, dispute["amount"], 0)
        dispute["balance_transactions"] = [*dispute["balance_transactions"], account.store.by_id[entry_id]]
    events = ["charge.dispute.funds_reinstated"] if won else []
    account.saved(dispute, before, "charge.dispute.updated", *events, "charge.dispute.closed")
