"""Which lists of Stripe are read, with what is expanded and which nested lists are paged to their end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Nested:
    """A list inside an object, which Stripe cuts at ten.

    Attributes:
        key: The attribute that holds it.
        path: Where the whole list is; `{id}` stands for the object's id.
        params: What to ask with; `{id}` as above.
    """

    key: str
    path: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ObjectList:
    """One list endpoint.

    Attributes:
        object_type: Stripe's name of what it lists.
        path: The endpoint.
        params: Filters of a full read.
        expand: What to send whole instead of its id, relative to the object.
        nested: Lists inside its objects.
        has_created: Whether it can be narrowed by `created`.
    """

    object_type: str
    path: str
    params: dict[str, Any] = field(default_factory=dict)
    expand: tuple[str, ...] = ()
    nested: tuple[Nested, ...] = ()
    has_created: bool = True

    @property
    def stream(self) -> str:
        """The stream that it fills."""
        return f"stripe_{self.object_type.replace('.', '_')}"

    def query(self, **more: object) -> dict[str, Any]:
        """Return the parameters of one page."""
        expand = {"expand": [f"data.{name}" for name in self.expand]} if self.expand else {}
        return {**self.params, **expand, **more}


_LINES = Nested("lines", "/v1/invoices/{id}/lines", {"expand": ["data.discounts"]})
_ITEMS = Nested("items", "/v1/subscription_items", {"subscription": "{id}", "expand": ["data.discounts"]})

LISTS = (
    ObjectList("customer", "/v1/customers"),
    ObjectList("product", "/v1/products"),
    ObjectList("price", "/v1/prices", expand=("tiers", "currency_options")),
    ObjectList("coupon", "/v1/coupons", expand=("applies_to", "currency_options")),
    ObjectList("promotion_code", "/v1/promotion_codes"),
    ObjectList("tax_rate", "/v1/tax_rates"),
    ObjectList("billing.meter", "/v1/billing/meters", has_created=False),
    ObjectList(
        "subscription",
        "/v1/subscriptions",
        {"status": "all"},
        expand=("discounts", "items.data.discounts"),
        nested=(_ITEMS,),
    ),
    ObjectList("subscription_schedule", "/v1/subscription_schedules"),
    ObjectList("invoice", "/v1/invoices", expand=("discounts", "lines.data.discounts"), nested=(_LINES,)),
    ObjectList("invoiceitem", "/v1/invoiceitems"),
    ObjectList("invoice_payment", "/v1/invoice_payments"),
    ObjectList("payment_intent", "/v1/payment_intents"),
    ObjectList("charge", "/v1/charges"),
    ObjectList("refund", "/v1/refunds"),
    ObjectList("credit_note", "/v1/credit_notes", nested=(Nested("lines", "/v1/credit_notes/{id}/lines"),)),
    ObjectList("dispute", "/v1/disputes"),
    ObjectList("balance_transaction", "/v1/balance_transactions"),
    ObjectList("exchange_rate", "/v1/exchange_rates", has_created=False),
)

BY_TYPE = {entry.object_type: entry for entry in LISTS}
