"""A tenant's payments and invoices, as its own people and ours see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import columns, elements, numbers
from dashboards.elements import Figure
from dashboards.queries import payments

if TYPE_CHECKING:
    from dashboards.context import Context
    from tenants.billing.state import BillingState, Payment


def figures(billing: BillingState, payment_failures: int) -> list[Figure]:
    """Return the next and the last payment, and how many failed."""
    regular = "; the regular amount, before discounts, tax and prorations."
    return [
        _figure("Next payment", billing.next_payment, regular),
        _figure("Last payment", billing.last_payment),
        Figure("Failed payments", numbers.count(payment_failures), meaning="Of open invoices."),
    ]


def invoices(context: Context, tenant_id: str) -> None:
    """Show the invoices, newest first; their links lead to Stripe's own pages of them."""
    found = payments.invoices(context.live.control, tenant_id)
    if found.is_empty():
        elements.nothing(
            "No invoice yet", "Invoices appear here as soon as Stripe issues them.", ":material/receipt_long:"
        )
        return
    elements.table(
        context,
        "Invoices",
        numbers.shown_by_row(found, ["total", "amount_paid"]),
        "invoices",
        numbers=found,
        height=320,
        columns={
            "created_at": columns.moment("Issued"),
            "number": columns.text("Number", width="medium"),
            "status": columns.text("Status"),
            "currency": columns.text("Currency"),
            "total": columns.amount("Total"),
            "amount_paid": columns.amount("Paid"),
            "link": columns.link("Invoice", "Open"),
        },
    )


def _figure(label: str, payment: Payment | None, note: str = ".") -> Figure:
    if payment is None:
        return Figure(label, numbers.NOTHING, meaning="Nothing is due or known.")
    amount = numbers.money(payment.amount, payment.currency)
    return Figure(label, amount, meaning=f"{numbers.moment(payment.at)}{note}")
