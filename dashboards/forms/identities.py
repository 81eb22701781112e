"""The identities at the organisation's provider that are linked to a person, and how a link ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts, elements

if TYPE_CHECKING:
    from dashboards.context import Context
    from tenants.audit.records import Actor
    from tenants.sso.identities import Identity


def show(context: Context, user_id: str, permission: str | None) -> None:
    """Offer to unlink each identity of a person.

    Args:
        context: Who looks.
        user_id: Whose.
        permission: What it takes; None for one's own.
    """
    for each in context.live.control.identities.of(user_id, elements.own_tenant(context)):
        with st.popover(f"Unlink {elements.plain(each.issuer)} …"):
            st.markdown(
                f"Linked on {each.linked_at:%d %B %Y}. Nobody comes by it any more; the sessions that began "
                "by it end at once."
            )
            if st.button("Unlink", type="primary", key=f"unlink-{each.identity_id}"):
                _unlink(context, each, permission)


def _unlink(context: Context, identity: Identity, permission: str | None) -> None:
    identities, tenant_id = context.live.control.identities, elements.own_tenant(context)

    def act(by: Actor) -> bool:
        identities.unlink(identity.user_id, tenant_id, identity.identity_id, by)
        return True

    if acts.attempt(context, permission, act):
        acts.tell_after("It is unlinked.")
