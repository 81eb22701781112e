"""Profile: what everyone sets for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import acts, elements
from dashboards.forms import own_sessions, profile, sso_own

if TYPE_CHECKING:
    from dashboards.context import Context


def render(context: Context) -> None:
    """Show the page."""
    elements.now_header(context, "Profile", "What you set for yourself, and where you are signed in.")
    acts.told()
    profile.show(context)
    sso_own.show(context)
    own_sessions.show(context)
