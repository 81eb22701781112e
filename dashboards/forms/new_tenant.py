"""A new tenant: its record, its store, and its first owner's invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts
from tenants.mail.links import queue_link
from tenants.people.addresses import checked_email
from tenants.tenancy import NewTenant
from tenants.tenancy.checks import REGIONS
from tenants.tenancy.provisioning import provision

if TYPE_CHECKING:
    from dashboards.context import Context
    from tenants.audit.records import Actor
    from tenants.tenancy import Tenant

_MANAGE = "tenants:manage"


def show(context: Context) -> None:
    """Show the form."""
    catalogue = context.live.control.catalogue
    regions = sorted({*REGIONS, catalogue.defaults.region})
    with st.form("new-tenant", border=False):
        left, right = st.columns(2)
        name = left.text_input("Name", max_chars=200, key="new-tenant-name", placeholder="Acme Wealth Ltd")
        slug = right.text_input(
            "Slug", max_chars=48, key="new-tenant-slug", placeholder="Made from the name", help="For hosts."
        )
        plan = left.selectbox("Plan", [each.id for each in catalogue.plans], key="new-tenant-plan")
        region = right.selectbox(
            "Region",
            regions,
            regions.index(catalogue.defaults.region),
            key="new-tenant-region",
            help="Where its data lies, for good.",
        )
        billing = left.text_input("Billing e-mail", max_chars=100, key="new-tenant-billing")
        owner = right.text_input(
            "First owner's e-mail",
            max_chars=320,
            key="new-tenant-owner",
            help="Invited at once; may be empty.",
        )
        is_asked = st.form_submit_button("Create tenant", type="primary", key="new-tenant-create")
    if not is_asked:
        return
    new = NewTenant(
        name=name,
        plan=str(plan),
        slug=slug.strip() or None,
        region=region,
        billing_email=billing.strip() or None,
    )
    made = acts.attempt(context, _MANAGE, lambda by: _made(context, new, owner.strip(), by))
    if made is not None:
        acts.tell_after(f"{made.name} is there; its slug is {made.slug}.")


def _made(context: Context, new: NewTenant, owner: str, by: Actor) -> Tenant:
    control = context.live.control
    address = checked_email(owner) if owner else None  # before anything is made
    tenant = provision(control, context.live.stores, new, by)
    if address is not None:
        user = control.users.add(tenant.tenant_id, address, by, role="owner")
        queue_link(control, user, "invitation")
    return tenant
