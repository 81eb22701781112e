"""Users of the caller's tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.api.idempotency import Once, once
from tenants.api.models import UserChange, UserIn, UserOut
from tenants.people.team import Team

if TYPE_CHECKING:
    from starlette.responses import Response

    from tenants.people.records import User

routes = APIRouter(prefix="/v1/users", tags=["users"], route_class=GuardedRoute)

Reader = Annotated[Granted, Depends(allow("users:read"))]
Manager = Annotated[Granted, Depends(allow("users:manage"))]


@routes.get("", response_model=list[UserOut], summary="List users")
def list_users(granted: Reader) -> list[User]:
    """Return the tenant's users, oldest first."""
    return granted.deps.control.users.of(granted.tenant.tenant_id)


@routes.post("", response_model=UserOut, status_code=201, summary="Add a user")
def add_user(body: UserIn, granted: Manager, request_once: Annotated[Once, Depends(once)]) -> Response:
    """Add a user within the plan's user limit; without a password they are invited by e-mail.

    Nobody grants more than they have.
    """

    def add() -> User:
        return _team(granted).add(body.email, body.name, body.role, body.password)

    return request_once.run(granted, add, UserOut, 201)


@routes.get("/{user_id}", response_model=UserOut, summary="Get a user")
def get_user(user_id: str, granted: Reader) -> User:
    """Return one user of the tenant."""
    return granted.deps.control.users.get(user_id, granted.tenant.tenant_id)


@routes.patch("/{user_id}", response_model=UserOut, summary="Change a user")
def change_user(user_id: str, body: UserChange, granted: Manager) -> User:
    """Change a user; nobody changes or grants more than they have themselves."""
    return _team(granted).change(user_id, **body.model_dump(exclude_unset=True))


@routes.delete("/{user_id}", response_model=UserOut, summary="Deactivate a user")
def deactivate_user(user_id: str, granted: Manager) -> User:
    """Take a user out of service; their sessions die at once and their seat is free."""
    return _team(granted).deactivate(user_id)


@routes.post("/{user_id}/reactivate", response_model=UserOut, summary="Reactivate a user")
def reactivate_user(user_id: str, granted: Manager) -> User:
    """Put a user back into service, where a seat is left; who never signed in is invited again."""
    return _team(granted).reactivate(user_id)


@routes.post(
    "/{user_id}/link", response_model=UserOut, status_code=202, summary="Send a link to set a password"
)
def send_link(user_id: str, granted: Manager) -> User:
    """Send the invitation again, or to whoever has a password a reset, by e-mail.

    The link works once and ends earlier ones; setting the password ends every session of theirs.
    """
    return _team(granted).send_link(user_id)


def _team(granted: Granted) -> Team:
    control, own = granted.deps.control, granted.principal.permissions
    return Team(control, granted.tenant.tenant_id, own, granted.actor)
