"""The browser's way to a SAML identity provider and back."""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse, Response

from tenants.api.attempts import AttemptCookie
from tenants.api.credentials import actor_of
from tenants.api.sign_in import limit_place, safe_target, set_session_cookie
from tenants.api.sso_arrivals import arrived
from tenants.api.sso_flow import require_sso, tenant_of_host
from tenants.audit import Change
from tenants.errors import InvalidInput, PlatformError, Unauthenticated
from tenants.sso.checks import is_local_host
from tenants.sso.saml.arrivals import arrival_of
from tenants.sso.saml.authn_request import Attempt, request_address
from tenants.sso.saml.once import use_once
from tenants.sso.saml.refusals import Why, refused
from tenants.sso.saml.responses import Expected, accepted, is_unsolicited
from tenants.sso.saml.service import ACS_PATH, ServiceProvider, service_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from tenants.api.deps import Deps
    from tenants.sso.saml.assertions import Believed
    from tenants.sso.saml.connections import SamlConnection

# Comes with the form that the identity provider's page posts to us.
COOKIE = AttemptCookie("loki_saml", "/sso/saml", comes_with_posts=True)
START = "/sso/saml/start"
_TOLD_A_MINUTE = 10
_ANSWERS_A_MINUTE = 300


def service_here(request: Request, tenant_id: str) -> ServiceProvider:
    """Return ourselves as the tenant's identity provider knows us, this host first."""
    deps: Deps = request.app.state.deps
    port, here = f":{request.url.port}" if request.url.port else "", request.headers.get("host")
    return service_of(deps.control, deps.hosts, tenant_id, request.url.scheme, port, here)


def acs_url(request: Request) -> str:
    """Return the address to which the identity provider has the answer posted, at this host."""
    return f"{request.url.scheme}://{request.headers.get('host')}{ACS_PATH}"


def started(request: Request, to: str, user_id: str | None = None, token: str | None = None) -> Response:
    """Send the browser to the identity provider of this host's tenant; the facts as for OpenID Connect.

    Raises:
        NotFound: The tenant has none.
        NotAllowed: Its plan has no single sign-on.
        InvalidInput: The connection is not encrypted: the browser would not keep the attempt.
    """
    deps: Deps = request.app.state.deps
    tenant_id = tenant_of_host(request)
    require_sso(deps, tenant_id)
    connection = deps.control.saml.in_use(tenant_id)
    if request.url.scheme != "https" and not is_local_host(request.url.hostname or ""):
        message = "Sign-in through SAML works over https only; open this address so."
        raise InvalidInput(message, "https_required")
    attempt, now = Attempt.fresh(), deps.clock.now()
    address = request_address(connection.sso_url, service_here(request, tenant_id), attempt, now)
    response = RedirectResponse(address, 303)
    facts = {"tenant_id": tenant_id, "user_id": user_id, "token": token, "to": to}
    COOKIE.keep(request, response, {**asdict(attempt), **facts})
    return response


def finished(request: Request, answer: str, relay_state: str) -> Response:
    """Begin the session of whoever an answer says has come, or link them, and go on.

    Raises:
        Unauthenticated: The answer does not belong to an attempt of this browser, or does not hold.
        NotAllowed: The user is out of service, or the plan has no room or no single sign-on.
        Conflict: The identity or its address is another user's.
        RateLimited: Too many answers come from this place.
    """
    deps: Deps = request.app.state.deps
    tenant_id = tenant_of_host(request)
    limit_place(request, "answers", _ANSWERS_A_MINUTE)
    require_sso(deps, tenant_id)
    connection = deps.control.saml.in_use(tenant_id)
    try:
        content = _decoded(answer)
        kept = _attempt(request, tenant_id, relay_state)
        if kept is None and is_unsolicited(content):
            # Someone chose us at the provider. Its answer is not read: we ask, and it answers again.
            return RedirectResponse(START, 303)
        if kept is None:
            raise refused(Why.NOT_ASKED_FOR)
        believed = _believed(request, connection, content, kept["request_id"])
    except Unauthenticated as refusal:
        _tell(request, tenant_id, refusal)
        raise
    return _arrived(request, connection, believed, kept)


def _decoded(answer: str) -> bytes:
    try:
        return b64decode("".join(answer.split()), validate=True)
    except (binascii.Error, ValueError):
        raise refused(Why.NOT_READABLE) from None


def _attempt(request: Request, tenant_id: str, relay_state: str) -> dict[str, Any] | None:
    try:
        kept = COOKIE.kept(request)
    except Unauthenticated:
        return None
    is_same = hmac.compare_digest(relay_state.encode(), kept["relay_state"].encode())
    return kept if is_same and kept["tenant_id"] == tenant_id else None


def _believed(request: Request, connection: SamlConnection, content: bytes, request_id: str) -> Believed:
    deps: Deps = request.app.state.deps
    service = service_here(request, connection.tenant_id)
    expected = Expected(
        issuer=connection.entity_id,
        certificates=connection.certificates,
        audience=service.entity_id,
        acs_url=acs_url(request),
        request_id=request_id,
        now=deps.clock.now(),
        keys=[key.private for key in service.keys],
    )
    believed = accepted(content, expected)
    used = {"request": request_id, "assertion": believed.assertion_id}
    if not use_once(deps.control, connection.tenant_id, used, believed.usable_until):
        raise refused(Why.USED_BEFORE)
    return believed


def _arrived(
    request: Request, connection: SamlConnection, believed: Believed, kept: dict[str, Any]
) -> Response:
    deps: Deps = request.app.state.deps
    deps.control.saml.note_working(connection)
    arrival = arrival_of(connection, believed)
    response = RedirectResponse(safe_target(request, kept["to"]), 303)
    COOKIE.forget(response)
    token = arrived(request, arrival, kept, "saml", believed.session_until)
    if token is not None:
        set_session_cookie(request, response, token)
    return response


def _tell(request: Request, tenant_id: str, refusal: PlatformError) -> None:
    """Keep a refused answer in the tenant's log; a flood of them is cut, so that it does not fill it."""
    deps: Deps = request.app.state.deps
    if not deps.rates.take([(f"refused answers for {tenant_id}", _TOLD_A_MINUTE)]).is_within:
        return
    change = Change(
        action="sso_refused",
        object_type="sso",
        object_id=tenant_id,
        tenant_id=tenant_id,
        detail={"method": "saml", "reason": refusal.context.get("reason")},
    )
    deps.control.audit.record(actor_of(request, None), change)
