"""The billing portal: subscriptions, card and invoices of one customer."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from orchestration.demo.sandbox.billing import lifecycle
from orchestration.demo.sandbox.errors import ApiError, Json, missing
from orchestration.demo.sandbox.pages.html import Reply, button, card_choice, money, page, redirect, table
from orchestration.demo.sandbox.resources import customers, payment_methods, subscriptions

if TYPE_CHECKING:
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
        customer = account.get("customer", customer_id)
        card = payment_methods.attach(account, str(form.get("card", "")), customer)
        customers.update(account, {"invoice_settings": {"default_payment_method": card["id"]}}, customer_id)
        return
    subscription_id = str(form.get("subscription", ""))
    if account.get("subscription", subscription_id)["customer"] != customer_id:
        raise missing(subscription_id, "subscription")
    subscriptions.update(account, {"cancel_at_period_end": wish == "cancel"}, subscription_id)


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
    return shown + button(action, label, quiet=True, inner=hidden)
