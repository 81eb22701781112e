"""Billing: the plan, what it costs and includes, and how payment stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import columns, elements, numbers
from dashboards.elements import Figure
from dashboards.forms import paying, payments
from dashboards.queries import account
from dashboards.queries.payments import state as billing_state

if TYPE_CHECKING:
    from dashboards.context import Context
    from tenants.billing.state import BillingState
    from tenants.tenancy.records import Tenant

_STATUSES = {
    "trial": ("In trial", "The first payment follows when the trial ends."),
    "active": ("Active", "Everything is paid."),
    "past_due": (
        "Payment is overdue",
        "Pay the open invoice or change the payment method to keep validating.",
    ),
    "paused": ("Paused", "Results can be read; validating is off until the subscription is resumed."),
    "canceled": ("Canceled", "Choose a plan to go on."),
}


def render(context: Context) -> None:
    """Show the page."""
    elements.now_header(context, "Billing", "Your plan, what it includes, and how payment stands.")
    control, tenant_id = context.live.control, elements.own_tenant(context)
    tenant, billing = account.tenant(control, tenant_id), billing_state(control, tenant_id)
    _figures(context, tenant, billing)
    _standing(tenant, billing)
    paying.show(context, tenant, billing)
    payments.invoices(context, tenant_id)
    elements.table(
        context,
        "Plans",
        account.plans(control, tenant_id),
        "plans",
        columns={
            "is_present": columns.flag("Yours"),
            "plan": columns.text("Plan"),
            "price": columns.text("Price", width="medium"),
            "users": columns.text("Users"),
            "quotas": columns.words("A month"),
            "modules": columns.words("Modules"),
            "support": columns.text("Support"),
        },
    )


def _figures(context: Context, tenant: Tenant, billing: BillingState) -> None:
    control = context.live.control
    plan, currency = account.plan(control, tenant.tenant_id), control.catalogue.currency
    price = "Custom" if plan.is_custom_price else numbers.money(plan.price(currency), currency)
    elements.figures(
        [
            Figure("Plan", elements.plain(plan.name), meaning=f"Paid every {billing.interval or 'month'}."),
            Figure("List price a month", price),
            *payments.figures(billing, tenant.payment_failures),
        ]
    )


def _standing(tenant: Tenant, billing: BillingState) -> None:
    title, remedy = _STATUSES[tenant.status]
    if tenant.cancel_at_period_end:
        ends = f" on {numbers.day(billing.period_end.date())}" if billing.period_end else ""
        st.warning(
            f"The subscription ends with the paid period{ends}. Resume it to stay.",
            icon=":material/event_busy:",
        )
    elif tenant.status in ("past_due", "paused", "canceled"):
        st.error(f"**{title}.** {remedy}", icon=":material/credit_card_off:")
    else:
        st.success(f"**{title}.** {remedy}", icon=":material/check_circle:")
    if billing.pay_link:
        st.link_button("Pay the open invoice", billing.pay_link, type="primary", icon=":material/payments:")
