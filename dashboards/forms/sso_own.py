"""One's own identity at the organisation's provider, linked by whoever signs in with a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import elements
from dashboards.forms import identities, sso

if TYPE_CHECKING:
    from dashboards.context import Context
    from tenants.sso import Connections
    from tenants.sso.saml.connections import SamlConnections


def show(context: Context) -> None:
    """Show where to link it, where people may come by a provider, and how to unlink it."""
    control, tenant_id = context.live.control, elements.own_tenant(context)
    ways: dict[str, Connections | SamlConnections] = {
        "/sso/link": control.sso,
        "/sso/saml/link": control.saml,
    }
    path = next((path for path, providers in ways.items() if providers.is_connected(tenant_id)), None)
    user_id = str(context.principal.user_id)
    if path is None and not control.identities.of(user_id, tenant_id):
        return
    with st.container(border=True):
        st.subheader("Your company's sign-in", anchor=False)
        if path is not None:
            st.markdown("Once it is linked you come in by it, and as the same person as by your password.")
            sso.linked(sso.place(context), path)
        identities.show(context, user_id, None)
