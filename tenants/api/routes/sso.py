"""Single sign-on: the tenant's identity provider, and the way there and back."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic needs it at run time
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Form, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tenants.api import sso_flow
from tenants.api.access import Granted, allow
from tenants.api.credentials import require_same_site
from tenants.api.guarded import GuardedRoute
from tenants.api.sign_in import link_question, refused_page, set_session_cookie
from tenants.errors import PlatformError
from tenants.sso.addresses import CALLBACK_PATH
from tenants.sso.checks import FEATURE

if TYPE_CHECKING:
    from tenants.sso import Connection
    from tenants.sso.trial import Finding

routes = APIRouter(tags=["single sign-on"], route_class=GuardedRoute)

Manager = Annotated[Granted, Depends(allow("sso:manage", feature=FEATURE))]
SignedIn = Annotated[Granted, Depends(allow(None, feature=FEATURE))]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class ConnectionIn(BaseModel):
    """An identity provider to trust."""

    model_config = ConfigDict(extra="forbid")

    issuer: _Text = Field(examples=["https://login.example.com"])
    client_id: _Text
    client_secret: _Text | None = Field(
        None, repr=False, description="Left out, that of the same issuer is kept.", examples=["…once…"]
    )
    default_role: Annotated[str, StringConstraints(max_length=20)] = "agent"


class ConnectionOut(BaseModel):
    """The identity provider that is trusted; register `redirect_uris` there."""

    issuer: str
    client_id: str
    default_role: str
    is_enabled: bool = Field(description="Whether people may come by it now.")
    updated_at: datetime
    tested_at: datetime | None = Field(
        description="When it was first seen to work as it is saved; null: not verified."
    )
    redirect_uri: str
    redirect_uris: list[str] = Field(description="One for each host of the tenant, the present one first.")


class SwitchIn(BaseModel):
    """Whether people may come by it."""

    model_config = ConfigDict(extra="forbid")

    is_enabled: bool


class FindingOut(BaseModel):
    """One thing that was tried at the identity provider."""

    model_config = ConfigDict(from_attributes=True)

    is_fine: bool | None = Field(description="Null where only a real sign-in can tell.")
    sentence: str


@routes.get("/v1/sso", summary="Get the identity provider")
def get_connection(request: Request, granted: Manager) -> ConnectionOut:
    """Return the identity provider that the tenant trusts; never its secret."""
    connection, _ = granted.deps.control.sso.of(granted.tenant.tenant_id)
    return _out(request, granted, connection)


@routes.put("/v1/sso", summary="Trust an identity provider")
def put_connection(request: Request, body: ConnectionIn, granted: Manager) -> ConnectionOut:
    """Trust an identity provider, in place of an earlier one."""
    connection = granted.deps.control.sso.put(
        granted.tenant.tenant_id,
        body.issuer,
        body.client_id,
        body.client_secret,
        body.default_role,
        granted.actor,
    )
    return _out(request, granted, connection)


@routes.patch("/v1/sso", summary="Switch the identity provider on or off")
def switch_connection(request: Request, body: SwitchIn, granted: Manager) -> ConnectionOut:
    """Let people come by it, or not for the time being; nothing of it is forgotten."""
    tenant_id, sso = granted.tenant.tenant_id, granted.deps.control.sso
    sso.switch(tenant_id, granted.actor, is_enabled=body.is_enabled)
    return _out(request, granted, sso.of(tenant_id)[0])


@routes.post("/v1/sso/test", response_model=list[FindingOut], summary="Try the identity provider")
def try_connection(request: Request, granted: Manager) -> list[Finding]:
    """Ask what it offers, for its keys, and whether it knows us; nobody is signed in."""
    redirect_uri = _redirect_uris(request, granted)[0]
    return granted.deps.control.sso.tried(granted.tenant.tenant_id, redirect_uri)


@routes.delete("/v1/sso", status_code=204, summary="Trust it no more")
def delete_connection(granted: Manager) -> None:
    """Trust it no more; people sign in with passwords again."""
    granted.deps.control.sso.remove(granted.tenant.tenant_id, granted.actor)


@routes.get("/sso/start", summary="Sign in through the tenant's identity provider")
def start(request: Request, to: Annotated[str, Query(alias="next", max_length=2000)] = "") -> Response:
    """Send the browser to the identity provider of this host's tenant."""
    return sso_flow.started(request, sso_flow.tenant_of_host(request), to)


@routes.get("/sso/link", response_class=HTMLResponse, summary="The page to link an identity")
def link_page(request: Request, granted: SignedIn) -> Response:
    """Ask whether to link; a link that another site made a browser follow must give nobody's user away."""
    return link_question(request, granted, "/sso/link")


@routes.post("/sso/link", summary="Link an identity to the signed-in user")
def link(request: Request, granted: SignedIn) -> Response:
    """Send the browser to the identity provider, to link who comes back to the signed-in user."""
    return sso_flow.started(request, granted.tenant.tenant_id, "", user_id=granted.principal.user_id)


@routes.post("/sso/join", summary="Join by a one-time link, through the identity provider")
def join(request: Request, token: Annotated[str, Form(max_length=200)]) -> Response:
    """Send the browser to the identity provider; who comes back is the user to whom the link was sent."""
    require_same_site(request)
    return sso_flow.started(request, sso_flow.tenant_of_host(request), "", token=token)


@routes.get("/sso/callback", summary="Come back from the identity provider")
def callback(
    request: Request,
    code: Annotated[str, Query(max_length=4000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Check who came back, begin their session, and go on."""
    try:
        token, target = sso_flow.finished(request, code, state)
    except PlatformError as refusal:
        return refused_page(request, refusal)
    response = RedirectResponse(target, 303)
    sso_flow.COOKIE.forget(response)
    if token is not None:
        set_session_cookie(request, response, token)
    return response


def _out(request: Request, granted: Granted, connection: Connection) -> ConnectionOut:
    return ConnectionOut(
        issuer=connection.issuer,
        client_id=connection.client_id,
        default_role=connection.default_role,
        is_enabled=connection.is_enabled,
        updated_at=connection.updated_at,
        tested_at=connection.tested_at,
        redirect_uri=sso_flow.redirect_uri(request),
        redirect_uris=_redirect_uris(request, granted),
    )


def _redirect_uris(request: Request, granted: Granted) -> list[str]:
    found = sso_flow.origins_here(request, granted.tenant.tenant_id)
    return [f"{origin}{CALLBACK_PATH}" for origin in found]
