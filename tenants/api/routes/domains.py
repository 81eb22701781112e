"""Domains of the tenant's own, and the question of the proxy that holds their certificates."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic needs it at run time
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation

from tenants.api.access import Granted, allow
from tenants.api.fields import Short  # noqa: TC001 - pydantic needs it at run time
from tenants.api.guarded import GuardedRoute
from tenants.branding.brandings import FEATURE
from tenants.errors import NotFound

if TYPE_CHECKING:
    from tenants.domains import Domain

routes = APIRouter(prefix="/v1/domains", tags=["domains"], route_class=GuardedRoute)

Reader = Annotated[Granted, Depends(allow("domains:read", feature=FEATURE))]
Manager = Annotated[Granted, Depends(allow("domains:manage", feature=FEATURE))]


class DomainIn(BaseModel):
    """A domain to claim."""

    model_config = ConfigDict(extra="forbid")

    domain: Short = Field(examples=["checks.example.com"])


class DomainOut(BaseModel):
    """A domain; it counts once the TXT record `record_name` holds `token` and it was verified."""

    model_config = ConfigDict(from_attributes=True)

    domain: str
    record_name: str
    token: str
    claimed_at: datetime
    checked_at: datetime | None
    verified_at: datetime | None


@routes.get("", response_model=list[DomainOut], summary="List domains")
def list_domains(granted: Reader) -> list[Domain]:
    """Return the domains that the tenant claims."""
    return granted.deps.control.domains.of(granted.tenant.tenant_id)


@routes.post("", response_model=DomainOut, status_code=201, summary="Claim a domain")
def claim_domain(body: DomainIn, granted: Manager) -> Domain:
    """Claim a domain and return the TXT record that proves it; claiming it again changes nothing."""
    return granted.deps.control.domains.claim(granted.tenant.tenant_id, body.domain, granted.actor)


@routes.get("/tls", summary="Whether a certificate may be had for a host")
def may_have_certificate(request: Request, domain: Annotated[str, Query(max_length=253)]) -> dict[str, str]:
    """Answer 200 for hosts that are served, else 404: the proxy asks before it gets a certificate."""
    if request.app.state.deps.hosts.find(domain).kind == "unknown":
        message = "Nothing is served at this domain."
        raise NotFound(message, "unknown_host")
    return {"status": "served"}


@routes.post("/{domain}/verify", response_model=DomainOut, summary="Look for a domain's proof")
def verify_domain(domain: str, granted: Manager) -> Domain:
    """Look for the TXT record; `verified_at` tells whether it was found."""
    return granted.deps.control.domains.verify(granted.tenant.tenant_id, domain, granted.actor)


@routes.delete("/{domain}", status_code=204, summary="Release a domain")
def release_domain(domain: str, granted: Manager) -> None:
    """Give a domain up; it stops counting at once."""
    granted.deps.control.domains.release(granted.tenant.tenant_id, domain, granted.actor)
