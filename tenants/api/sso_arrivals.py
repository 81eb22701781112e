"""What becomes of whoever an identity provider says has come, by either protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenants.api.credentials import actor_of
from tenants.api.sign_in import has_room_for_mail
from tenants.errors import Conflict
from tenants.mail.links import queue_link
from tenants.sso.identities import NOT_LINKED

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request

    from tenants.api.deps import Deps
    from tenants.people.records import User
    from tenants.sso.identities import Arrival


def arrived(
    request: Request, arrival: Arrival, kept: dict[str, Any], method: str, until: datetime | None = None
) -> str | None:
    """Link the identity, or begin the person's session by `until` at the latest; return its token.

    Args:
        request: With which they came back.
        arrival: Who has come.
        kept: The facts of the attempt: whom to link, or the one-time link that it began with.
        method: The protocol.
        until: When the session ends at the latest.

    Raises:
        NotAllowed: The user is out of service, or the plan has no room.
        Conflict: The identity or its address is another user's.
        InvalidInput: The one-time link was used or has expired, or someone new has no usable address.
    """
    deps: Deps = request.app.state.deps
    by = actor_of(request, None)
    if kept["user_id"] is not None:
        deps.control.identities.link(arrival, kept["user_id"], by)
        return None
    user = _joined(request, arrival, kept["token"])
    token, _ = deps.sessions.begin(user, method, by, until=until)
    return token


def _joined(request: Request, arrival: Arrival, link: str | None) -> User:
    deps: Deps = request.app.state.deps
    by = actor_of(request, None)
    if link is not None:
        return deps.control.identities.join(arrival, link, by)
    try:
        return deps.control.identities.user_for(arrival, by)
    except Conflict as refusal:
        if refusal.code == NOT_LINKED:
            _send_link(request, arrival)
        raise


def _send_link(request: Request, arrival: Arrival) -> None:
    """Have whoever cannot link by a password do so by their mailbox, where passwords sign nobody in.

    Raises:
        Conflict: A link is on its way.
    """
    deps: Deps = request.app.state.deps
    user = deps.control.users.by_email(arrival.tenant_id, arrival.email or "")
    if user is None or user.status == "deactivated" or not deps.control.enforcement.holds(user):
        return
    if has_room_for_mail(request, deps, user.email):
        queue_link(deps.control, user, "invitation" if user.status == "invited" else "password_reset")
    message = (
        "There is a user with this address here already. A link was sent to it: open that, and sign in "
        "through your company once more, to be that user from then on."
    )
    raise Conflict(message, NOT_LINKED)
