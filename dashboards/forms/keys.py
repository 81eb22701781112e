"""API keys: made, shown once, revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts, columns, elements
from dashboards.queries import account as queries
from tenants.keys.granting import issue_within
from tenants.people.roles import checked_permissions

if TYPE_CHECKING:
    from datetime import datetime

    from dashboards.context import Context
    from tenants.audit.records import Actor
    from tenants.keys import IssuedKey

_READ, _MANAGE = "keys:read", "keys:manage"


def show(context: Context) -> None:
    """Show the keys, and to whoever may, how to make and revoke one."""
    if _READ not in context.principal.permissions:
        elements.nothing("Not yours to see", "An owner or admin looks after the keys.")
        return
    tenant_id = elements.own_tenant(context)
    if _MANAGE in context.principal.permissions:
        _make(context, tenant_id)
    _table(context, tenant_id)
    if _MANAGE in context.principal.permissions:
        _revoke(context, tenant_id)


def _make(context: Context, tenant_id: str) -> None:
    own = sorted(context.principal.permissions)
    usual = [each for each in checked_permissions(None) if each in own]
    with st.form("key"):
        st.subheader("Make a key", anchor=False)
        left, right = st.columns(2)
        name = left.text_input("Name", max_chars=200, placeholder="build server", key="key-name")
        days = right.number_input("Days until it ends; 0 is never", 0, 3650, 0, key="key-days")
        permissions = st.multiselect("Permissions", own, usual, key="key-permissions")
        is_asked = st.form_submit_button("Make key", type="primary", key="key-make")
    if not is_asked:
        return
    expires_at = context.now + timedelta(days=int(days)) if days else None
    issued = acts.attempt(
        context, _MANAGE, lambda by: _issued(context, tenant_id, by, name, permissions, expires_at)
    )
    if issued is not None:
        st.warning("Copy the key now: it is shown this once, and kept nowhere.", icon=":material/key:")
        st.code(issued.text, language=None)


def _issued(
    context: Context,
    tenant_id: str,
    by: Actor,
    name: str,
    permissions: list[str],
    expires_at: datetime | None,
) -> IssuedKey:
    keys, own = context.live.control.keys, context.principal.permissions
    return issue_within(keys, tenant_id, name, by, own, permissions, expires_at=expires_at)


def _table(context: Context, tenant_id: str) -> None:
    keys = queries.keys(context.live.control, tenant_id)
    if keys.is_empty():
        elements.nothing("No API key yet", "The first one starts your integration.", ":material/key:")
        return
    elements.table(
        context,
        "API keys",
        keys,
        "api-keys",
        meaning="A key is shown once; only its hash is kept.",
        columns={
            "name": columns.text("Name", width="medium"),
            "hint": columns.text("Ends with"),
            "permissions": columns.words("Permissions"),
            "created_at": columns.moment("Made"),
            "last_used_at": columns.moment("Last used"),
            "expires_at": columns.moment("Expires"),
            "revoked_at": columns.moment("Revoked"),
        },
    )


def _revoke(context: Context, tenant_id: str) -> None:
    control = context.live.control
    valid = {key.key_id: key for key in control.keys.of(tenant_id) if key.is_valid(context.now)}
    if not valid:
        return
    with st.container(border=True):
        st.subheader("Revoke a key", anchor=False)
        chosen = st.selectbox(
            "Key",
            valid,
            format_func=lambda key_id: f"{valid[key_id].name} (…{valid[key_id].hint})",
            index=None,
            placeholder="Choose a key",
            key="revoke-key",
        )
        is_sure = st.checkbox("The very next call with it is to be refused", key="revoke-sure")
        if st.button("Revoke", disabled=not (chosen and is_sure), key="revoke") and chosen in valid:
            name = valid[chosen].name
            if acts.attempt(context, _MANAGE, lambda by: control.keys.revoke(tenant_id, chosen, by)):
                acts.tell_after(f"The key {name} is revoked.")
