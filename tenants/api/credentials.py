"""Who a request comes from: an API key in the header, or a session in the cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tenants.audit import Actor
from tenants.errors import NotAllowed
from tenants.sessions import Principal

if TYPE_CHECKING:
    from starlette.requests import Request

    from tenants.api.deps import Deps
    from tenants.keys import ApiKey

COOKIE = "loki_session"
_BEARER = "bearer "
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST_AGENT = 200


def principal_of(request: Request, deps: Deps) -> Principal | None:
    """Return who the credentials belong to, None where there are none or they are wrong.

    Raises:
        NotAllowed: Another site's page sent the cookie along.
    """
    header = request.headers.get("authorization")
    if header is not None:
        return _by_key(header, deps)
    token = request.cookies.get(COOKIE)
    if token is None:
        return None
    if request.method not in _READING:
        require_same_site(request)
    return deps.sessions.resolve(token)


def require_same_site(request: Request) -> None:
    """Refuse a change that a page of another site asks for in a signed-in person's name.

    Raises:
        NotAllowed: The request comes from another origin than it goes to.
    """
    origin = request.headers.get("origin")
    is_foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if is_foreign or request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        message = "This was sent by a page of another site; use the platform's own pages or an API key."
        raise NotAllowed(message, "cross_site")


def actor_of(request: Request, principal: Principal | None) -> Actor:
    """Return the caller as the audit log names it."""
    address = request.client.host if request.client else None
    agent = request.headers.get("user-agent", "")[:_LONGEST_AGENT] or None
    if principal is None:
        return Actor("anonymous", "anonymous", address, agent)
    return principal.actor(address, agent)


def _by_key(header: str, deps: Deps) -> Principal | None:
    if not header.lower().startswith(_BEARER):
        return None
    key = deps.control.keys.resolve(header[len(_BEARER) :].strip())
    if key is None:
        return None
    deps.control.keys.note_use(key)
    return _of_key(key)


def _of_key(key: ApiKey) -> Principal:
    return Principal(
        kind="key",
        principal_id=key.key_id,
        tenant_id=key.tenant_id,
        role=None,
        permissions=frozenset(key.permissions),
        name=key.name,
        rate_limit_per_minute=key.rate_limit_per_minute,
    )
