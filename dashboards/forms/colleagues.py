"""The platform's own people: invited, given another role, sent a link, taken out of service and put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts
from dashboards.forms.people import choose
from tenants.people.roles import STAFF_ROLES
from tenants.people.staff import Staff

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.context import Context
    from tenants.people.records import User

ROLES = (
    "operator: everything; revenue: all revenue pages; success: upsell, health and usage of all tenants; "
    "revenue and success see tenants' records too."
)
_MANAGE = "staff:manage"


def invite(context: Context) -> None:
    """Show the form that invites someone."""
    with st.form("staff-invite", clear_on_submit=False):
        st.subheader("Invite someone", anchor=False)
        email = st.text_input("E-mail", key="staff-email", max_chars=320)
        name = st.text_input("Name", key="staff-name", max_chars=200)
        roles = list(STAFF_ROLES)
        role = st.selectbox("Role", roles, roles.index("success"), help=ROLES, key="staff-role")
        is_asked = st.form_submit_button("Send invitation", type="primary", key="staff-send")
    if is_asked:
        sentence = f"{email} is invited as {role}; the e-mail is on its way."
        _done(context, sentence, lambda staff: staff.add(email, name, str(role)))


def change(context: Context) -> None:
    """Show whom to change, and how."""
    users = context.live.control.users.of(None)
    with st.container(border=True):
        st.subheader("Change someone", anchor=False)
        chosen = choose(users, "Choose someone of the staff", "staff-person")
        if chosen:
            _change_one(context, chosen)


def _change_one(context: Context, user: User) -> None:
    roles = list(STAFF_ROLES)
    role = st.selectbox("Role", roles, roles.index(user.role), help=ROLES, key=f"staff-role-{user.user_id}")
    with st.container(horizontal=True):
        if st.button("Save role", disabled=role == user.role, key="staff-save"):
            sentence = f"{user.name} is {role} now and signs in anew."
            _done(context, sentence, lambda staff: staff.change(user.user_id, role=role))
        if user.status == "deactivated":
            if st.button("Put back into service", key="staff-reactivate"):
                sentence = f"{user.name} is in service again."
                _done(context, sentence, lambda staff: staff.reactivate(user.user_id))
            return
        _link(context, user)
        if st.button("End sessions", key="staff-sessions"):
            sentence = f"{user.name} is signed out everywhere."
            _done(context, sentence, lambda staff: _ended(context, user, staff))
        with st.popover("Deactivate …"):
            st.markdown("The person's sessions end at once; what they did stays in the audit trail.")
            if st.button("Deactivate", type="primary", key="staff-deactivate"):
                sentence = f"{user.name} is out of service."
                _done(context, sentence, lambda staff: staff.deactivate(user.user_id))


def _link(context: Context, user: User) -> None:
    label = "Invite again" if user.status == "invited" else "Send a password reset"
    if st.button(label, key="staff-link"):
        sentence = f"A link is on its way to {user.email}; it ends earlier ones."
        _done(context, sentence, lambda staff: staff.send_link(user.user_id))


def _ended(context: Context, user: User, staff: Staff) -> User:
    context.live.sessions.revoke_all(user, staff.by)
    return user


def _done(context: Context, sentence: str, act: Callable[[Staff], User]) -> None:
    control = context.live.control
    if acts.attempt(context, _MANAGE, lambda by: act(Staff(control, by))) is not None:
        acts.tell_after(sentence)
