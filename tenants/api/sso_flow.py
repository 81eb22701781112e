"""The browser's way to an OpenID provider and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from tenants.access.situations import account_of
from tenants.api.attempts import AttemptCookie, stray
from tenants.api.sign_in import limit_place, safe_target
from tenants.api.sso_arrivals import arrived
from tenants.errors import NotFound
from tenants.sso.addresses import CALLBACK_PATH, origins
from tenants.sso.checks import require_feature
from tenants.sso.identities import Arrival
from tenants.sso.oidc import Attempt, Provider

if TYPE_CHECKING:
    from starlette.requests import Request

    from tenants.api.deps import Deps

_BEGUN_A_MINUTE = 60
COOKIE = AttemptCookie("loki_sso", "/sso")


def tenant_of_host(request: Request) -> str:
    """Return the tenant whose host the browser is at.

    Raises:
        NotFound: It is no tenant's host.
    """
    deps: Deps = request.app.state.deps
    tenant_id = deps.hosts.find(request.headers.get("host")).tenant_id
    if tenant_id is None:
        message = "Single sign-on starts at your account's own address; open that first."
        raise NotFound(message, "sso_needs_tenant_host")
    return tenant_id


def started(
    request: Request, tenant_id: str, to: str, user_id: str | None = None, token: str | None = None
) -> Response:
    """Send the browser to the tenant's identity provider.

    Args:
        request: Of the browser.
        tenant_id: Whose provider.
        to: Where to go on afterwards.
        user_id: Whom to link to who comes back.
        token: Of the one-time link by which someone joins.

    Raises:
        RateLimited: Too many begin at this place.
        NotFound: The tenant has none.
        NotAllowed: Its plan has no single sign-on.
    """
    deps: Deps = request.app.state.deps
    limit_place(request, "sign-ins", _BEGUN_A_MINUTE)
    require_sso(deps, tenant_id)
    connection, secret = deps.control.sso.in_use(tenant_id)
    attempt = Attempt.fresh()
    provider = Provider(connection.issuer, connection.client_id, secret, deps.settings.private_hosts)
    response = RedirectResponse(provider.address(attempt, redirect_uri(request)), 303)
    facts = {**asdict(attempt), "tenant_id": tenant_id, "user_id": user_id, "token": token, "to": to}
    COOKIE.keep(request, response, facts)
    return response


def finished(request: Request, code: str, state: str) -> tuple[str | None, str]:
    """Return the token of a new session (None where an identity was linked) and where to go on.

    Raises:
        Unauthenticated: What came back does not belong to an attempt of this browser, or does not hold.
    """
    deps: Deps = request.app.state.deps
    kept = COOKIE.kept(request)
    if not code or state != kept["state"]:
        raise stray()
    require_sso(deps, kept["tenant_id"])
    connection, secret = deps.control.sso.in_use(kept["tenant_id"])
    attempt = Attempt(kept["state"], kept["nonce"], kept["verifier"])
    provider = Provider(connection.issuer, connection.client_id, secret, deps.settings.private_hosts)
    now = int(deps.clock.now().timestamp())
    claims = provider.claims(code, attempt, redirect_uri(request), now)
    arrival = Arrival(
        tenant_id=connection.tenant_id,
        issuer=connection.issuer,
        subject=claims.subject,
        email=claims.email,
        name=claims.name,
        default_role=connection.default_role,
    )
    deps.control.sso.note_working(connection)
    return arrived(request, arrival, kept, "oidc"), safe_target(request, kept["to"])


def redirect_uri(request: Request) -> str:
    """Return the address at which the identity provider sends the browser back."""
    return f"{request.url.scheme}://{request.headers.get('host')}{CALLBACK_PATH}"


def origins_here(request: Request, tenant_id: str) -> list[str]:
    """Return the origin of each host of a tenant, this one first where it is the tenant's."""
    deps: Deps = request.app.state.deps
    port, here = f":{request.url.port}" if request.url.port else "", request.headers.get("host")
    return origins(deps.control, deps.hosts, tenant_id, request.url.scheme, port, here)


def require_sso(deps: Deps, tenant_id: str) -> None:
    """Refuse single sign-on to a tenant whose plan has none.

    Raises:
        NotAllowed: It has none; which plan has it is told.
    """
    require_feature(deps.control.catalogue, account_of(deps.control, tenant_id).entitlements)
