"""Where a person is signed in, and how to end it elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboards import acts, columns, elements

if TYPE_CHECKING:
    from dashboards.context import Context

_SCHEMA = {
    "method": pl.String(),
    "address": pl.String(),
    "created_at": pl.Datetime("us", "UTC"),
    "last_seen_at": pl.Datetime("us", "UTC"),
    "is_current": pl.Boolean(),
}


def show(context: Context) -> None:
    """Show the person's sessions, and end all but this one on request."""
    sessions, user_id = context.live.sessions, str(context.principal.user_id)
    here = context.principal.session_id
    rows = [
        {
            "method": each.method,
            "address": each.address,
            "created_at": each.created_at,
            "last_seen_at": each.last_seen_at,
            "is_current": each.session_id == here,
        }
        for each in sessions.of(user_id)
    ]
    elements.table(
        context,
        "Where you are signed in",
        pl.DataFrame(rows, schema=_SCHEMA),
        "sessions",
        columns={
            "method": columns.text("By"),
            "address": columns.text("From"),
            "created_at": columns.moment("Since"),
            "last_seen_at": columns.moment("Last active"),
            "is_current": st.column_config.CheckboxColumn("Here"),
        },
    )
    if len(rows) > 1 and st.button("Sign out everywhere else", key="sessions-end"):
        user = context.live.control.users.get(user_id, elements.own_tenant(context))
        ended = acts.attempt(context, None, lambda by: sessions.revoke_all(user, by, but=here))
        if ended is not None:
            acts.tell_after(f"Signed out in {ended} other places.")
