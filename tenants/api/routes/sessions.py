"""Sessions: one's own, and an end to those of a user who lost a device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.api.protection_models import EndedOut, PersonSessionOut
from tenants.errors import NotFound
from tenants.people.roles import require_grantable

if TYPE_CHECKING:
    from tenants.sessions.sessions import Session

routes = APIRouter(prefix="/v1", tags=["session"], route_class=GuardedRoute)

SignedIn = Annotated[Granted, Depends(allow(None, is_billing=True))]
UserManager = Annotated[Granted, Depends(allow("users:manage"))]


@routes.get("/sessions", summary="List one's own sessions")
def list_sessions(granted: SignedIn) -> list[PersonSessionOut]:
    """Return the living sessions of the signed-in person; a key has none."""
    return [_told(session, granted) for session in _own(granted)]


@routes.delete("/sessions/{session_id}", status_code=204, summary="End one of one's own sessions")
def end_session(session_id: str, granted: SignedIn) -> None:
    """End a session at once, in every process.

    Raises:
        NotFound: The person has no such session.
    """
    if session_id not in {session.session_id for session in _own(granted)}:
        message = "You have no such session; it may have ended already."
        raise NotFound(message, "session_not_found")
    granted.deps.sessions.revoke(session_id, granted.actor)


@routes.delete("/users/{user_id}/sessions", summary="End every session of a user")
def end_sessions_of(user_id: str, granted: UserManager) -> EndedOut:
    """End a user's sessions at once; they may sign in again. Nobody does so to who may do more than they."""
    user = granted.deps.control.users.get(user_id, granted.tenant.tenant_id)
    require_grantable(user.role, granted.principal.permissions)
    return EndedOut(ended=granted.deps.sessions.revoke_all(user, granted.actor))


def _own(granted: Granted) -> list[Session]:
    user_id = granted.principal.user_id
    return [] if user_id is None else granted.deps.sessions.of(user_id)


def _told(session: Session, granted: Granted) -> PersonSessionOut:
    return PersonSessionOut(
        session_id=session.session_id,
        method=session.method,
        address=session.address,
        created_at=session.created_at,
        last_seen_at=session.last_seen_at,
        expires_at=session.expires_at,
        is_current=session.session_id == granted.principal.session_id,
    )
