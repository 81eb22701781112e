"""What an operator does to a tenant's life: out of service and back, closed for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts, elements
from tenants.billing.closing import Closing
from tenants.protection.erasure import Erasures

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.context import Context
    from tenants.audit.records import Actor
    from tenants.tenancy import Tenant

_MANAGE = "tenants:manage"
_LONGEST_REASON = 500


def show(context: Context, tenant: Tenant) -> None:
    """Show what can be done to the tenant as it stands."""
    if tenant.closed_at is not None:
        elements.nothing(
            "This tenant is closed", "Its data stays until it is erased; see Erasures.", ":material/lock:"
        )
        return
    left, right = st.columns(2)
    with left:
        (_take_out if tenant.is_in_service else _put_back)(context, tenant)
    with right:
        _close(context, tenant)


def _take_out(context: Context, tenant: Tenant) -> None:
    with st.form("tenant-out", border=True):
        st.subheader("Take out of service", anchor=False)
        st.markdown(
            "Its people and programs are refused from the next call on. Its data and subscription stay."
        )
        reason = _reason("out")
        is_sure = st.checkbox("It is to be refused at once", key="tenant-out-sure")
        is_asked = st.form_submit_button("Take out of service", type="primary", key="tenant-out-do")
    if is_asked and _is_confirmed(reason, is_sure=is_sure):
        tenants = context.live.control.tenants
        _do(
            context,
            f"{tenant.name} is out of service.",
            lambda by: tenants.deactivate(tenant.tenant_id, by, reason),
        )


def _put_back(context: Context, tenant: Tenant) -> None:
    with st.form("tenant-back", border=True):
        st.subheader("Put back into service", anchor=False)
        st.markdown("Its people and programs are served again, as its subscription allows.")
        reason = _reason("back")
        is_asked = st.form_submit_button("Put back into service", type="primary", key="tenant-back-do")
    if is_asked and _is_confirmed(reason, is_sure=True):
        _do(context, f"{tenant.name} is in service again.", lambda by: _returned(context, tenant, by, reason))


def _returned(context: Context, tenant: Tenant, by: Actor, reason: str) -> Tenant:
    Erasures(context.live.control, context.live.stores).require_none_due(tenant.tenant_id)
    return context.live.control.tenants.reactivate(tenant.tenant_id, by, reason)


def _close(context: Context, tenant: Tenant) -> None:
    with st.form("tenant-close", border=True):
        st.subheader("Close for good", anchor=False)
        st.markdown(
            "It cannot be opened again. Its subscription must have ended. Its data stays until it is erased."
        )
        reason = _reason("close")
        typed = st.text_input(f"Type {tenant.slug} to confirm", max_chars=48, key="tenant-close-slug")
        is_asked = st.form_submit_button("Close", key="tenant-close-do")
    if is_asked and _is_confirmed(reason, is_sure=typed.strip() == tenant.slug):
        closing = Closing.of(context.live.control)
        _do(context, f"{tenant.name} is closed.", lambda by: closing.close(tenant, by, reason))


def _reason(what: str) -> str:
    return st.text_input(
        "Reason",
        max_chars=_LONGEST_REASON,
        placeholder="Chargeback dispute, ticket 4711",
        help="Kept in the tenant's audit trail, which it reads too.",
        key=f"tenant-{what}-reason",
    ).strip()


def _is_confirmed(reason: str, *, is_sure: bool) -> bool:
    if not reason:
        st.error("Give a reason; nothing was changed.", icon=":material/error:")
    elif not is_sure:
        st.error("Confirm it; nothing was changed.", icon=":material/error:")
    return bool(reason) and is_sure


def _do(context: Context, sentence: str, act: Callable[[Actor], Tenant]) -> None:
    if acts.attempt(context, _MANAGE, act) is not None:
        acts.tell_after(sentence)
