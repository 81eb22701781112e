"""The ways to Stripe: Checkout for who has no subscription, the billing portal for who has one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import streamlit as st

from dashboards import acts, elements
from dashboards.queries import account, payments
from tenants.billing.gateway import StripeGateway
from tenants.billing.inbox import Inbox
from tenants.billing.service import Billing
from tenants.billing.state import RUNNING

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.context import Context
    from tenants.audit.records import Actor
    from tenants.billing.state import BillingState
    from tenants.tenancy.records import Tenant

_MANAGE = "billing:manage"
_CAME_FROM = "from"
_EVERY_SECONDS = 3.0


def show(context: Context, tenant: Tenant, now: BillingState) -> None:
    """Show to whoever may pay where that is done."""
    if _MANAGE not in context.principal.permissions:
        return
    with st.container(border=True):
        if now.stripe_status in RUNNING:
            _portal(context, tenant)
        else:
            _checkout(context, tenant)
    if _CAME_FROM in st.query_params:
        _watch(context, tenant, now)


def _portal(context: Context, tenant: Tenant) -> None:
    st.subheader("Change plan, card or subscription", anchor=False)
    st.markdown("Plan, payment method, invoices, cancelling and resuming are looked after at Stripe.")
    if st.button("Open the billing portal", type="primary", key="paying-portal"):
        _lead(context, lambda billing, by: billing.portal(tenant, _back(context), by))


def _checkout(context: Context, tenant: Tenant) -> None:
    catalogue = context.live.control.catalogue
    sold = [plan.id for plan in catalogue.plans if not plan.is_custom_price]
    st.subheader("Subscribe", anchor=False)
    left, right = st.columns(2)
    plan = left.selectbox(
        "Plan",
        sold,
        sold.index(tenant.plan) if tenant.plan in sold else 0,
        format_func=lambda plan_id: catalogue.plan(plan_id).name,
        key="paying-plan",
    )
    interval = right.selectbox("Paid every", list(catalogue.intervals), key="paying-interval")
    if st.button("Go to Checkout", type="primary", key="paying-checkout"):
        _lead(
            context,
            lambda billing, by: billing.checkout(tenant, str(plan), str(interval), _back(context), by),
        )


def _lead(context: Context, open_page: Callable[[Billing, Actor], str]) -> None:
    """Open a page at Stripe and show the way there, or why there is none."""
    control = context.live.control
    billing = Billing(control, Inbox(control), StripeGateway(context.live.settings))
    address = acts.attempt(context, _MANAGE, lambda by: open_page(billing, by), is_billing=True)
    if address is not None:
        elements.leave("Continue at Stripe", address, is_primary=True)


def _back(context: Context) -> str:
    """Return this page's own address, marked as the way back from Stripe."""
    here, settings = urlsplit(st.context.url or ""), context.live.settings
    own = f"{here.scheme}://{here.netloc}" if here.netloc else ""
    return f"{own or f'http://{settings.base_domain}:{settings.dashboard_port}'}/billing?{_CAME_FROM}=stripe"


@st.fragment(run_every=_EVERY_SECONDS)
def _watch(context: Context, tenant: Tenant, shown: BillingState) -> None:
    """Start the page anew once Stripe has told us what was done there."""
    control, tenant_id = context.live.control, tenant.tenant_id
    if (account.tenant(control, tenant_id), payments.state(control, tenant_id)) != (tenant, shown):
        st.rerun(scope="app")
    st.caption(":material/sync: What you did at Stripe shows here as soon as Stripe has told us.")
