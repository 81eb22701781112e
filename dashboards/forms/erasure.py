"""One erasure: what it would remove, its execution or end, its certificate; and a new request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import streamlit as st

from dashboards import acts, audit, columns, elements, numbers
from dashboards.forms import tasks
from dashboards.queries import erasures as queries
from tenants.protection.erasure import DEADLINE, KEPT, Erasures
from tenants.protection.erasures_due import ask_for_due

if TYPE_CHECKING:
    import polars as pl

    from dashboards.context import Context
    from tenants.audit.records import Actor
    from tenants.protection.erasure import Erasure
    from tenants.tenancy import Tenant

_MANAGE = "tenants:manage"
_LONGEST_CONFIRMATION = 5000


def due(context: Context) -> None:
    """Show whose day has come, what goes with them, and have it carried out by name."""
    found = queries.due(context.live)
    if not found:
        return
    elements.table(
        context,
        numbers.several(len(found), "erasure") + " due",
        queries.due_listed(found),
        "erasures-due",
        meaning="Control plane, store and backups; landing zone and warehouses go too.",
        columns={
            "slug": columns.text("Slug"),
            "name": columns.text("Tenant", width="medium"),
            "due_at": columns.moment("Due"),
            "rows_and_files": columns.count("Rows and files"),
        },
    )
    with st.form("erasure-due", border=True):
        st.subheader("Carry out now", anchor=False)
        st.markdown("The next night does, or you at once. Afterwards nothing brings them back.")
        typed = st.text_input(
            "Type the slugs of those to erase, with commas between them",
            placeholder=", ".join(each.slug for each in found),
            max_chars=_LONGEST_CONFIRMATION,
            key="erasure-due-slugs",
        )
        is_asked = st.form_submit_button("Erase for good", key="erasure-due-do")
    if is_asked:
        live, slugs = context.live, [part.strip() for part in typed.split(",") if part.strip()]
        tasks.ask(context, lambda by: ask_for_due(live.control, live.stores, slugs, by))


def waiting(context: Context, request: Erasure) -> None:
    """Show what a request would remove, and how it is hastened or taken back."""
    tenant = context.live.control.tenants.get(str(request.tenant_id))
    audit.looked_into(context, tenant.tenant_id, "erasures")
    _places(
        context,
        "What it would remove",
        queries.plan(context.live, tenant.tenant_id),
        "Control plane, store and backups; `loki erase plan` counts landing zone and warehouse too.",
    )
    left, right = st.columns(2)
    with left:
        _hasten(context, tenant)
    with right:
        _withdraw(context, tenant)


def certificate(context: Context, request: Erasure) -> None:
    """Show what was removed where, and give the certificate as a file."""
    told = request.certificate or {}
    _places(context, "What was removed", queries.places(told.get("places", {})), "By its certificate.")
    st.caption("Kept are, and nothing else: " + " ".join(told.get("kept", ())))
    if "stripe" in told:
        st.caption(
            "At Stripe: " + " ".join(filter(None, (told["stripe"]["note"], told["stripe"]["not_done"])))
        )
    st.download_button(
        "Download the certificate",
        msgspec.json.format(msgspec.json.encode(request)),
        f"certificate-{request.anonymous_id}.json",
        "application/json",
        icon=":material/verified_user:",
        key="erasure-certificate",
        on_click="ignore",
    )


def ask(context: Context) -> None:
    """Show the form that asks for a tenant's erasure in its name."""
    asked = {each.tenant_id for each in queries.requests(context.live)}
    free = {
        each.tenant_id: each for each in context.live.control.tenants.all() if each.tenant_id not in asked
    }
    with st.expander("Ask for an erasure in a tenant's name", icon=":material/person_remove:"):
        chosen = st.selectbox(
            "Tenant",
            list(free),
            index=None,
            placeholder="Choose a tenant",
            format_func=lambda tenant_id: f"{free[tenant_id].name} ({free[tenant_id].slug})",
            key="erasure-tenant",
        )
        st.markdown(
            f"It is out of service at once, and erased everywhere within {DEADLINE.days} days. "
            "Until then it can be taken back. Its subscription is not renewed meanwhile."
        )
        st.caption("Kept are, and nothing else: " + " ".join(KEPT))
        if chosen in free:
            _ask_for(context, free[chosen])


def _ask_for(context: Context, tenant: Tenant) -> None:
    with st.form("erasure-request", border=False):
        typed = _typed_slug(tenant, "ask")
        is_asked = st.form_submit_button("Ask for erasure", key="erasure-ask")
    if is_asked and _is_named(tenant, typed):
        noted = acts.attempt(context, _MANAGE, lambda by: _erasures(context).request(tenant, by))
        if noted is not None:
            acts.tell_after(f"{tenant.name} is out of service, and erased by {numbers.moment(noted.due_at)}.")


def _hasten(context: Context, tenant: Tenant) -> None:
    with st.form("erasure-hasten", border=True):
        st.subheader("Erase in the next night", anchor=False)
        st.markdown("It becomes due now; the nightly run carries it out. Afterwards nothing brings it back.")
        typed = _typed_slug(tenant, "hasten")
        is_asked = st.form_submit_button("Make it due now", key="erasure-hasten-do")
    if is_asked and _is_named(tenant, typed):
        hastened = acts.attempt(context, _MANAGE, lambda by: _erasures(context).hasten(tenant, by))
        if hastened is not None:
            acts.tell_after(f"{tenant.name} is erased by the next nightly run.")


def _withdraw(context: Context, tenant: Tenant) -> None:
    with st.form("erasure-withdraw", border=True):
        st.subheader("Take the request back", anchor=False)
        st.markdown("The tenant stays, and is in service again.")
        is_sure = st.checkbox("Whoever asked wants to stay", key="erasure-withdraw-sure")
        is_asked = st.form_submit_button("Take back", type="primary", key="erasure-withdraw-do")
    if is_asked and not is_sure:
        st.error("Confirm it; nothing was changed.", icon=":material/error:")
    elif is_asked and acts.attempt(context, _MANAGE, lambda by: _withdrawn(context, tenant, by)):
        acts.tell_after(f"{tenant.name} stays, and is in service again.")


def _withdrawn(context: Context, tenant: Tenant, by: Actor) -> bool:
    _erasures(context).withdraw(tenant, by)
    return True


def _typed_slug(tenant: Tenant, what: str) -> str:
    return st.text_input(f"Type {tenant.slug} to confirm", max_chars=48, key=f"erasure-{what}-slug").strip()


def _is_named(tenant: Tenant, typed: str) -> bool:
    if typed != tenant.slug:
        st.error("That is not the tenant's slug; nothing was changed.", icon=":material/error:")
    return typed == tenant.slug


def _places(context: Context, title: str, found: pl.DataFrame, meaning: str) -> None:
    elements.table(
        context,
        title,
        found,
        "erasure-places",
        meaning=meaning,
        columns={
            "place": columns.text("Place", width="large"),
            "rows_and_files": columns.count("Rows and files"),
        },
    )


def _erasures(context: Context) -> Erasures:
    return Erasures(context.live.control, context.live.stores)
