"""Team: the people, their roles, and the seats of the plan; whoever may, invites and changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts, columns, elements, numbers
from dashboards.elements import Figure
from dashboards.forms import identities
from dashboards.forms.people import choose
from dashboards.queries import account as queries
from tenants.people.roles import DEFAULT_ROLE, TENANT_ROLES
from tenants.people.team import Team

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.context import Context
    from tenants.audit.records import Actor
    from tenants.people.records import User

_ROLES = (
    "owner: everything; admin: users, settings, integrations, billing; manager: analytics, gates; "
    "agent: validate and correct documents; viewer: read."
)
_MANAGE = "users:manage"


def render(context: Context) -> None:
    """Show the page."""
    elements.now_header(context, "Team", "Who works here, in which role, and how many seats are left.")
    acts.told()
    control, tenant_id = context.live.control, elements.own_tenant(context)
    limit, taken = queries.entitlements(control, tenant_id).user_limit, queries.seats(control, tenant_id)
    elements.figures(
        [
            Figure("Seats taken", numbers.count(taken), meaning="Active and invited people."),
            Figure("Seats in the plan", "unlimited" if limit is None else numbers.count(limit)),
        ]
    )
    _table(context, tenant_id)
    if _MANAGE in context.principal.permissions:
        left, right = st.columns(2)
        with left:
            _invite(context, tenant_id)
        with right:
            _change(context, tenant_id)


def _table(context: Context, tenant_id: str) -> None:
    people = queries.people(context.live.control, tenant_id)
    elements.table(
        context,
        f"{people.height:,} people",
        people,
        "team",
        meaning=_ROLES,
        columns={
            "name": columns.text("Name", width="medium"),
            "email": columns.text("E-mail", width="medium"),
            "role": columns.text("Role", _ROLES),
            "status": columns.text("Status"),
            "last_active_at": columns.moment("Last active"),
            "sign_in_count": columns.count("Sign-ins"),
            "created_at": columns.moment("Since"),
        },
    )


def _invite(context: Context, tenant_id: str) -> None:
    with st.form("invite", clear_on_submit=False):
        st.subheader("Invite someone", anchor=False)
        email = st.text_input("E-mail", key="invite-email", max_chars=320)
        name = st.text_input("Name", key="invite-name", max_chars=200)
        roles = _grantable(context)
        role = st.selectbox("Role", roles, roles.index(DEFAULT_ROLE), help=_ROLES, key="invite-role")
        is_asked = st.form_submit_button("Send invitation", type="primary", key="invite-send")
    if is_asked:
        sentence = f"{email} is invited as {role}; the e-mail is on its way."
        _done(context, tenant_id, sentence, lambda team: team.add(email, name, str(role)))


def _change(context: Context, tenant_id: str) -> None:
    users = context.live.control.users.of(tenant_id)
    with st.container(border=True):
        st.subheader("Change someone", anchor=False)
        chosen = choose(users, "Choose someone of the team", "change-person")
        if chosen:
            _change_one(context, tenant_id, chosen)


def _change_one(context: Context, tenant_id: str, user: User) -> None:
    roles = _grantable(context)
    if user.role not in roles:
        st.info("This person may do more than you; ask someone with that role.")
        return
    role = st.selectbox(
        "Role", roles, index=roles.index(user.role), help=_ROLES, key=f"change-role-{user.user_id}"
    )
    with st.container(horizontal=True):
        if st.button("Save role", disabled=role == user.role, key="change-save"):
            sentence = f"{user.name} is {role} now."
            _done(context, tenant_id, sentence, lambda team: team.change(user.user_id, role=role))
        if user.status == "deactivated":
            if st.button("Put back into service", key="change-reactivate"):
                sentence = f"{user.name} is in service again."
                _done(context, tenant_id, sentence, lambda team: team.reactivate(user.user_id))
            return
        with st.popover("Deactivate …"):
            st.markdown("The person's sessions end at once, and the seat is free.")
            if st.button("Deactivate", type="primary", key="change-deactivate"):
                sentence = f"{user.name} is out of service."
                _done(context, tenant_id, sentence, lambda team: team.deactivate(user.user_id))
        identities.show(context, user.user_id, _MANAGE)


def _done(context: Context, tenant_id: str, sentence: str, act: Callable[[Team], User]) -> None:
    if acts.attempt(context, _MANAGE, lambda by: act(_team(context, tenant_id, by))) is not None:
        acts.tell_after(sentence)


def _team(context: Context, tenant_id: str, by: Actor) -> Team:
    return Team(context.live.control, tenant_id, context.principal.permissions, by)


def _grantable(context: Context) -> list[str]:
    return [role for role, may in TENANT_ROLES.items() if may <= context.principal.permissions]
