"""What a tenant has beside its plan: plan, quotas, users, calls a minute, features, overage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboards import acts
from dashboards.queries.tenants import METER_NAMES
from tenants.catalogue import METERS
from tenants.tenancy.given import AS_PLANNED, OverridesIn

if TYPE_CHECKING:
    from decimal import Decimal

    from dashboards.context import Context
    from tenants.audit.records import Actor
    from tenants.tenancy import Tenant

_MANAGE = "tenants:manage"
_UNLIMITED = "unlimited"
_OVERAGE = {None: AS_PLANNED, True: "charged", False: "refused"}
_BY_SUBSCRIPTION = "Follows its subscription; change it there."


def show(context: Context, tenant: Tenant) -> None:
    """Show the form."""
    with st.form("tenant-limits", border=True):
        st.markdown("An empty field is as the plan says; `unlimited` lifts a quota.")
        plan = _plan(context, tenant)
        given = _given(context, tenant)
        reason = st.text_input(
            "Reason", max_chars=500, key="limits-reason", placeholder="Contract of 3 March"
        )
        is_asked = st.form_submit_button("Save limits", type="primary", key="limits-save")
    if not is_asked:
        return
    saved = acts.attempt(context, _MANAGE, lambda by: _saved(context, tenant, by, plan, given, reason))
    if saved is not None:
        acts.tell_after("The limits are saved; they hold from the next call on.")


def _plan(context: Context, tenant: Tenant) -> str:
    plans = [plan.id for plan in context.live.control.catalogue.plans]
    is_paid = tenant.stripe_subscription_id is not None
    help_text = _BY_SUBSCRIPTION if is_paid else None
    key = f"limits-plan-{tenant.tenant_id}"
    return st.selectbox("Plan", plans, plans.index(tenant.plan), disabled=is_paid, help=help_text, key=key)


def _given(context: Context, tenant: Tenant) -> OverridesIn:
    own, which = tenant.overrides, tenant.tenant_id
    plan = context.live.control.catalogue.plan(tenant.plan)
    meters = {}
    for meter, column in zip(METERS, st.columns(len(METERS)), strict=True):
        shown = _shown(own.quotas[meter]) if meter in own.quotas else ""
        meters[meter] = column.text_input(
            f"{METER_NAMES[meter]} a period",
            shown,
            placeholder=_as_planned(plan.quotas.get(meter)),
            key=f"limits-{meter}-{which}",
        )
    first, second, third = st.columns(3)
    users = first.text_input(
        "Users",
        _written(own.user_limit),
        placeholder=_as_planned(plan.user_limit),
        key=f"limits-users-{which}",
    )
    rate = second.text_input(
        "Calls a minute",
        _written(own.rate_limit_per_minute),
        placeholder=_as_planned(context.live.control.catalogue.rate_limit_per_minute),
        key=f"limits-rate-{which}",
    )
    ways = list(_OVERAGE.values())
    overage = third.selectbox(
        "Use above quotas",
        ways,
        ways.index(_OVERAGE[own.overage_allowed]),
        format_func=lambda way: "as the plan says" if way == AS_PLANNED else way,
        key=f"limits-overage-{which}",
    )
    features = st.multiselect(
        "Features beside the plan's",
        sorted({feature for each in context.live.control.catalogue.plans for feature in each.features}),
        list(own.features),
        format_func=lambda name: name.replace("_", " "),
        key=f"limits-features-{which}",
    )
    quotas = [f"{meter}={text.strip() or AS_PLANNED}" for meter, text in meters.items()]
    return OverridesIn(quotas, users.strip() or AS_PLANNED, rate.strip() or AS_PLANNED, features, overage)


def _as_planned(limit: Decimal | int | None) -> str:
    return f"{_UNLIMITED if limit is None else format(limit, ',.0f')} by the plan"


def _written(limit: int | None) -> str:
    return "" if limit is None else str(limit)


def _shown(quota: Decimal | None) -> str:
    return _UNLIMITED if quota is None else f"{quota.normalize():f}"


def _saved(
    context: Context, tenant: Tenant, by: Actor, plan: str, given: OverridesIn, reason: str
) -> Tenant | None:
    changed: dict[str, Any] = {"overrides": given.over(tenant.overrides), "plan": plan}
    fields = {name: value for name, value in changed.items() if value != getattr(tenant, name)}
    if not fields:
        st.info("Nothing was changed.")
        return None
    tenants = context.live.control.tenants
    return tenants.update(tenant.tenant_id, by, reason=reason.strip() or None, **fields)
