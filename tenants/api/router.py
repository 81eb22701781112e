"""The control plane's routes as one router."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

from tenants.api.routes import (
    api_keys,
    audit,
    backups,
    billing,
    branding,
    domains,
    erasures,
    exports,
    health,
    identities,
    onboarding,
    passwords,
    platform_audit,
    saml,
    session,
    sessions,
    sso,
    sso_enforcement,
    staff,
    staff_billing,
    staff_upkeep,
    tenants,
    usage,
    users,
    webhooks,
)

if TYPE_CHECKING:
    from tenants.api.deps import Deps

RESOURCES = (
    session,
    sessions,
    passwords,
    sso,
    sso_enforcement,
    saml,
    identities,
    tenants,
    users,
    staff_billing,
    staff_upkeep,
    staff,  # after the other two: its paths would take theirs for a person's id
    api_keys,
    usage,
    onboarding,
    domains,
    branding,
    billing,
    audit,
    platform_audit,
    exports,
    backups,
    erasures,
    webhooks,
    health,
)


def router(deps: Deps) -> APIRouter:  # noqa: ARG001 - handlers find their parts where `prepare` put them
    """Return every route for an application that `prepare` made ready with the same parts."""
    whole = APIRouter()
    for resource in RESOURCES:
        whole.include_router(resource.routes)
    return whole
