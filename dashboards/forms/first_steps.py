"""The first steps: which are done, told by facts, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import elements
from tenants.onboarding import onboarding_of

if TYPE_CHECKING:
    from dashboards.context import Context


def show(context: Context) -> None:
    """Show the six steps in their order."""
    tenant_id = elements.own_tenant(context)
    control = context.live.control
    store = context.live.stores.open(tenant_id)
    told = onboarding_of(control, store, control.tenants.get(tenant_id))
    done = sum(step.is_done for step in told.steps)
    st.progress(done / len(told.steps), f"{done} of {len(told.steps)} steps are done")
    for step in told.steps:
        icon = ":material/check_circle:" if step.is_done else ":material/radio_button_unchecked:"
        is_next = told.next_step is not None and step.step == told.next_step.step
        action = "" if step.is_done else f"  \n:gray[{step.next_action}]"
        st.markdown(f"{icon} **{step.title}**{' · next' if is_next else ''}{action}")
