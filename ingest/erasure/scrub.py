"""Takes out of a Stripe object what tells who a customer is, and leaves amounts, dates and ids."""

from __future__ import annotations

from typing import Any

import orjson

# https://docs.stripe.com/api: what a customer, or we about a customer, can write or upload.
PERSONAL = frozenset(
    {
        "account_name", "account_tax_ids", "address", "billing_details", "business_name", "comment",
        "custom_fields", "customer_account", "customer_address", "customer_details", "customer_email",
        "customer_name", "customer_phone", "customer_shipping", "customer_tax_ids", "description", "email",
        "evidence", "feedback", "fingerprint", "footer", "fraud_details", "hosted_invoice_url",
        "individual_name", "invoice_pdf", "invoice_prefix", "memo", "metadata", "name",
        "payment_method_details", "phone", "preferred_locales", "receipt_email", "receipt_number",
        "receipt_url", "rendering", "shipping", "statement_descriptor", "statement_descriptor_suffix",
        "tax_ids", "url",
    }
)  # fmt: skip
# Lines are described by us, and reports tell them apart by it.
_DESCRIBED_BY_US = frozenset({"line_item", "invoiceitem"})
# What we sell is nobody's: prices keep their names, which reports need.
OURS = frozenset({"price", "plan", "product", "coupon", "promotion_code", "tax_rate", "billing.meter"})


def scrub(body: bytes, anonymous_id: str) -> bytes:
    """Return an object's JSON without its personal values; scrubbing twice changes nothing more.

    Args:
        body: An object, an event, or the attributes that an event changed.
        anonymous_id: Stands for the tenant in a customer's metadata from now on.
    """
    return orjson.dumps(_scrubbed(orjson.loads(body), anonymous_id))


def _scrubbed(value: Any, anonymous_id: str) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, list):
        return [_scrubbed(each, anonymous_id) for each in value]
    if not isinstance(value, dict) or _kind(value) in OURS:
        return value
    kept = {
        name: _blank(each) if name in PERSONAL and _is_told(name, value) else _scrubbed(each, anonymous_id)
        for name, each in value.items()
    }
    if _kind(value) == "customer" and not value.get("deleted"):
        kept["metadata"] = {"tenant_id": anonymous_id}
    return kept


def _kind(value: dict[str, Any]) -> str:
    kind = value.get("object")  # of an event's data it is the object itself
    return kind if isinstance(kind, str) else ""


def _is_told(name: str, owner: dict[str, Any]) -> bool:
    kind = _kind(owner)
    if name == "description" and kind in _DESCRIBED_BY_US:
        return False
    # Stripe's lists have a `url` of their own, which is an address of the API.
    return not (name == "url" and kind == "list")


def _blank(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {}
    return [] if isinstance(value, list) else None
