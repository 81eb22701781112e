"""Sign-in through OpenID Connect: what the provider has to know, and what we have to know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import elements, numbers
from dashboards.forms import sso
from tenants.people.roles import DEFAULT_ROLE
from tenants.sso.addresses import CALLBACK_PATH

if TYPE_CHECKING:
    from dashboards.context import Context
    from dashboards.forms.sso import Place
    from tenants.sso import Connection

_KIND = "openid"


def show(context: Context) -> None:
    """Show the provider and the form."""
    at, tenant_id = sso.place(context), elements.own_tenant(context)
    connection = context.live.control.sso.find(tenant_id)
    with st.container(border=True):
        st.subheader("Enter at your provider", anchor=False)
        sso.copied("Redirect URI", [f"{origin}{CALLBACK_PATH}" for origin in at.origins])
        st.caption("A web application with a client secret; scopes openid, email and profile.")
    if connection is not None:
        _present(context, at, connection)
    _form(context, tenant_id, connection)


def _present(context: Context, at: Place, connection: Connection) -> None:
    providers, tenant_id = context.live.control.sso, connection.tenant_id
    with st.container(border=True):
        st.subheader("Your provider", anchor=False)
        st.markdown(
            f":gray[Issuer] {elements.plain(connection.issuer)}  \n"
            f":gray[Client id] {elements.plain(connection.client_id)}  \n"
            f":gray[New people become] {connection.default_role}  \n"
            f":gray[Saved] {numbers.moment(connection.updated_at)}"
        )
        sso.standing(context, _KIND, providers, connection)
        redirect_uri = f"{at.origins[0]}{CALLBACK_PATH}"
        sso.tried(context, _KIND, lambda: providers.tried(tenant_id, redirect_uri))
        if connection.is_enabled:
            sso.linked(at, "/sso/link")


def _form(context: Context, tenant_id: str, present: Connection | None) -> None:
    number = sso.saves(_KIND)
    with st.form("openid"):
        st.subheader("Change it" if present else "Connect a provider", anchor=False)
        issuer = st.text_input(
            "Issuer",
            present.issuer if present else "",
            max_chars=500,
            placeholder="https://login.example.com",
            key=f"openid-issuer-{number}",
        )
        client_id = st.text_input(
            "Client id", present.client_id if present else "", max_chars=500, key=f"openid-client-{number}"
        )
        secret = st.text_input(
            "Client secret",
            type="password",
            max_chars=500,
            autocomplete="off",
            placeholder="Left empty, the present one is kept" if present else "",
            key=f"openid-secret-{number}",
        )
        role = st.selectbox(
            "Who comes for the first time becomes",
            sso.ROLES,
            sso.ROLES.index(present.default_role if present else DEFAULT_ROLE),
            key=f"openid-role-{number}",
        )
        is_asked = st.form_submit_button("Save", type="primary", key="openid-save")
    if is_asked:
        put = context.live.control.sso.put
        given = (issuer.strip(), client_id.strip(), secret or None, str(role))
        sso.save(context, _KIND, lambda by: put(tenant_id, *given, by))
