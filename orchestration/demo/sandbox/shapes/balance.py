"""Movements of the account's balance, and disputes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.demo.sandbox.errors import Json

EVIDENCE = [
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
]


def balance_transaction(
    object_id: str, kind: str, source: Json, amount: int, fee: int, *, now: int, description: str | None
) -> Json:
    """Return a movement of the balance: `amount` gross, `fee` kept by Stripe, both in minor units."""
    details = {
        "amount": fee,
        "application": None,
        "currency": source["currency"],
        "description": "Stripe processing fees" if kind == "charge" else "Dispute fee",
        "type": "stripe_fee",
    }
    return {
        "id": object_id,
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now + 2 * 86_400,
        "balance_type": "payments",
        "created": now,
        "currency": source["currency"],
        "description": description,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [details] if fee else [],
        "net": amount - fee,
        "reporting_category": "dispute" if kind == "adjustment" else kind,
        "source": source["id"],
        "status": "pending",
        "type": kind,
    }


def dispute(object_id: str, charge: Json, reason: str, now: int) -> Json:
    """Return a new dispute over a whole charge."""
    return {
        "id": object_id,
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + 9 * 86_400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": charge["payment_method_details"]["card"]["brand"],
                "case_type": "chargeback",
                "network": charge["payment_method_details"]["card"]["network"],
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        "reason": reason,
        "status": "needs_response",
    }
