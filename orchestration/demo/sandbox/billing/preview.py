"""The next invoice before it exists: the real steps, taken in a throw-away copy of the customer's world."""

from __future__ import annotations

from copy import deepcopy

from orchestration.demo.sandbox.account import Account
from orchestration.demo.sandbox.billing import changes, creation, lifecycle
from orchestration.demo.sandbox.errors import ApiError, Json, required
from orchestration.demo.sandbox.params import (
    Spec,
    anything,
    boolean,
    choice,
    count,
    integer,
    many,
    mapping,
    moment,
    text,
)

_DISCOUNTS = many(Spec(coupon=text, discount=text, promotion_code=text))
_ITEM = Spec(
    id=text,
    price=text,
    quantity=count,
    metadata=mapping,
    discounts=_DISCOUNTS,
    tax_rates=many(text),
    deleted=boolean,
    clear_usage=boolean,
)
_DETAILS = Spec(
    items=many(_ITEM),
    proration_behavior=choice("create_prorations", "none", "always_invoice"),
    proration_date=integer,
    trial_end=moment,
    billing_cycle_anchor=moment,
    cancel_at=moment,
    cancel_at_period_end=boolean,
    cancel_now=boolean,
    default_tax_rates=many(text),
    start_date=integer,
)
SPEC = Spec(
    customer=text,
    subscription=text,
    subscription_details=_DETAILS,
    discounts=_DISCOUNTS,
    preview_mode=choice("next", "recurring"),
    currency=text,
    automatic_tax=anything,
)
_SHARED = ("product", "price", "tax_rate", "billing.meter", "test_helpers.test_clock")
_OWN = ("subscription", "subscription_schedule", "invoiceitem", "payment_method", "discount")
# Credits refer to the newest invoice that billed an item, which is among the last few.
_RECENT = 3


def preview(account: Account, wish: Json) -> Json:
    """Return the invoice that would come next, or after the described change."""
    subscription_id, details = wish.get("subscription"), wish.get("subscription_details") or {}
    customer_id = wish.get("customer")
    if subscription_id:
        subscription = account.named("subscription", subscription_id, "subscription")
        customer_id = subscription["customer"]
        if subscription["status"] in lifecycle.ENDED:
            message = "No upcoming invoices for a canceled subscription."
            raise ApiError(message, code="invoice_upcoming_none", status=404)
    if not customer_id:
        raise required(param="customer")
    account.named("customer", customer_id, "customer")
    aside = _copy(account, customer_id)
    before = set(aside.store.of("invoice").objects)
    if subscription_id:
        _change_and_wait(aside, aside.store.of("subscription").objects[subscription_id], wish, details)
    else:
        _begin(aside, customer_id, wish, details)
    made = [invoice for invoice in aside.store.of("invoice") if invoice["id"] not in before]
    if not made:
        message = f"No upcoming invoices for customer: {customer_id}"
        raise ApiError(message, code="invoice_upcoming_none", status=404)
    return _as_preview(made[0])


def _change_and_wait(aside: Account, subscription: Json, wish: Json, details: Json) -> None:
    known = len(aside.store.of("invoice").objects)
    change = {name: value for name, value in details.items() if name not in {"cancel_now", "start_date"}}
    if wish.get("discounts"):
        change["discounts"] = wish["discounts"]
    if change:
        changes.update(aside, subscription, change)
    # What would be billed after a trial shows also where nothing is there to pay it with yet.
    subscription["trial_settings"] = {"end_behavior": {"missing_payment_method": "create_invoice"}}
    due = aside.due("subscription.cycle", subscription["id"])
    if len(aside.store.of("invoice").objects) == known and due is not None:
        own = {subscription["id"], subscription["schedule"]}
        aside.timeline.queue = [entry for entry in aside.timeline.queue if entry[4] in own]
        aside.advance(aside.timeline, due)


def _begin(aside: Account, customer_id: str, wish: Json, details: Json) -> None:
    if not details.get("items"):
        raise required(param="subscription_details[items]")
    creation.create(
        aside,
        {
            "customer": customer_id,
            "items": details["items"],
            "discounts": wish.get("discounts") or [],
            "trial_end": details.get("trial_end"),
            "billing_cycle_anchor": details.get("billing_cycle_anchor"),
            "default_tax_rates": details.get("default_tax_rates"),
            "payment_behavior": "default_incomplete",
        },
    )


def _copy(account: Account, customer_id: str) -> Account:
    """Return an account that holds this customer's objects as copies and the catalogue as it is."""
    aside = Account(account.now, seed=-1)
    aside.plans, aside.usage, aside.settings = account.plans, account.usage, account.settings
    for kind in _SHARED:
        for thing in account.store.of(kind):
            aside.store.add(thing)
    gone = [thing for thing in account.store.gone.values() if thing["object"] == "coupon"]
    for coupon in [*account.store.of("coupon"), *gone]:
        aside.store.add(deepcopy(coupon))
    aside.store.add(deepcopy(account.store.of("customer").objects[customer_id]))
    _copy_owned(account, aside, customer_id)
    known = [each for each in aside.store.by_id if each in account.hidden]
    aside.hidden = deepcopy({each: account.hidden[each] for each in known})
    for hidden in aside.hidden.values():
        hidden.pop("clock", None)
    aside.requeue()
    return aside


def _copy_owned(account: Account, aside: Account, customer_id: str) -> None:
    for kind in _OWN:
        for thing in account.store.of(kind).under("customer", customer_id):
            aside.store.add(deepcopy(thing))
    for subscription in aside.store.of("subscription"):
        for item in account.store.of("subscription_item").under("subscription", subscription["id"]):
            shared = {"price": item["price"], "plan": item["plan"]}
            aside.store.add({**deepcopy({**item, **dict.fromkeys(shared)}), **shared})
        lifecycle.show_items(aside, subscription)
        for invoice in account.store.of("invoice").under("subscription", subscription["id"])[-_RECENT:]:
            aside.store.add(deepcopy(invoice))
            aside.store.of("invoice").link("subscription", subscription["id"], invoice["id"])
            for line in account.store.of("line_item").under("invoice", invoice["id"]):
                aside.store.add(deepcopy(line))


def _as_preview(invoice: Json) -> Json:
    preview_id = f"upcoming_{invoice['id']}"
    for line in invoice["lines"]["data"]:
        line["id"], line["invoice"] = line["id"].replace("il_", "il_tmp_"), preview_id
    invoice["lines"]["url"] = f"/v1/invoices/{preview_id}/lines"
    invoice.update(
        id=preview_id,
        number=None,
        status="draft",
        hosted_invoice_url=None,
        invoice_pdf=None,
        effective_at=None,
    )
    invoice["status_transitions"] = dict.fromkeys(invoice["status_transitions"])
    invoice["attempted"], invoice["attempt_count"] = False, 0
    return invoice
