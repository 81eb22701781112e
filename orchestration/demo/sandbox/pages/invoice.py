"""The hosted invoice and the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.billing import invoicing
from orchestration.demo.sandbox.errors import ApiError, Json
from orchestration.demo.sandbox.pages.html import Reply, button, card_choice, money, page, redirect, table
from orchestration.demo.sandbox.resources import invoices

if TYPE_CHECKING:
    from orchestration.demo.sandbox.sandbox import Sandbox


def invoice(sandbox: Sandbox, method: str, invoice_id: str, form: Json) -> Reply:
    """Show an invoice, or pay it."""
    found = sandbox.account.get("invoice", invoice_id)
    if method == "GET":
        return _show(sandbox, found, None)
    try:
        card = str(form.get("card", ""))
        sandbox.transaction(lambda: invoices.pay(sandbox.account, {"payment_method": card}, invoice_id))
    except ApiError as error:
        return _show(sandbox, sandbox.account.get("invoice", invoice_id), str(error))
    return redirect(f"/_sandbox/invoices/{invoice_id}")


def _show(sandbox: Sandbox, found: Json, error: str | None) -> Reply:
    lines = invoicing.all_lines(sandbox.account, found)
    rows = [(line["description"] or "", money(line["amount"], found["currency"])) for line in lines]
    cuts = sum(each["amount"] for each in found["total_discount_amounts"])
    taxes = sum(each["amount"] for each in found["total_taxes"])
    rows += [("Discounts", money(-cuts, found["currency"]))] if cuts else []
    rows += [("Tax", money(taxes, found["currency"]))] if taxes else []
    rows += [("Total", money(found["total"], found["currency"])), ("Status", found["status"])]
    pay = (
        button(f"/_sandbox/invoices/{found['id']}", "Pay", inner=card_choice())
        if found["status"] == "open"
        else ""
    )
    return page(
        f"Invoice {found['number'] or '(draft)'}",
        table(rows) + pay,
        error=error,
        status=402 if error else 200,
    )


def receipt(sandbox: Sandbox, charge_id: str) -> Reply:
    """Show a receipt."""
    charge = sandbox.account.get("charge", charge_id)
    rows = [("Paid", money(charge["amount"], charge["currency"]))]
    rows += (
        [("Refunded", money(charge["amount_refunded"], charge["currency"]))]
        if charge["amount_refunded"]
        else []
    )
    return page("Receipt", table(rows))
