"""Signing in and out: a page for people, and who one is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tenants.access.decision import BILLING_PATH, Needs
from tenants.access.situations import refusal_of_page
from tenants.api import pages, sign_in
from tenants.api.access import Granted, allow
from tenants.api.credentials import COOKIE, actor_of, principal_of, require_same_site
from tenants.api.guarded import GuardedRoute
from tenants.api.models import SessionOut
from tenants.errors import NotAllowed, NotFound, PlatformError, RateLimited, Unauthenticated

routes = APIRouter(tags=["session"], route_class=GuardedRoute)

SignedIn = Annotated[Granted, Depends(allow(None, is_billing=True))]
_Next = Annotated[str, Query(alias="next", max_length=2000)]


@routes.get("/sign-in", response_class=HTMLResponse, summary="The sign-in page")
def sign_in_page(request: Request, to: _Next = "") -> Response:
    """Show the form; whoever is signed in already goes on."""
    deps = request.app.state.deps
    if principal_of(request, deps) is not None:
        return RedirectResponse(sign_in.safe_target(request, to), 303)
    return pages.answer(request, sign_in.page(request, to))


@routes.post("/sign-in", response_class=HTMLResponse, summary="Sign in")
def do_sign_in(
    request: Request,
    email: Annotated[str, Form(max_length=320)],
    password: Annotated[str, Form(max_length=256)],
    to: Annotated[str, Form(alias="next", max_length=2000)] = "",
) -> Response:
    """Begin a session and set its cookie, or show the form again with what was wrong."""
    require_same_site(request)
    try:
        token = sign_in.sign_in(request, email, password)
    except (Unauthenticated, RateLimited) as refusal:
        return _again(request, to, refusal)
    response = RedirectResponse(sign_in.safe_target(request, to), 303)
    sign_in.set_session_cookie(request, response, token)
    return response


@routes.get("/sign-out", response_class=HTMLResponse, summary="The sign-out page")
def sign_out_page(request: Request) -> Response:
    """Ask whether to sign out; a link, which any site can make a browser follow, ends no session."""
    principal = principal_of(request, request.app.state.deps)
    if principal is None:
        return RedirectResponse("/sign-in", 303)
    page = pages.render(request, "sign_out.html", title="Sign out", name=principal.name)
    return pages.answer(request, page)


@routes.post("/sign-out", summary="Sign out")
def sign_out(request: Request) -> Response:
    """End the session at once and show the sign-in page."""
    require_same_site(request)
    deps = request.app.state.deps
    principal = principal_of(request, deps)
    if principal is not None and principal.session_id is not None:
        deps.sessions.revoke(principal.session_id, actor_of(request, principal))
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return response


@routes.get("/", summary="The dashboards")
def home(request: Request) -> Response:
    """Send a person to the dashboards of this host."""
    return RedirectResponse(sign_in.dashboards(request), 303)


@routes.get(BILLING_PATH, summary="The billing page")
def billing_page(request: Request) -> Response:
    """Send a person to the page on which a subscription is paid."""
    return RedirectResponse(f"{sign_in.dashboards(request)}billing", 303)


@routes.get("/v1/session", summary="Who is signed in")
def get_session(granted: SignedIn) -> SessionOut:
    """Return who the credentials belong to and what they may do."""
    who = granted.principal
    return SessionOut(
        kind=who.kind,
        user_id=who.user_id,
        tenant_id=who.tenant_id,
        role=who.role,
        name=who.name,
        permissions=sorted(who.permissions),
    )


@routes.get("/v1/session/dashboards", status_code=204, summary="Whether a browser may see the dashboards")
def may_see_dashboards(request: Request) -> None:
    """Answer the reverse proxy, which asks before it passes a request on to the dashboards.

    Only 204, 401 and 403 are answered: a proxy understands no others. What else may stand in a
    person's way the pages tell themselves.
    """
    deps = request.app.state.deps
    principal, host = principal_of(request, deps), deps.hosts.find(request.headers.get("host"))
    refusal = refusal_of_page(deps.control, principal, Needs(None, is_reading=True, is_billing=True), host)
    if isinstance(refusal, NotFound):
        raise NotAllowed(refusal.message, refusal.code)
    if isinstance(refusal, Unauthenticated | NotAllowed):
        raise refusal
    if principal is None or principal.session_id is None:
        message = "The dashboards are for people; sign in as one."
        raise Unauthenticated(message)


def _again(request: Request, to: str, refusal: PlatformError) -> Response:
    page = sign_in.page(request, to, refusal.message)
    if isinstance(refusal, RateLimited):
        return pages.limited(request, page, refusal)
    return pages.answer(request, page, 401)
