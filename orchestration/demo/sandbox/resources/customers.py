"""Customers and their credit balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.billing import discounts, invoicing, lifecycle
from orchestration.demo.sandbox.errors import ApiError, Json
from orchestration.demo.sandbox.expansion import includable
from orchestration.demo.sandbox.lists import PAGE, cut, envelope, listing, nested
from orchestration.demo.sandbox.params import (
    FIELDS,
    Spec,
    anything,
    choice,
    integer,
    many,
    mapping,
    merge_metadata,
    text,
)
from orchestration.demo.sandbox.resources.payment_methods import ADDRESS, attach
from orchestration.demo.sandbox.routing import route
from orchestration.demo.sandbox.shapes.customers import NO_ADDRESS, customer

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

_SHIPPING = Spec(address=ADDRESS, carrier=text, name=text, phone=text, tracking_number=text)
_SETTINGS = Spec(
    custom_fields=FIELDS,
    default_payment_method=text,
    footer=text,
    rendering_options=Spec(amount_tax_display=text, template=text),
)
_UPDATE = Spec(
    address=ADDRESS,
    balance=integer,
    description=text,
    email=text,
    invoice_prefix=text,
    invoice_settings=_SETTINGS,
    metadata=mapping,
    name=text,
    next_invoice_sequence=integer,
    phone=text,
    preferred_locales=many(text),
    shipping=_SHIPPING,
    tax_exempt=choice("none", "exempt", "reverse"),
    # Newer versions take no coupon on a customer; accounts still hold discounts that older ones put there.
    coupon=text,
    promotion_code=text,
)
_CREATE = _UPDATE.with_(payment_method=text, test_clock=text, tax=anything)


@route("POST /v1/customers")
def create(account: Account, form: Json) -> Json:
    """Create a customer."""
    values = _CREATE.read(form)
    clock = values.get("test_clock")
    if clock:
        account.named("test_helpers.test_clock", clock, "test_clock")
        account.timeline = account.clocks[clock]
    customer_id = account.ids.new("cus", 14)
    made = customer(customer_id, customer_id[-8:].upper(), account.now, clock)
    method = values.pop("payment_method", None)
    _apply(account, made, values, is_new=True)
    account.add(made)
    if method:
        attached = attach(account, method, made)
        settings = made["invoice_settings"]
        settings["default_payment_method"] = settings["default_payment_method"] or attached["id"]
    _discount(account, made, values)
    account.tell(made, "customer.created")
    return made


@route("POST /v1/customers/{id}")
def update(account: Account, form: Json, customer_id: str) -> Json:
    """Change a customer."""
    held = account.get("customer", customer_id)
    values = _UPDATE.read(form)
    before = account.snapshot(held)
    _apply(account, held, values, is_new=False)
    _discount(account, held, values)
    account.saved(held, before, "customer.updated")
    return held


def _apply(account: Account, held: Json, values: Json, *, is_new: bool) -> None:
    settings = values.get("invoice_settings")
    if settings:
        method = settings.get("default_payment_method")
        if method and not is_new:
            owner = account.named("payment_method", method, "invoice_settings[default_payment_method]")[
                "customer"
            ]
            if owner != held["id"]:
                message = (
                    f"The customer does not have a payment method with the ID {method}: attach it first."
                )
                raise ApiError(
                    message, code="resource_missing", param="invoice_settings[default_payment_method]"
                )
        held["invoice_settings"] = {**held["invoice_settings"], **settings}
    if "address" in values:
        given = values["address"]
        held["address"] = None if given is None else {**(held["address"] or NO_ADDRESS), **given}
    if "metadata" in values:
        held["metadata"] = merge_metadata(held["metadata"], values["metadata"])
    done = {"address", "coupon", "invoice_settings", "metadata", "promotion_code", "test_clock", "tax"}
    held.update({name: value for name, value in values.items() if name not in done})


def _discount(account: Account, held: Json, values: Json) -> None:
    wish = {name: values[name] for name in ("coupon", "promotion_code") if values.get(name)}
    if wish:
        discount_id = discounts.take(account, [wish], held)[0]
        held["discount"] = account.store.by_id[discount_id]


@route("GET /v1/customers/{id}")
def retrieve(account: Account, _form: Json, customer_id: str) -> Json:
    """Return a customer; a deleted one in its deleted form."""
    if customer_id in account.store.gone and customer_id not in account.store.by_id:
        return {"id": customer_id, "object": "customer", "deleted": True}
    return account.get("customer", customer_id)


@route("DELETE /v1/customers/{id}")
def delete(account: Account, _form: Json, customer_id: str) -> Json:
    """Delete a customer; running subscriptions end at once."""
    held = account.get("customer", customer_id)
    for subscription in account.store.of("subscription").under("customer", customer_id):
        if subscription["status"] not in lifecycle.ENDED:
            lifecycle.cancel(account, subscription, reason="cancellation_requested")
    for schedule in account.store.of("subscription_schedule").under("customer", customer_id):
        account.unschedule("schedule.phase", schedule["id"])
    for invoice in account.store.of("invoice").under("customer", customer_id):
        lifecycle.stop_collecting(account, invoice)
    return account.remove(held, "customer.deleted")


@route("DELETE /v1/customers/{id}/discount")
def delete_discount(account: Account, _form: Json, customer_id: str) -> Json:
    """Take a customer's discount off."""
    held = account.get("customer", customer_id)
    discount = held["discount"]
    if discount is None:
        message = f"No active discount for customer: {customer_id}"
        raise ApiError(message, code="resource_missing", status=404)
    discounts.drop(account, discount, None, held)
    return {**discount, "deleted": True}


_BALANCE = Spec("amount currency", amount=integer, currency=text, description=text, metadata=mapping)


@route("POST /v1/customers/{id}/balance_transactions")
def create_balance_transaction(account: Account, form: Json, customer_id: str) -> Json:
    """Move a customer's credit balance."""
    held, values = account.get("customer", customer_id), _BALANCE.read(form)
    if held["currency"] is None:
        held["currency"] = values["currency"]
    return invoicing.change_balance(
        account, held, values["amount"], "adjustment", description=values.get("description")
    )


@route("GET /v1/customers/{id}/balance_transactions")
def list_balance_transactions(account: Account, form: Json, customer_id: str) -> Json:
    """List the movements of a customer's credit balance."""
    account.get("customer", customer_id)
    values = PAGE.read(form)
    known = account.store.of("customer_balance_transaction").under("customer", customer_id)
    data, has_more = cut(reversed(known), values, lambda each: each["id"], "customer_balance_transaction")
    return envelope(data, f"/v1/customers/{customer_id}/balance_transactions", has_more=has_more)


@includable("customer", "subscriptions")
def running_subscriptions(account: Account, held: Json) -> Json:
    """Return a customer's subscriptions that have not ended."""
    known = account.store.of("subscription").under("customer", held["id"])
    running = [each for each in reversed(known) if each["status"] not in lifecycle.ENDED]
    return nested(running, f"/v1/customers/{held['id']}/subscriptions")


@includable("customer", "sources")
def sources(_account: Account, held: Json) -> Json:
    """Return the legacy payment sources: none."""
    return envelope([], f"/v1/customers/{held['id']}/sources", has_more=False)


@includable("customer", "tax_ids")
def tax_ids(_account: Account, held: Json) -> Json:
    """Return the tax ids: none."""
    return envelope([], f"/v1/customers/{held['id']}/tax_ids", has_more=False)


listing("customer", "/v1/customers", email=text, test_clock=text)
