"""Identities at the company's provider: which are linked to whom, and how a link ends."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic needs it at run time
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.errors import NotFound
from tenants.people.roles import require_grantable

if TYPE_CHECKING:
    from tenants.sso.identities import Identity

routes = APIRouter(prefix="/v1", tags=["single sign-on"], route_class=GuardedRoute)

SignedIn = Annotated[Granted, Depends(allow(None))]
UserReader = Annotated[Granted, Depends(allow("users:read"))]
UserManager = Annotated[Granted, Depends(allow("users:manage"))]


class IdentityOut(BaseModel):
    """An identity that is linked to a user."""

    model_config = ConfigDict(from_attributes=True)

    identity_id: str = Field(examples=["idn_5e884898da280471"])
    issuer: str = Field(description="The identity provider.", examples=["https://login.example.com"])
    linked_at: datetime


@routes.get("/identities", response_model=list[IdentityOut], summary="List one's own identities")
def list_identities(granted: SignedIn) -> list[Identity]:
    """Return the identities that are linked to the signed-in person; a key has none."""
    user_id = granted.principal.user_id
    if user_id is None:
        return []
    return granted.deps.control.identities.of(user_id, granted.tenant.tenant_id)


@routes.delete("/identities/{identity_id}", status_code=204, summary="Unlink one of one's own identities")
def unlink(identity_id: str, granted: SignedIn) -> None:
    """Come by an identity no more; the sessions that began so end at once, this one too if it did.

    Raises:
        NotFound: A key has no identities.
    """
    user_id = granted.principal.user_id
    if user_id is None:
        message = "A key has no identities; sign in yourself."
        raise NotFound(message, "identity_not_found")
    _unlinked(granted, user_id, identity_id)


@routes.get(
    "/users/{user_id}/identities", response_model=list[IdentityOut], summary="List the identities of a user"
)
def list_identities_of(user_id: str, granted: UserReader) -> list[Identity]:
    """Return the identities that are linked to a user."""
    return granted.deps.control.identities.of(user_id, granted.tenant.tenant_id)


@routes.delete(
    "/users/{user_id}/identities/{identity_id}", status_code=204, summary="Unlink an identity of a user"
)
def unlink_of(user_id: str, identity_id: str, granted: UserManager) -> None:
    """Let nobody come as a user by an identity any more; their sessions that began so end at once.

    Nobody does so to who may do more than they, and an owner who alone could sign in stays one who can.
    """
    user = granted.deps.control.users.get(user_id, granted.tenant.tenant_id)
    require_grantable(user.role, granted.principal.permissions)
    _unlinked(granted, user_id, identity_id)


def _unlinked(granted: Granted, user_id: str, identity_id: str) -> None:
    identities = granted.deps.control.identities
    identities.unlink(user_id, granted.tenant.tenant_id, identity_id, granted.actor)
