"""The browser's way to an identity provider and back, kept in a signed cookie of ten minutes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse, Response

from tenants.access.situations import account_of
from tenants.api.credentials import actor_of
from tenants.api.sign_in import safe_target
from tenants.errors import NotAllowed, NotFound, Unauthenticated
from tenants.secret import platform_secret
from tenants.sso.connections import FEATURE
from tenants.sso.oidc import Attempt, Provider

if TYPE_CHECKING:
    from itsdangerous import URLSafeTimedSerializer
    from starlette.requests import Request

    from tenants.api.deps import Deps

COOKIE = "loki_sso"
_LASTS_SECONDS = 600


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


def started(request: Request, tenant_id: str, to: str, user_id: str | None = None) -> Response:
    """Send the browser to the tenant's identity provider.

    Raises:
        NotFound: The tenant has none.
        NotAllowed: Its plan has no single sign-on.
    """
    deps: Deps = request.app.state.deps
    _require_feature(deps, tenant_id)
    connection, secret = deps.control.sso.of(tenant_id)
    attempt = Attempt.fresh()
    provider = Provider(connection.issuer, connection.client_id, secret)
    response = RedirectResponse(provider.address(attempt, redirect_uri(request)), 303)
    kept = {**asdict(attempt), "tenant_id": tenant_id, "user_id": user_id, "to": to}
    is_secure = request.url.scheme == "https"
    response.set_cookie(
        COOKIE,
        _signer(deps).dumps(kept),
        _LASTS_SECONDS,
        path="/sso",
        secure=is_secure,
        httponly=True,
        samesite="lax",
    )
    return response


def finished(request: Request, code: str, state: str) -> tuple[str | None, str]:
    """Return the token of a new session (None where an identity was linked) and where to go on.

    Raises:
        Unauthenticated: What came back does not belong to an attempt of this browser, or does not hold.
    """
    deps: Deps = request.app.state.deps
    kept = _kept(request, deps)
    if not code or state != kept["state"]:
        raise _stray()
    _require_feature(deps, kept["tenant_id"])
    connection, secret = deps.control.sso.of(kept["tenant_id"])
    attempt = Attempt(kept["state"], kept["nonce"], kept["verifier"])
    provider = Provider(connection.issuer, connection.client_id, secret)
    now = int(deps.clock.now().timestamp())
    claims = provider.claims(code, attempt, redirect_uri(request), now)
    by = actor_of(request, None)
    if kept["user_id"] is not None:
        deps.control.sso.link(connection, claims.subject, kept["user_id"], by)
        return None, safe_target(request, kept["to"])
    user = deps.control.sso.user_for(connection, claims.subject, claims.email, claims.name, by)
    token, _ = deps.sessions.begin(user, "oidc", by)
    return token, safe_target(request, kept["to"])


def redirect_uri(request: Request) -> str:
    """Return the address at which the identity provider sends the browser back."""
    return f"{request.url.scheme}://{request.headers.get('host')}/sso/callback"


def _require_feature(deps: Deps, tenant_id: str) -> None:
    if FEATURE not in account_of(deps.control, tenant_id).entitlements.features:
        plan = deps.control.catalogue.first_plan_with(feature=FEATURE)
        message = f"The plan has no single sign-on; {plan.id if plan else 'no plan'} has it."
        raise NotAllowed(message, "feature_not_in_plan", feature=FEATURE)


def _kept(request: Request, deps: Deps) -> dict[str, Any]:
    from itsdangerous import BadSignature  # noqa: PLC0415 - start-up time

    try:
        kept: dict[str, Any] = _signer(deps).loads(request.cookies.get(COOKIE, ""), max_age=_LASTS_SECONDS)
    except BadSignature as error:
        raise _stray() from error
    return kept


def _signer(deps: Deps) -> URLSafeTimedSerializer:
    from itsdangerous import URLSafeTimedSerializer  # noqa: PLC0415 - start-up time

    return URLSafeTimedSerializer(platform_secret(deps.settings, "sso-cookie"))


def _stray() -> Unauthenticated:
    message = "This sign-in was not started in this browser, or took too long; start again."
    return Unauthenticated(message, "sso_refused")
