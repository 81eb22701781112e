"""API keys of the caller's tenant."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import msgspec
from fastapi import APIRouter, Depends

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.api.idempotency import Once, once
from tenants.api.models import ApiKeyIn, ApiKeyOut, IssuedKeyOut, RotationIn
from tenants.keys.granting import issue_within, require_rate_within, rotate_within

if TYPE_CHECKING:
    from starlette.responses import Response

    from tenants.keys import ApiKey, IssuedKey

routes = APIRouter(prefix="/v1/api-keys", tags=["API keys"], route_class=GuardedRoute)

Reader = Annotated[Granted, Depends(allow("keys:read"))]
Manager = Annotated[Granted, Depends(allow("keys:manage"))]


@routes.get("", response_model=list[ApiKeyOut], summary="List keys")
def list_keys(granted: Reader) -> list[ApiKey]:
    """Return the tenant's keys, ended ones too; never their text."""
    return granted.deps.control.keys.of(granted.tenant.tenant_id)


@routes.post("", response_model=IssuedKeyOut, status_code=201, summary="Issue a key")
def issue_key(body: ApiKeyIn, granted: Manager, request_once: Annotated[Once, Depends(once)]) -> Response:
    """Issue a key and show its text this once; it gets no more than its maker and its tenant have."""

    def issue() -> dict[str, object]:
        require_rate_within(body.rate_limit_per_minute, granted.entitlements.rate_limit_per_minute)
        issued = issue_within(
            granted.deps.control.keys,
            granted.tenant.tenant_id,
            body.name,
            granted.actor,
            granted.principal.permissions,
            body.permissions,
            expires_at=body.expires_at,
            rate_limit_per_minute=body.rate_limit_per_minute,
        )
        return _shown(issued)

    return request_once.run(granted, issue, IssuedKeyOut, 201)


@routes.get("/{key_id}", response_model=ApiKeyOut, summary="Get a key")
def get_key(key_id: str, granted: Reader) -> ApiKey:
    """Return one key of the tenant; never its text."""
    return granted.deps.control.keys.get(granted.tenant.tenant_id, key_id)


@routes.post("/{key_id}/rotate", response_model=IssuedKeyOut, status_code=201, summary="Rotate a key")
def rotate_key(
    key_id: str, body: RotationIn, granted: Manager, request_once: Annotated[Once, Depends(once)]
) -> Response:
    """Issue a key in place of another, which goes on for the overlap only.

    Nobody rotates a key that may do more than they: its successor's text is shown to them.
    """

    def rotate() -> dict[str, object]:
        issued = rotate_within(
            granted.deps.control.keys,
            granted.tenant.tenant_id,
            key_id,
            granted.actor,
            granted.principal.permissions,
            timedelta(seconds=body.overlap_seconds),
        )
        return _shown(issued)

    return request_once.run(granted, rotate, IssuedKeyOut, 201)


@routes.delete("/{key_id}", response_model=ApiKeyOut, summary="Revoke a key")
def revoke_key(key_id: str, granted: Manager) -> ApiKey:
    """Revoke a key; the very next call with it is refused."""
    return granted.deps.control.keys.revoke(granted.tenant.tenant_id, key_id, granted.actor)


def _shown(issued: IssuedKey) -> dict[str, object]:
    return {**msgspec.structs.asdict(issued.key), "key": issued.text}
