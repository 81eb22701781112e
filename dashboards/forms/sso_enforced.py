"""Whether people have to come through their company: enforced, and lifted again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import elements, numbers
from dashboards.forms import sso

if TYPE_CHECKING:
    from dashboards.context import Context
    from tenants.people.records import User
    from tenants.sso.enforcement import SsoPolicy

_NOBODY = "Nobody: an owner has linked their own sign-in"


def show(context: Context) -> None:
    """Show how it stands, and let an owner change it."""
    policy = context.live.control.enforcement.in_force(elements.own_tenant(context))
    with st.container(border=True):
        st.subheader("Only through your company", anchor=False)
        if policy is None:
            _enforce(context)
        else:
            _lift(context, policy)


def _enforce(context: Context) -> None:
    enforcement, tenant_id = context.live.control.enforcement, elements.own_tenant(context)
    st.markdown(
        "Passwords sign nobody in any more, and sessions that began by one end at once; API keys go on. "
        "Whoever is not linked yet is sent a link on their first try."
    )
    owners = {_named(user): user.user_id for user in _owners(context)}
    chosen = st.selectbox(
        "Whose password goes on working, should your provider not",
        [*owners, _NOBODY],
        key="enforced-glass",
        help="Choose an owner whose password is kept safe; each use is in the audit trail.",
    )
    with st.popover("Enforce …"):
        st.markdown("If you came by a password that is to end, you are signed out.")
        if st.button("Enforce single sign-on", type="primary", key="enforced-on"):
            glass = owners.get(str(chosen))
            sentence = "People come through your company only."
            sso.change(context, sentence, lambda by: enforcement.enforce(tenant_id, by, glass))


def _lift(context: Context, policy: SsoPolicy) -> None:
    enforcement, tenant_id = context.live.control.enforcement, elements.own_tenant(context)
    exempt = next((user for user in _owners(context) if user.user_id == policy.break_glass_user_id), None)
    whose = "nobody" if exempt is None else elements.plain(_named(exempt))
    st.success(f"Enforced since {numbers.moment(policy.enforced_at)}.", icon=":material/lock:")
    st.markdown(f":gray[Whose password goes on working] {whose}")
    with st.popover("Lift …"):
        st.markdown("Passwords sign in again beside your company's sign-in.")
        if st.button("Lift it", type="primary", key="enforced-off"):
            sentence = "Passwords sign in again."
            sso.change(context, sentence, lambda by: enforcement.lift(tenant_id, by))


def _owners(context: Context) -> list[User]:
    people = context.live.control.users.of(elements.own_tenant(context))
    return [user for user in people if (user.role, user.status) == ("owner", "active") and user.password_hash]


def _named(user: User) -> str:
    return f"{user.name} ({user.email})"
