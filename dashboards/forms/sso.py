"""What both kinds of single sign-on share: where we are, how a provider stands, what is done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import streamlit as st

from dashboards import acts, elements
from dashboards.session import api_address
from tenants.access.hosts import Hosts
from tenants.people.roles import TENANT_ROLES
from tenants.sso.addresses import origins
from tenants.sso.checks import FEATURE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dashboards.context import Context
    from tenants.audit.records import Actor
    from tenants.sso.connections import Connection
    from tenants.sso.providers import Providers
    from tenants.sso.saml.connections import SamlConnection
    from tenants.sso.trial import Finding

MANAGE = "sso:manage"
ROLES = [role for role in TENANT_ROLES if role != "owner"]


@dataclass(frozen=True)
class Place:
    """How the browser reaches the API, and what is the tenant's there.

    Attributes:
        scheme: How.
        port: Where, with its colon; empty for the scheme's own.
        here: The present host with its port.
        hosts: Tells whose a host is.
        origins: Of each of the tenant's hosts, the present one first where it is the tenant's.
    """

    scheme: str
    port: str
    here: str
    hosts: Hosts
    origins: list[str]

    @property
    def is_tenants(self) -> bool:
        """Whether the page was opened at the tenant's own address."""
        return f"{self.scheme}://{self.here}" == self.origins[0]


def place(context: Context) -> Place:
    """Return where the browser is."""
    address = urlsplit(api_address(context.live.settings))
    port, hosts = f":{address.port}" if address.port else "", Hosts(context.live.control)
    tenant_id = elements.own_tenant(context)
    own = origins(context.live.control, hosts, tenant_id, address.scheme, port, address.netloc)
    return Place(address.scheme, port, address.netloc, hosts, own)


def copied(label: str, values: Iterable[str]) -> None:
    """Show values to be copied to a provider's own settings."""
    st.markdown(f":gray[{label}]")
    for value in values:
        st.code(value, language=None, wrap_lines=True)


def standing(
    context: Context, kind: str, providers: Providers[Any], connection: Connection | SamlConnection
) -> None:
    """Show whether people may come by a provider, and switch or remove it."""
    tenant_id, is_enabled = elements.own_tenant(context), connection.is_enabled
    if connection.tested_at is None:
        st.warning("Not verified: it was not seen to work as it is saved; try it.", icon=":material/help:")
    if is_enabled:
        st.success("In use: the sign-in page offers it.", icon=":material/check_circle:")
    else:
        st.warning("Switched off: nobody comes by it.", icon=":material/toggle_off:")
    with st.container(horizontal=True, vertical_alignment="center"):
        label, sentence = (
            ("Switch off", "Switched off; nothing was forgotten.") if is_enabled else ("Switch on", "In use.")
        )
        if st.button(label, key=f"{kind}-switch"):
            change(context, sentence, lambda by: providers.switch(tenant_id, by, is_enabled=not is_enabled))
        with st.popover("Remove …"):
            st.markdown("People sign in with passwords again; who has none asks for one on the sign-in page.")
            if st.button("Remove", type="primary", key=f"{kind}-remove"):
                change(context, "It is trusted no more.", lambda by: providers.remove(tenant_id, by))


def change(context: Context, sentence: str, act: Callable[[Actor], object]) -> None:
    """Do what an owner asks for and say so, or say in place why not."""
    if acts.attempt(context, MANAGE, lambda by: (act(by),), FEATURE) is not None:
        acts.tell_after(sentence)


def save(context: Context, kind: str, put: Callable[[Actor], object]) -> None:
    """Save what a form holds; its fields are made anew afterwards, so that no secret stays in them."""

    def act(by: Actor) -> None:
        put(by)
        st.session_state[f"{kind}-saves"] = saves(kind) + 1

    change(context, "Saved; test the connection next.", act)


def saves(kind: str) -> int:
    """Return how often a form was saved, which is part of its fields' keys."""
    return int(st.session_state.get(f"{kind}-saves", 0))


def tried(context: Context, kind: str, look: Callable[[], list[Finding]]) -> None:
    """Offer to try a provider, and show what was found."""
    if not st.button("Test the connection", key=f"{kind}-test"):
        return
    with st.spinner("Asking the provider …"):
        found = acts.attempt(context, MANAGE, lambda _: look(), FEATURE)
    for each in found or ():
        show = {True: st.success, False: st.error, None: st.info}[each.is_fine]
        show(elements.plain(each.sentence))


def linked(at: Place, path: str) -> None:
    """Offer to whoever looks to come by the provider themselves: the whole way, there and back."""
    if at.is_tenants:
        elements.leave("Link your own sign-in", f"{at.origins[0]}{path}")
    else:
        st.caption(f"To link your own sign-in, sign in at {elements.plain(at.origins[0])} first.")
