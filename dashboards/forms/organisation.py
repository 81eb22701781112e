"""The organisation's own settings: names, time, language, modules, and how long what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

import streamlit as st

from dashboards import acts, elements
from dashboards.queries import account as queries

if TYPE_CHECKING:
    from dashboards.context import Context
    from tenants.tenancy.records import Tenant

_MANAGE = "settings:manage"
_KEPT = (
    "Documents, quotes of evidence, usage detail, sessions and the log of requests are removed after that. "
    "Reports keep of each call its time, module, endpoint and units, but not the id its sender gave it."
)


def show(context: Context) -> None:
    """Show the form, or what it would change to whoever may not."""
    tenant = queries.tenant(context.live.control, elements.own_tenant(context))
    modules = list(queries.plan(context.live.control, tenant.tenant_id).modules)
    is_locked = _MANAGE not in context.principal.permissions
    with st.form("organisation"):
        fields = _who(tenant, is_locked=is_locked) | _what(tenant, modules, is_locked=is_locked)
        is_asked = st.form_submit_button("Save", type="primary", disabled=is_locked, key="organisation-save")
    changed = {name: value for name, value in fields.items() if value != getattr(tenant, name)}
    if is_asked and not changed:
        st.info("Nothing was changed.")
    elif is_asked:
        tenants = context.live.control.tenants
        if acts.attempt(context, _MANAGE, lambda by: tenants.update(tenant.tenant_id, by, **changed)):
            acts.tell_after(f"Saved: {', '.join(sorted(changed)).replace('_', ' ')}.")


def _who(tenant: Tenant, *, is_locked: bool) -> dict[str, Any]:
    left, right = st.columns(2)
    name = left.text_input("Name", tenant.name, max_chars=200, disabled=is_locked, key="organisation-name")
    email = right.text_input(
        "Billing e-mail",
        tenant.billing_email or "",
        max_chars=100,
        disabled=is_locked,
        key="organisation-email",
    )
    zones = sorted(available_timezones())
    zone = left.selectbox(
        "Time zone", zones, zones.index(tenant.time_zone), disabled=is_locked, key="organisation-zone"
    )
    language = right.text_input(
        "Language",
        tenant.language,
        max_chars=3,
        help="A code such as en or th.",
        disabled=is_locked,
        key="organisation-language",
    )
    return {
        "name": name.strip(),
        "billing_email": email.strip() or None,
        "time_zone": zone,
        "language": language.strip(),
    }


def _what(tenant: Tenant, modules: list[str], *, is_locked: bool) -> dict[str, Any]:
    present = modules if tenant.modules is None else list(tenant.modules)
    chosen = st.multiselect(
        "Modules",
        modules,
        present,
        help="Those of the plan that are switched on.",
        disabled=is_locked,
        key="organisation-modules",
    )
    days = st.number_input(
        "Days that details are kept",
        1,
        3650,
        tenant.retention_days,
        help=_KEPT,
        disabled=is_locked,
        key="organisation-days",
    )
    keeps = st.toggle(
        "Keep the documents themselves",
        tenant.keeps_documents,
        help="Otherwise only hash, type and findings are kept.",
        disabled=is_locked,
        key="organisation-documents",
    )
    audited = st.toggle("Log every request", tenant.is_audited, disabled=is_locked, key="organisation-audit")
    kept = tuple(chosen)
    return {
        "modules": tenant.modules if list(kept) == present else kept,
        "retention_days": int(days),
        "keeps_documents": keeps,
        "is_audited": audited,
    }
