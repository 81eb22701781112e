"""What everyone sets for themselves: name, time zone, language, which e-mails they want."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

import streamlit as st

from dashboards import acts, elements
from tenants.people.records import NOTIFICATIONS

if TYPE_CHECKING:
    from dashboards.context import Context

_TOLD = {
    "welcome": "Welcome, when the account begins",
    "api_setup": "How to set up the API",
    "first_validation": "When the first document was validated",
}
_AS_ORGANISATION = "As the organisation"


def show(context: Context) -> None:
    """Show the form."""
    users, tenant_id = context.live.control.users, elements.own_tenant(context)
    user = users.get(str(context.principal.user_id), tenant_id)
    zones = [_AS_ORGANISATION, *sorted(available_timezones())]
    with st.form("profile"):
        name = st.text_input("Name", user.name, max_chars=200, key="profile-name")
        zone = st.selectbox("Time zone", zones, zones.index(user.time_zone or zones[0]), key="profile-zone")
        language = st.text_input(
            "Language",
            user.language or "",
            max_chars=3,
            help="A code such as en or th; empty: as the organisation.",
            key="profile-language",
        )
        st.markdown("E-mails about your first steps")
        wanted = {
            each: st.checkbox(_TOLD[each], user.notifications.get(each, True), key=f"profile-{each}")
            for each in NOTIFICATIONS
        }
        is_asked = st.form_submit_button("Save", type="primary", key="profile-save")
    if not is_asked:
        return
    fields: dict[str, Any] = {
        "name": name,
        "time_zone": None if zone == _AS_ORGANISATION else zone,
        "language": language.strip() or None,
        "notifications": wanted,
    }
    if acts.attempt(context, None, lambda by: users.update(user.user_id, tenant_id, by, **fields)):
        acts.tell_after("Your profile is saved.")
