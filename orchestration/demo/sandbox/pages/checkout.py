"""The Checkout page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from orchestration.demo.sandbox.billing.checkout import complete
from orchestration.demo.sandbox.errors import ApiError, Json
from orchestration.demo.sandbox.pages.html import Reply, button, card_choice, money, page, redirect, table

if TYPE_CHECKING:
    from orchestration.demo.sandbox.sandbox import Sandbox

_TITLES = {"subscription": "Subscribe", "payment": "Pay", "setup": "Save a card"}


def checkout(sandbox: Sandbox, method: str, session_id: str, form: Json) -> Reply:
    """Show a session, or complete it."""
    account = sandbox.account
    session = account.get("checkout.session", session_id)
    if session["status"] != "open":
        return page("Checkout", f"<p>This session is {escape(session['status'])}.</p>", status=410)
    if method == "GET":
        return _show(sandbox, session, None)
    try:
        sandbox.transaction(
            lambda: complete(account, session, str(form.get("card", "")), form.get("email") or None)
        )
    except ApiError as error:
        return _show(sandbox, account.get("checkout.session", session_id), str(error))
    target = session["success_url"] or ""
    if not target:
        return page("Thank you", "<p>Everything is set up.</p>")
    return redirect(target.replace("{CHECKOUT_SESSION_ID}", session_id))


def _show(sandbox: Sandbox, session: Json, error: str | None) -> Reply:
    hidden = sandbox.account.hidden[session["id"]]
    rows = [
        (f"{line['quantity']} × {line['description']}", money(line["amount_total"], line["currency"]))
        for line in hidden["lines"]
    ]
    days = hidden["wish"]["subscription_data"].get("trial_period_days")
    trial = f'<p class="note">Free for {days} days, then as above.</p>' if days else ""
    email = "" if session["customer"] else _email(session["customer_email"] or "")
    title = _TITLES[session["mode"]]
    action = f"/_sandbox/checkout/{session['id']}"
    back = f'<p><a href="{escape(session["cancel_url"])}">Back</a></p>' if session["cancel_url"] else ""
    body = table(rows) + trial + button(action, title, inner=email + "<h2>Card</h2>" + card_choice()) + back
    return page(title, body, error=error, status=402 if error else 200)


def _email(known: str) -> str:
    return f'<label>E-mail <input type="email" name="email" required value="{escape(known)}"></label>'
