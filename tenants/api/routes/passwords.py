"""Setting a password by a one-time link: from an invitation or a reset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tenants.api import pages, sign_in
from tenants.api.credentials import actor_of, require_same_site
from tenants.api.guarded import GuardedRoute
from tenants.errors import InvalidInput, RateLimited
from tenants.mail.links import base_of, queue_reset
from tenants.people.passwords import SHORTEST

if TYPE_CHECKING:
    from tenants.people.records import User

routes = APIRouter(tags=["session"], route_class=GuardedRoute)

_Token = Annotated[str, Query(max_length=200)]


@routes.get("/set-password", response_class=HTMLResponse, summary="The page of a one-time link")
def set_password_page(request: Request, token: _Token = "") -> Response:
    """Show the form while the link can be used, or the way to the company's sign-in."""
    return _page(request, token)


@routes.post("/set-password", response_class=HTMLResponse, summary="Set a password")
def set_password(
    request: Request,
    token: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=300)],
) -> Response:
    """Set the password, end every session of the person, and show the sign-in page."""
    require_same_site(request)
    request.app.state.deps.hosts.served(request.headers.get("host"))
    if _held(request, token) is not None:
        return _page(request, token, 403)
    address = request.client.host if request.client else None
    try:
        request.app.state.deps.control.tokens.set_password(token, password, address)
    except InvalidInput as refusal:
        return _page(request, token, 422, refusal.message)
    return RedirectResponse("/sign-in", 303)


@routes.get("/forgot-password", response_class=HTMLResponse, summary="The page to ask for a new password")
def forgot_password_page(request: Request) -> Response:
    """Show the form."""
    return pages.answer(request, _forgot_page(request, is_sent=False))


@routes.post("/forgot-password", response_class=HTMLResponse, summary="Ask for a new password")
def forgot_password(request: Request, email: Annotated[str, Form(max_length=320)]) -> Response:
    """Send a one-time link where the address has an account; the answer is the same where it has none.

    It is also the same where the address was sent enough of them today.
    """
    require_same_site(request)
    deps = request.app.state.deps
    candidates = sign_in.candidates(request, deps, email)
    try:
        sign_in.limit_tries(request, deps, email)
        has_room = sign_in.has_room_for_mail(request, deps, email)
    except RateLimited as refusal:
        return pages.limited(request, _forgot_page(request, is_sent=False, failure=refusal.message), refusal)
    if has_room:
        tenant_id = deps.hosts.find(request.headers.get("host")).tenant_id
        queue_reset(deps.control, candidates, actor_of(request, None), tenant_id)
    return pages.answer(request, _forgot_page(request, is_sent=True))


def _forgot_page(request: Request, *, is_sent: bool, failure: str | None = None) -> str:
    facts = {"title": "Forgot your password?", "is_sent": is_sent, "failure": failure}
    return pages.render(request, "forgot_password.html", **facts)


def _page(request: Request, token: str, status: int = 200, failure: str | None = None) -> Response:
    held = _held(request, token)
    if held is not None:
        return pages.answer(request, _join_page(request, token, held), status, leads_to_provider=True)
    is_open = request.app.state.deps.control.tokens.is_open(token)
    facts = {"title": "Choose a password", "token": token, "is_open": is_open, "shortest": SHORTEST}
    page = pages.render(request, "set_password.html", failure=failure, **facts)
    return pages.answer(request, page, status)


def _held(request: Request, token: str) -> User | None:
    """Return the holder of an open link who has to come through their company, else None."""
    control = request.app.state.deps.control
    holder = control.tokens.holder(token)
    if holder is None:
        return None
    user: User = control.users.get(*holder)
    return user if control.enforcement.holds(user) else None


def _join_page(request: Request, token: str, user: User) -> str:
    deps = request.app.state.deps
    is_here = deps.hosts.find(request.headers.get("host")).tenant_id == user.tenant_id
    ways = [(path.replace("/start", "/join"), label) for path, label in sign_in.providers(request)]
    elsewhere = f"{base_of(deps.control, user)}/set-password?token={token}"
    facts = {"ways": ways if is_here else [], "elsewhere": elsewhere, "name": user.name, "token": token}
    return pages.render(request, "join.html", title="Sign in through your company", **facts)
