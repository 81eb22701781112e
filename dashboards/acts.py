"""What people change on a page: decided as the API decides, told in a sentence, written to the audit log.

A change runs in the rerun of the person whose session was checked at its beginning. Streamlit takes
messages of its own origin only, so no other site's page can act in their name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from dashboards import session
from dashboards.elements import plain
from tenants.access.decision import Needs
from tenants.access.situations import refusal_of_page
from tenants.audit.records import Change
from tenants.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.context import Context
    from tenants.audit.records import Actor

T = TypeVar("T")
_TOLD = "act_told"


def attempt(
    context: Context,
    permission: str | None,
    act: Callable[[Actor], T],
    feature: str | None = None,
    *,
    is_billing: bool = False,
) -> T | None:
    """Do what a person asked for, or show in a sentence why not.

    Args:
        context: Who asks.
        permission: What it takes; None where being signed in is enough.
        act: Changes something in that person's name; what it returns is returned.
        feature: What the plan must have.
        is_billing: Whether it stays open to whoever has to pay first.

    Returns:
        None where it was refused.
    """
    actor = session.actor_of(context.principal)
    needs = Needs(permission, feature=feature, is_billing=is_billing)
    refusal = refusal_of_page(context.live.control, context.principal, needs)
    if refusal is not None:
        _tell_refusal(context, actor, refusal)
        st.error(plain(refusal.message), icon=":material/block:")
        return None
    try:
        return act(actor)
    except PlatformError as error:
        st.error(plain(error.message), icon=":material/error:")
        return None


def tell_after(sentence: str) -> None:
    """Start the page anew, with a sentence on what was done at its top."""
    st.session_state[_TOLD] = sentence
    st.rerun()


def told() -> None:
    """Show what the last change did, once."""
    sentence = st.session_state.pop(_TOLD, None)
    if sentence:
        st.success(plain(sentence), icon=":material/check_circle:")


def _tell_refusal(context: Context, actor: Actor, refusal: PlatformError) -> None:
    change = Change(
        action="access_refused",
        object_type="page",
        object_id=f"{context.principal.tenant_id}",
        tenant_id=context.principal.tenant_id,
        detail={"code": refusal.code},
    )
    context.live.control.audit.record(actor, change)
