"""Staff: the platform's own people and their roles; an operator invites and changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import columns, elements, numbers
from dashboards.acts import told
from dashboards.elements import Figure
from dashboards.forms import colleagues
from dashboards.queries import account as queries
from tenants.people.roles import STAFF_ROLES

if TYPE_CHECKING:
    from dashboards.context import Context


def render(context: Context) -> None:
    """Show the page."""
    elements.now_header(
        context, "Staff", "Who runs the platform, in which role, and when they were last here."
    )
    told()
    people = queries.people(context.live.control, None)
    serving = people.filter(people["status"] != "deactivated")
    roles = serving["role"].to_list()
    elements.figures(
        [
            Figure("In service", numbers.count(len(roles)), meaning="Active and invited people."),
            *(Figure(role.capitalize(), numbers.count(roles.count(role))) for role in STAFF_ROLES),
        ]
    )
    elements.table(
        context,
        f"{people.height:,} people",
        people,
        "staff",
        meaning=colleagues.ROLES,
        columns={
            "name": columns.text("Name", width="medium"),
            "email": columns.text("E-mail", width="medium"),
            "role": columns.text("Role", colleagues.ROLES),
            "status": columns.text("Status"),
            "last_active_at": columns.moment("Last active"),
            "sign_in_count": columns.count("Sign-ins"),
            "created_at": columns.moment("Since"),
        },
    )
    if context.live.settings.smtp_url is None:
        st.info(
            "No mail server is set (`LOKI_SMTP_URL`), so invitations and resets wait; "
            "`loki users invite` prints a link to hand over.",
            icon=":material/mail_off:",
        )
    left, right = st.columns(2)
    with left:
        colleagues.invite(context)
    with right:
        colleagues.change(context)
