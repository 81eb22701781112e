"""A tenant's backups: made at once, proved, restored in its place or as a new tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts, columns, elements, numbers
from dashboards.queries import tenants as queries
from tenants.protection.backups import Backups

if TYPE_CHECKING:
    from dashboards.context import Context
    from tenants.protection.backups import Backup
    from tenants.tenancy import Tenant

_MANAGE = "tenants:manage"


def show(context: Context, tenant: Tenant) -> None:
    """Show the backups there are, and what can be done with them."""
    backups = Backups(context.live.control, context.live.stores)
    there = {each.path.name: each for each in backups.all(tenant)}
    if there:
        elements.table(
            context,
            numbers.several(len(there), "backup"),
            queries.backups(list(there.values())),
            "tenant-backups",
            meaning="Sealed with the tenant's own key. Every night makes one; old ones go with retention.",
            columns={"at": columns.moment("Made"), "size": columns.count("Bytes")},
        )
    else:
        elements.nothing("No backup yet", "Every night makes one, or you now.", ":material/backup:")
    if st.button("Back up now", icon=":material/backup:", key="backup-make"):
        made = acts.attempt(context, _MANAGE, lambda by: backups.make(tenant, by))
        if made is not None:
            acts.tell_after(f"{tenant.name} is backed up: {numbers.count(made.size)} bytes.")
    if there:
        _restore(context, tenant, there)


def _restore(context: Context, tenant: Tenant, there: dict[str, Backup]) -> None:
    with st.form("backup-restore", border=True):
        st.subheader("Restore", anchor=False)
        chosen = st.selectbox(
            "Backup",
            list(there),
            format_func=lambda name: numbers.moment(there[name].at),
            key="backup-chosen",
        )
        slug = st.text_input(
            "Slug",
            max_chars=48,
            placeholder=f"{tenant.slug}-copy",
            help="A new one makes a new tenant of it; the tenant's own puts it in the place of its data.",
            key="backup-slug",
        ).strip()
        st.caption(
            f"Typing {elements.plain(tenant.slug)} replaces history, usage and gates by those of the backup; "
            "people, keys and plan stay."
        )
        is_asked = st.form_submit_button("Restore", key="backup-restore-do")
    if is_asked and chosen in there:
        _do(context, tenant, there[chosen], slug)


def _do(context: Context, tenant: Tenant, backup: Backup, slug: str) -> None:
    backups = Backups(context.live.control, context.live.stores)
    if not slug:
        st.error("Type a slug; nothing was changed.", icon=":material/error:")
    elif slug == tenant.slug:
        rows = acts.attempt(context, _MANAGE, lambda by: backups.restore(tenant, backup.path, by))
        if rows is not None:
            acts.tell_after(f"{tenant.name} is as of {numbers.moment(backup.at)} again.")
    else:
        made = acts.attempt(
            context, _MANAGE, lambda by: backups.restore_as_new(tenant, backup.path, slug, by)
        )
        if made is not None:
            acts.tell_after(f"{made.name} is there as a new tenant; its slug is {made.slug}.")
