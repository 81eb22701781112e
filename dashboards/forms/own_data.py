"""What the organisation's data becomes: taken away, kept for a while, erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts, elements
from dashboards.session import api_address
from tenants.protection.erasure import DEADLINE, KEPT, Erasures

if TYPE_CHECKING:
    from dashboards.context import Context
    from tenants.tenancy import Tenant

_EXPORT, _CLOSE = "tenant:export", "tenant:close"


def show(context: Context) -> None:
    """Show to owners how everything is taken away, and how it is erased."""
    if not {_EXPORT, _CLOSE} & context.principal.permissions:
        elements.nothing("Not yours to do", "An owner takes the data away, or has it erased.")
        return
    tenant = context.live.control.tenants.get(elements.own_tenant(context))
    with st.container(border=True):
        st.subheader("Take everything away", anchor=False)
        st.markdown("One ZIP with your record, people, history, usage, gates, invoices and audit entries.")
        elements.leave("Download", f"{api_address(context.live.settings)}/v1/export")
    _erase(context, tenant)


def _erase(context: Context, tenant: Tenant) -> None:
    with st.form("erasure", border=True):
        st.subheader("Have everything erased", anchor=False)
        st.markdown(
            f"The account is out of service at once, and everything is erased within {DEADLINE.days} days: "
            "databases, backups, reports. The subscription is not renewed, and what is left is not refunded. "
            "Until then our support can take it back. Download first what you want to keep."
        )
        st.caption("Kept are, and nothing else: " + " ".join(KEPT))
        typed = st.text_input(f"Type {tenant.slug} to confirm", max_chars=48, key="erasure-slug")
        is_asked = st.form_submit_button("Ask for erasure", key="erasure-ask")
    if is_asked and typed.strip() != tenant.slug:
        st.error("That is not the account's slug; nothing was changed.", icon=":material/error:")
    elif is_asked:
        erasures = Erasures(context.live.control, context.live.stores)
        asked = acts.attempt(context, _CLOSE, lambda by: erasures.request(tenant, by))
        if asked is not None:
            acts.tell_after(f"Everything will be erased by {asked.due_at:%d %B %Y}.")
