"""The organisation's own domains: claimed, proved by DNS, given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboards import acts, columns, elements
from tenants.branding.brandings import FEATURE

if TYPE_CHECKING:
    from dashboards.context import Context
    from tenants.audit.records import Actor
    from tenants.domains import Domain

_READ, _MANAGE = "domains:read", "domains:manage"
_SCHEMA = {
    "domain": pl.String(),
    "record_name": pl.String(),
    "token": pl.String(),
    "checked_at": pl.Datetime("us", "UTC"),
    "verified_at": pl.Datetime("us", "UTC"),
}


def show(context: Context) -> None:
    """Show the domains, and to whoever may, how to claim, prove and release one."""
    tenant_id = elements.own_tenant(context)
    control = context.live.control
    if _READ not in context.principal.permissions:
        elements.nothing("Not yours to see", "An owner or admin looks after the domains.")
        return
    if FEATURE not in control.tenants.entitlements(control.tenants.get(tenant_id)).features:
        elements.nothing("Not in your plan", "A domain of your own comes with white label; see the plans.")
        return
    claimed = control.domains.of(tenant_id)
    _table(context, claimed)
    _claim(context, tenant_id)
    if claimed:
        _change(context, tenant_id, [each.domain for each in claimed])


def _table(context: Context, claimed: list[Domain]) -> None:
    if not claimed:
        elements.nothing("No domain yet", "Claim one below; a TXT record proves that it is yours.")
        return
    rows = [{name: getattr(each, name) for name in _SCHEMA} for each in claimed]
    elements.table(
        context,
        "Domains",
        pl.DataFrame(rows, schema=_SCHEMA),
        "domains",
        meaning="A domain counts once its TXT record was found; it is looked for again every night.",
        columns={
            "domain": columns.text("Domain", width="medium"),
            "record_name": columns.text("TXT record"),
            "token": columns.text("holds"),
            "checked_at": columns.moment("Looked for"),
            "verified_at": columns.moment("Proved"),
        },
    )


def _claim(context: Context, tenant_id: str) -> None:
    domains = context.live.control.domains
    with st.form("domain"):
        name = st.text_input("Domain", max_chars=253, placeholder="checks.example.com", key="domain-name")
        is_asked = st.form_submit_button("Claim", type="primary", key="domain-claim")
    if not is_asked:
        return
    claimed = acts.attempt(context, _MANAGE, lambda by: domains.claim(tenant_id, name, by), FEATURE)
    if claimed is not None:
        acts.tell_after("Claimed: set the TXT record shown in the table, then look for the proof.")


def _change(context: Context, tenant_id: str, names: list[str]) -> None:
    with st.container(border=True):
        chosen = st.selectbox("Claimed domain", names, key="domain-chosen")
        if st.button("Look for the proof", key="domain-verify") and chosen:
            _verify(context, tenant_id, chosen)
        is_sure = st.checkbox("It is to lead nowhere from now on", key="domain-sure")
        if st.button("Release", disabled=not is_sure, key="domain-release") and chosen:
            _release(context, tenant_id, chosen)


def _verify(context: Context, tenant_id: str, name: str) -> None:
    domains = context.live.control.domains
    found = acts.attempt(context, _MANAGE, lambda by: domains.verify(tenant_id, name, by), FEATURE)
    if found is not None:
        acts.tell_after(_told(found))


def _release(context: Context, tenant_id: str, name: str) -> None:
    if acts.attempt(context, _MANAGE, lambda by: _released(context, tenant_id, name, by)):
        acts.tell_after(f"{name} is released.")


def _released(context: Context, tenant_id: str, name: str, by: Actor) -> bool:
    context.live.control.domains.release(tenant_id, name, by)
    return True


def _told(domain: Domain) -> str:
    if domain.verified_at is not None:
        return f"{domain.domain} is proved and leads to you."
    return f"{domain.record_name} does not hold the token yet; name servers may need some minutes."
