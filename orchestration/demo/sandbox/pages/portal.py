"""The billing portal: subscriptions, card and invoices of one customer."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from orchestration.demo.sandbox.billing import lifecycle
from orchestration.demo.sandbox.errors import ApiError, Json, missing
from orchestration.demo.sandbox.pages.html import Reply, button, card_choice, money, page, redirect, table
from orchestration.demo.sandbox.resources import customers, payment_methods, subscriptions

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account
    from orchestration.demo.sandbox.sandbox import Sandbox


def portal(sandbox: Sandbox, method: str, session_id: str, form: Json) -> Reply:
    """Show the portal, or do what a button asks for."""
    session = sandbox.account.get("billing_portal.session", session_id)
    if method == "GET":
        return _show(sandbox, session, None)
    try:
        sandbox.transaction(lambda: _act(sandbox, session["customer"], form))
    except ApiError as error:
        return _show(sandbox, session, str(error))
    return redirect(f"/_sandbox/portal/{session_id}")


def _act(sandbox: Sandbox, customer_id: str, form: Json) -> None:
    account, wish = sandbox.account, form.get("do")
    if wish == "card":
        _use_card(account, customer_id, str(form.get("card", "")))
        return
    subscription_id = str(form.get("subscription", ""))
    subscription = account.get("subscription", subscription_id)
    if subscription["customer"] != customer_id:
        raise missing(subscription_id, "subscription")
    if wish == "change":
        offered, price_id = _offered(account, subscription), str(form.get("price", ""))
        if price_id not in {price["id"] for price in offered}:
            raise missing(price_id, "price")
        items = [{"id": lifecycle.items_of(account, subscription)[0]["id"], "price": price_id}]
        change = {"items": items, "proration_behavior": "create_prorations"}
        subscriptions.update(account, change, subscription_id)
        return
    subscriptions.update(account, {"cancel_at_period_end": wish == "cancel"}, subscription_id)


def _use_card(account: Account, customer_id: str, given: str) -> None:
    """Make a card the customer's default, also of subscriptions that Checkout gave one of their own."""
    card = payment_methods.attach(account, given, account.get("customer", customer_id))["id"]
    customers.update(account, {"invoice_settings": {"default_payment_method": card}}, customer_id)
    for each in account.store.of("subscription").under("customer", customer_id):
        if each["default_payment_method"] and each["status"] not in lifecycle.ENDED:
            subscriptions.update(account, {"default_payment_method": card}, each["id"])


def _offered(account: Account, subscription: Json) -> list[Json]:
    """Return the prices that a person may change to: on sale, in the same currency, paid in advance."""
    present = {item["price"]["id"] for item in lifecycle.items_of(account, subscription)}
    return [
        price
        for price in account.store.of("price")
        if price["active"] and price["currency"] == subscription["currency"] and price["id"] not in present
        if (price["recurring"] or {}).get("usage_type") == "licensed" and price["unit_amount"] is not None
    ]


def _show(sandbox: Sandbox, session: Json, error: str | None) -> Reply:
    account = sandbox.account
    customer = account.get("customer", session["customer"])
    action = f"/_sandbox/portal/{session['id']}"
    parts = [
        f"<p>{escape(customer['name'] or customer['email'] or customer['id'])}</p><h2>Subscriptions</h2>"
    ]
    held = account.store.of("subscription").under("customer", customer["id"])
    parts.extend(_subscription(sandbox, each, action) for each in held)
    update = '<input type="hidden" name="do" value="card">' + card_choice()
    parts.append("<h2>Card</h2>" + button(action, "Use this card", inner=update))
    rows = [
        f'<tr><td><a href="{escape(invoice["hosted_invoice_url"] or "#")}">'
        f"{escape(invoice['number'] or 'draft')}</a> "
        f"({escape(invoice['status'])})</td><td>{money(invoice['total'], invoice['currency'])}</td></tr>"
        for invoice in reversed(account.store.of("invoice").under("customer", customer["id"])[-12:])
    ]
    parts.append(f"<h2>Invoices</h2><table>{''.join(rows)}</table>")
    if session["return_url"]:
        parts.append(f'<p><a href="{escape(session["return_url"])}">Back</a></p>')
    return page("Billing", "".join(parts), error=error, status=402 if error else 200)


def _subscription(sandbox: Sandbox, subscription: Json, action: str) -> str:
    items = lifecycle.items_of(sandbox.account, subscription)
    names = [sandbox.account.store.by_id[item["price"]["product"]]["name"] for item in items]
    ending = " – ends with the period" if subscription["cancel_at_period_end"] else ""
    shown = table([(", ".join(names), subscription["status"] + ending)])
    if subscription["status"] in lifecycle.ENDED:
        return shown
    wish = "keep" if subscription["cancel_at_period_end"] else "cancel"
    label = "Keep it" if wish == "keep" else "Cancel at the end of the period"
    hidden = (
        f'<input type="hidden" name="do" value="{wish}">'
        f'<input type="hidden" name="subscription" value="{escape(subscription["id"])}">'
    )
    choice = _choice(sandbox.account, subscription)
    return (
        shown
        + (button(action, "Change plan", inner=choice) if choice else "")
        + button(action, label, quiet=True, inner=hidden)
    )


def _choice(account: Account, subscription: Json) -> str:
    options = "".join(
        f'<option value="{escape(price["id"])}">{escape(_label(account, price))}</option>'
        for price in sorted(_offered(account, subscription), key=lambda each: each["unit_amount"])
    )
    return options and (
        '<input type="hidden" name="do" value="change">'
        f'<input type="hidden" name="subscription" value="{escape(subscription["id"])}">'
        f'<label>Plan <select name="price">{options}</select></label>'
    )


def _label(account: Account, price: Json) -> str:
    name = account.store.by_id[price["product"]]["name"]
    count, interval = price["recurring"]["interval_count"], price["recurring"]["interval"]
    often = interval if count == 1 else f"{count} {interval}s"
    return f"{name}, {money(price['unit_amount'], price['currency'])} every {often}"
