"""Every look of our own people into one tenant's data is written to the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from tenants.audit.records import Change

if TYPE_CHECKING:
    from dashboards.context import Context


def looked_into(context: Context, tenant_id: str | None, page: str) -> None:
    """Record that this person of the staff opened one tenant's details; once for each time it is opened.

    Args:
        context: Who looks.
        tenant_id: Whose data; a customer that is no tenant of ours has none, and nothing is recorded.
        page: The page it was opened on.
    """
    opened = (page, tenant_id)
    if tenant_id is None:
        st.session_state.pop("looked_into", None)
        return
    if st.session_state.get("looked_into") == opened:
        return
    st.session_state["looked_into"] = opened
    change = Change(
        action="tenant_viewed",
        object_type="tenant",
        object_id=tenant_id,
        tenant_id=tenant_id,
        detail={"page": page},
    )
    context.live.control.audit.record(context.principal.actor(), change)
