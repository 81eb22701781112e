"""What the edge tells the audit log: refused access, and every look of staff into a tenant's data."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from tenants.api.credentials import actor_of
from tenants.audit import Change
from tenants.stores.requests import LoggedRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection
    from starlette.requests import Request
    from starlette.types import Scope

    from tenants.api.access import Granted
    from tenants.api.deps import Deps
    from tenants.audit import Actor
    from tenants.errors import PlatformError
    from tenants.people.records import User
    from tenants.sessions import Principal

# Refused for what is asked for: each is kept. Refused for what the account is (unpaid, out of service)
# or for haste: kept once a minute for each caller, as a loop that retries must not fill the log.
# Calls without credentials are counted in the metrics; they belong to nobody's log.
_EACH_TOLD = frozenset(
    {"wrong_tenant", "permission_missing", "module_not_in_plan", "feature_not_in_plan", "cross_site"}
)

_PAUSE_SECONDS = 60.0
_MOST_CALLERS = 10_000


class _Seldom:
    """Lets what recurs through once a minute for each caller and reason."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def is_due(self, caller: str, reason: str) -> bool:
        now = time.monotonic()
        with self._lock:
            if now - self._told.get((caller, reason), -_PAUSE_SECONDS) < _PAUSE_SECONDS:
                return False
            if len(self._told) >= _MOST_CALLERS:
                self._told.clear()
            self._told[caller, reason] = now
            return True


_seldom = _Seldom()


def tell_refusal(
    deps: Deps, request: Request, actor: Actor, principal: Principal | None, refusal: PlatformError
) -> None:
    """Keep a refusal in the log of the caller's own tenant."""
    if principal is None:
        return
    if refusal.code not in _EACH_TOLD and not _seldom.is_due(principal.principal_id, refusal.code):
        return
    change = Change(
        action="access_refused",
        object_type="route",
        object_id=route_of(request),
        tenant_id=principal.tenant_id,
        detail={"code": refusal.code},
    )
    deps.control.audit.record(actor, change)


def tell_refused_sign_in(deps: Deps, request: Request, users: Sequence[User], code: str) -> None:
    """Keep a try to sign in that failed: for each tenant where the address is known, else for the platform.

    An unknown address is written too, though not what it was, so that it takes no less time; and
    all in one transaction, so that an address in several accounts takes no more.
    """
    tenant_id = deps.hosts.find(request.headers.get("host")).tenant_id
    actor, audit = actor_of(request, None), deps.control.audit
    changes = [
        Change(
            action="sign_in_refused",
            object_type="user",
            object_id=user_id,
            tenant_id=owner,
            detail={"code": code},
        )
        for owner, user_id in [(user.tenant_id, user.user_id) for user in users] or [(tenant_id, "unknown")]
    ]

    def work(connection: Connection) -> None:
        for change in changes:
            audit.append(connection, actor, change)

    deps.control.database.write(work)


def tell_broken_glass(deps: Deps, request: Request, user: User) -> None:
    """Keep that the one password which still signs in, although single sign-on is enforced, was used."""
    change = Change(
        action="break_glass_used", object_type="user", object_id=user.user_id, tenant_id=user.tenant_id
    )
    deps.control.audit.record(actor_of(request, None), change)


def tell_look(deps: Deps, route: str, actor: Actor, tenant_id: str) -> None:
    """Keep a look of staff into a tenant's data in that tenant's log."""
    change = Change(
        action="tenant_data_seen",
        object_type="route",
        object_id=route,
        tenant_id=tenant_id,
    )
    deps.control.audit.record(actor, change)


def log_request(scope: Scope, status: int) -> None:
    """Keep an answered request in the log of the tenant it was for."""
    granted: Granted = scope["state"]["granted"]
    request = LoggedRequest(
        at=granted.deps.clock.now(),
        actor_kind=granted.principal.kind,
        actor_id=granted.principal.principal_id,
        method=scope["method"],
        route=str(getattr(scope.get("route"), "path", "unknown")),
        status_code=status,
    )
    granted.store.log_request(request)


def route_of(request: Request) -> str:
    """Return a request's method and route: the pattern, not the path."""
    route = request.scope.get("route")
    return f"{request.method} {getattr(route, 'path', 'unknown')}"
