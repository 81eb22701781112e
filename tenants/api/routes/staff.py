"""The platform's own people, for its operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.api.idempotency import Once, once
from tenants.api.protection_models import EndedOut
from tenants.api.staff_models import StaffChange, StaffIn, StaffOut
from tenants.people.staff import Staff

if TYPE_CHECKING:
    from starlette.responses import Response

    from tenants.people.records import User

routes = APIRouter(prefix="/v1/staff", tags=["staff"], route_class=GuardedRoute)

Operator = Annotated[Granted, Depends(allow("staff:manage"))]
_LAST: dict[int | str, dict[str, Any]] = {409: {"description": "They are the last active operator."}}


@routes.get("", response_model=list[StaffOut], summary="List the staff")
def list_staff(granted: Operator) -> list[User]:
    """Return everyone of the staff, also those out of service, oldest first (staff: operator)."""
    return granted.deps.control.users.of(None)


@routes.post("", response_model=StaffOut, status_code=201, summary="Add a person of the staff")
def add_staff(body: StaffIn, granted: Operator, request_once: Annotated[Once, Depends(once)]) -> Response:
    """Add a person; without a password they are invited by e-mail (staff: operator)."""

    def add() -> User:
        return _staff(granted).add(body.email, body.name, body.role, body.password)

    return request_once.run(granted, add, StaffOut, 201)


@routes.get("/{user_id}", response_model=StaffOut, summary="Get a person of the staff")
def get_staff(user_id: str, granted: Operator) -> User:
    """Return one person; a tenant's people are no staff and not found here (staff: operator)."""
    return granted.deps.control.users.get(user_id, None)


@routes.patch("/{user_id}", response_model=StaffOut, responses=_LAST, summary="Change a person of the staff")
def change_staff(user_id: str, body: StaffChange, granted: Operator) -> User:
    """Change name or role; in another role their sessions end at once (staff: operator).

    The last active operator keeps the role.
    """
    return _staff(granted).change(user_id, **body.model_dump(exclude_none=True))


@routes.delete(
    "/{user_id}", response_model=StaffOut, responses=_LAST, summary="Deactivate a person of the staff"
)
def deactivate_staff(user_id: str, granted: Operator) -> User:
    """Take a person out of service; their sessions end at once (staff: operator).

    What they did stays in the audit trail under their id. The last active operator stays.
    """
    return _staff(granted).deactivate(user_id)


@routes.post("/{user_id}/reactivate", response_model=StaffOut, summary="Reactivate a person of the staff")
def reactivate_staff(user_id: str, granted: Operator) -> User:
    """Put a person back into service; who never signed in is invited again (staff: operator)."""
    return _staff(granted).reactivate(user_id)


@routes.post(
    "/{user_id}/link", response_model=StaffOut, status_code=202, summary="Send a link to set a password"
)
def send_link(user_id: str, granted: Operator) -> User:
    """Send the invitation again, or to whoever has a password a reset, by e-mail (staff: operator).

    The link works once and ends earlier ones; setting the password ends every session of theirs.
    """
    return _staff(granted).send_link(user_id)


@routes.delete("/{user_id}/sessions", summary="End every session of a person of the staff")
def end_sessions(user_id: str, granted: Operator) -> EndedOut:
    """End a person's sessions at once, as after the loss of a device; they may sign in again.

    Staff: operator.
    """
    user = granted.deps.control.users.get(user_id, None)
    return EndedOut(ended=granted.deps.sessions.revoke_all(user, granted.actor))


def _staff(granted: Granted) -> Staff:
    return Staff(granted.deps.control, granted.actor)
