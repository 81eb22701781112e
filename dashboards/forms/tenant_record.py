"""One tenant for our own people: its record by subject, each for whoever may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import columns, elements, numbers
from dashboards.elements import Figure
from dashboards.forms import payments, tenant_acts, tenant_backups, tenant_limits
from dashboards.queries import account
from dashboards.queries import tenants as queries
from dashboards.queries.payments import state as billing_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.context import Context
    from tenants.tenancy.records import Tenant


def show(context: Context, tenant_id: str) -> None:
    """Show the record."""
    tenant = account.tenant(context.live.control, tenant_id)
    may = context.principal.permissions
    st.header(elements.plain(tenant.name), anchor=False, divider="gray")
    seen = {name: part for name, (needs, part) in _PARTS.items() if needs & may}
    for tab, part in zip(st.tabs(list(seen)), seen.values(), strict=True):
        with tab:
            part(context, tenant)


def _account(context: Context, tenant: Tenant) -> None:
    plan = account.plan(context.live.control, tenant.tenant_id)
    figures = [
        Figure("Plan", elements.plain(plan.name)),
        Figure("Status", queries.standing(tenant).replace("_", " ").capitalize()),
        Figure("Region", elements.plain(tenant.region)),
        Figure("Details kept", numbers.several(tenant.retention_days, "day")),
    ]
    elements.figures(figures)
    left, right = st.columns(2)
    with left:
        elements.facts("Record", _record(tenant))
    with right:
        elements.facts("Settings", _settings(context, tenant))


def _record(tenant: Tenant) -> dict[str, str]:
    return {
        "Tenant id": tenant.tenant_id,
        "Slug": tenant.slug,
        "Billing e-mail": tenant.billing_email or numbers.NOTHING,
        "Created": f"{numbers.moment(tenant.created_at)} by {tenant.created_by}",
        "Last changed": f"{numbers.moment(tenant.updated_at)} by {tenant.updated_by}",
        "Out of service since": numbers.moment(tenant.deactivated_at),
        "Closed": numbers.moment(tenant.closed_at),
    }


def _settings(context: Context, tenant: Tenant) -> dict[str, str]:
    allowed = account.entitlements(context.live.control, tenant.tenant_id)
    return {
        "Modules": ", ".join(allowed.modules) or numbers.NOTHING,
        "Features": ", ".join(sorted(each.replace("_", " ") for each in allowed.features)) or numbers.NOTHING,
        "Time zone and language": f"{tenant.time_zone}, {tenant.language}",
        "Log of requests": "on" if tenant.is_audited else "off",
        "Documents": "kept" if tenant.keeps_documents else "not kept",
    }


def _use(context: Context, tenant: Tenant) -> None:
    allowed = account.entitlements(context.live.control, tenant.tenant_id)
    taken = account.seats(context.live.control, tenant.tenant_id)
    limit = "unlimited" if allowed.user_limit is None else numbers.count(allowed.user_limit)
    elements.figures(
        [
            Figure("Seats taken", numbers.count(taken), meaning="Active and invited people."),
            Figure("Seats", limit, meaning="Of the plan, bought beside it, or its own limit."),
            Figure("Calls a minute", numbers.count(allowed.rate_limit_per_minute)),
        ]
    )
    elements.table(
        context,
        "Use of the present period",
        queries.quotas(context.live, tenant),
        "tenant-quotas",
        meaning="As the service counts it, to the call.",
        columns={
            "meter": columns.text("Meter"),
            "used": st.column_config.NumberColumn("Used", format="%,.2f"),
            "quota": columns.text("Quota"),
            "use_percent": columns.level("Use", 100),
            "is_own": columns.flag("Its own", "Differs from the plan."),
            "above_it": columns.text("Above the quota"),
        },
    )


def _people(context: Context, tenant: Tenant) -> None:
    people = account.people(context.live.control, tenant.tenant_id)
    if people.is_empty():
        elements.nothing("Nobody yet", "Invite its first owner with `loki users add`.", ":material/group:")
        return
    elements.table(
        context,
        f"{people.height:,} people",
        people,
        "tenant-people",
        columns={
            "name": columns.text("Name", width="medium"),
            "email": columns.text("E-mail", width="medium"),
            "role": columns.text("Role"),
            "status": columns.text("Status"),
            "last_active_at": columns.moment("Last active"),
            "sign_in_count": columns.count("Sign-ins"),
            "created_at": columns.moment("Since"),
        },
    )


def _billing(context: Context, tenant: Tenant) -> None:
    state = billing_state(context.live.control, tenant.tenant_id)
    elements.figures(
        [
            Figure("Subscription", (state.status or tenant.status).replace("_", " ").capitalize()),
            *payments.figures(state, tenant.payment_failures),
        ]
    )
    if tenant.cancel_at_period_end:
        ends = numbers.moment(state.period_end)
        st.warning(f"The subscription ends with the paid period: {ends}.", icon=":material/event_busy:")
    st.caption(
        f"Stripe customer {elements.plain(tenant.stripe_customer_id or 'none')} · "
        f"subscription {elements.plain(tenant.stripe_subscription_id or 'none')}"
    )
    payments.invoices(context, tenant.tenant_id)


def _steps(context: Context, tenant: Tenant) -> None:
    elements.table(
        context,
        "First steps",
        queries.first_steps(context.live, tenant),
        "tenant-steps",
        meaning="Each is completed by the fact itself.",
        columns={
            "title": columns.text("Step", width="medium"),
            "is_done": columns.flag("Done"),
            "next_action": columns.text("How it is done", width="large"),
        },
    )


def _domains(context: Context, tenant: Tenant) -> None:
    claimed = queries.domains(context.live.control, tenant.tenant_id)
    if claimed.is_empty():
        elements.nothing("No domain of its own", "It claims one in its settings.", ":material/language:")
        return
    elements.table(
        context,
        "Domains",
        claimed,
        "tenant-domains",
        columns={
            "domain": columns.text("Domain", width="large"),
            "claimed_at": columns.moment("Claimed"),
            "checked_at": columns.moment("Looked for"),
            "verified_at": columns.moment("Proved"),
        },
    )


# What a part shows → any of these permissions opens it.
_PARTS: dict[str, tuple[set[str], Callable[[Context, Tenant], None]]] = {
    "Account": ({"tenants:read"}, _account),
    "Use": ({"usage:read", "usage:read_all"}, _use),
    "People": ({"users:read"}, _people),
    "Billing": ({"billing:read", "revenue:read"}, _billing),
    "First steps": ({"onboarding:read"}, _steps),
    "Domains": ({"domains:read"}, _domains),
    "Limits": ({"tenants:manage"}, tenant_limits.show),
    "Backups": ({"tenants:manage"}, tenant_backups.show),
    "Act": ({"tenants:manage"}, tenant_acts.show),
}
