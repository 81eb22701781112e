"""Audit: who did what on the whole platform, whether the trail is whole, and the evidence made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from dashboards import audit, columns, elements, numbers
from dashboards.elements import Figure
from dashboards.forms import soc2
from dashboards.queries import trail as queries
from dashboards.session import api_address

if TYPE_CHECKING:
    import polars as pl

    from dashboards.context import Context


def render(context: Context) -> None:
    """Show the page."""
    elements.now_header(
        context, "Audit", "Who did what, when, from where, to which object: of every tenant and of ourselves."
    )
    _chain(context)
    trail, evidence = st.tabs(["Trail", "SOC 2 evidence"])
    with trail:
        _trail(context)
    with evidence:
        soc2.show(context)


def _chain(context: Context) -> None:
    control = context.live.control
    verdict, at = queries.verdict(control, str(context.live.settings.state()))
    elements.figures(
        [
            Figure("Chain", "Whole" if verdict.is_sound else "Broken", meaning=_MEANING),
            Figure("Entries", numbers.count(verdict.entries)),
            Figure(
                "Signed heads", numbers.count(verdict.heads), meaning="Each export signs the newest entry."
            ),
            Figure("Verified", f"{at:%H:%M} UTC", meaning=numbers.moment(at)),
        ]
    )
    if verdict.first_broken is not None:
        _alarm(f"Entry {verdict.first_broken} does not follow from the one before it")
    if verdict.missing:
        _alarm(f"Entry {verdict.missing[0]} was signed as the head and is gone or changed")
    if verdict.forged:
        _alarm(f"Line {verdict.forged[0]} of the signed heads was not written by this installation")
    if st.button("Verify again", icon=":material/verified:", key="audit-verify"):
        queries.verdict.clear()
        st.rerun()


_MEANING = (
    "Each entry holds the hash of the one before; every entry and every signed head was compared, "
    "as `loki audit verify` does."
)


def _alarm(what: str) -> None:
    st.error(f"{what}; compare the trail with an export.", icon=":material/gpp_bad:")


def _trail(context: Context) -> None:
    control = context.live.control
    slugs = {tenant.tenant_id: f"{tenant.name} ({tenant.slug})" for tenant in control.tenants.all()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        tenant_id = st.selectbox(
            "Tenant",
            list(slugs),
            index=None,
            placeholder="Every tenant",
            format_func=lambda each: slugs.get(each, each),
            accept_new_options=True,
            help="Also the id of one that was erased. Choosing one is a look, which its trail tells.",
            key="audit-tenant",
        )
        action = st.selectbox(
            "What",
            control.audit.actions(),
            index=None,
            placeholder="Every action",
            format_func=lambda each: each.replace("_", " "),
            key="audit-action",
        )
        who = st.text_input("Who", placeholder="Id, or staff e-mail", max_chars=320, key="audit-who")
        thing = st.text_input("To what", placeholder="Id of an object", max_chars=200, key="audit-object")
        since = st.date_input("From", value=None, key="audit-since")
        until = st.date_input("To", value=None, key="audit-until")
    audit.looked_into(context, tenant_id if tenant_id in slugs else None, "audit")
    found = queries.entries(
        control,
        tenant_id=tenant_id,
        action=action,
        actor=queries.person(control, who),
        object_id=thing.strip() or None,
        days=(since, until),
    )
    _entries(context, found, tenant_id)


def _entries(context: Context, found: pl.DataFrame, tenant_id: str | None) -> None:
    elements.table(
        context,
        "Audit trail",
        found,
        "platform-trail",
        height=640,
        meaning=f"The newest {queries.MOST:,} that fit. Personal fields of a tenant show where it is chosen.",
        columns={
            "seq": columns.count("Entry"),
            "at": columns.moment("When"),
            "tenant": columns.text("Tenant"),
            "who": columns.text("Who", width="medium"),
            "action": columns.text("Did", width=140),
            "object": columns.text("To what", width="medium"),
            "detail": columns.text("Facts", width="medium"),
            "personal": columns.text(
                "Personal", "Sealed with the tenant's key; goes with it.", width="medium"
            ),
        },
    )
    query = f"?{urlencode({'tenant_id': tenant_id})}" if tenant_id else ""
    address = f"{api_address(context.live.settings)}/v1/audit/platform/export{query}"
    elements.leave("Download every entry" + (" of this tenant" if tenant_id else ""), address)
