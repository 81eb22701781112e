"""Team: the people, their roles, and the seats of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import columns, elements, numbers
from dashboards.elements import Figure
from dashboards.queries import account as queries

if TYPE_CHECKING:
    from dashboards.context import Context

_ROLES = (
    "owner: everything; admin: users, settings, integrations, billing; manager: analytics, gates; "
    "agent: validate and correct documents; viewer: read."
)


def render(context: Context) -> None:
    """Show the page."""
    elements.now_header(context, "Team", "Who works here, in which role, and how many seats are left.")
    control, tenant_id = context.live.control, elements.own_tenant(context)
    limit, taken = queries.entitlements(control, tenant_id).user_limit, queries.seats(control, tenant_id)
    elements.figures(
        [
            Figure("Seats taken", numbers.count(taken), meaning="Active and invited people."),
            Figure("Seats in the plan", "unlimited" if limit is None else numbers.count(limit)),
        ]
    )
    people = queries.people(control, tenant_id)
    if people.is_empty():
        elements.nothing("Nobody yet", "Invite the first person with `POST /v1/users` or `loki users add`.")
        return
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
