"""SAML: the tenant's identity provider, ourselves as it knows us, and the way there and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Form, Query, UploadFile
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation
from starlette.responses import HTMLResponse, Response

from tenants.api import saml_flow, sso_flow
from tenants.api.access import Granted, allow
from tenants.api.credentials import require_same_site
from tenants.api.guarded import GuardedRoute
from tenants.api.routes.sso import FindingOut, SwitchIn
from tenants.api.saml_models import Attribute, EntityId, ProviderIn, Role, SamlOut, saml_out
from tenants.api.sign_in import link_question, refused_page
from tenants.errors import PlatformError
from tenants.sso.checks import FEATURE
from tenants.sso.saml.connections import Mapping
from tenants.sso.saml.documents import MOST_BYTES
from tenants.sso.saml.service import ACS_PATH, METADATA_PATH, metadata

if TYPE_CHECKING:
    from tenants.sso.saml.provider import IdentityProvider
    from tenants.sso.trial import Finding

routes = APIRouter(tags=["single sign-on"], route_class=GuardedRoute)

Manager = Annotated[Granted, Depends(allow("sso:manage", feature=FEATURE))]
SignedIn = Annotated[Granted, Depends(allow(None, feature=FEATURE))]
_MEDIA_TYPE = "application/samlmetadata+xml"
# Base64 is a third longer than what it carries, and may be broken into lines.
_MOST_CHARACTERS = MOST_BYTES * 3 // 2


@routes.get("/v1/sso/saml", summary="Get both sides of SAML")
def get_saml(request: Request, granted: Manager) -> SamlOut:
    """Return what to register at the identity provider, and the one that is trusted."""
    return _out(request, granted)


@routes.put("/v1/sso/saml", summary="Trust a SAML identity provider")
def put_saml(request: Request, body: ProviderIn, granted: Manager) -> SamlOut:
    """Trust a SAML identity provider, in place of an earlier one."""
    provider = granted.deps.control.saml.provider(body.entity_id, body.sso_url, body.certificates)
    fields = body.model_dump(include=set(Mapping.__struct_fields__))
    return _trusted(request, granted, provider, Mapping(**fields))


@routes.put("/v1/sso/saml/metadata", summary="Trust the SAML identity provider of a metadata document")
def put_metadata(
    request: Request,
    granted: Manager,
    file: UploadFile,
    entity_id: Annotated[EntityId | None, Form(description="Which one, where there are several.")] = None,
    default_role: Annotated[Role, Form()] = "agent",
    email_attribute: Annotated[Attribute | None, Form()] = None,
    name_attribute: Annotated[Attribute | None, Form()] = None,
) -> SamlOut:
    """Read entity id, sign-on address and certificates from the document that the provider publishes."""
    content = file.file.read(MOST_BYTES + 1)
    provider = granted.deps.control.saml.provider_from(content, entity_id)
    mapping = Mapping(
        default_role=default_role, email_attribute=email_attribute, name_attribute=name_attribute
    )
    return _trusted(request, granted, provider, mapping)


@routes.patch("/v1/sso/saml", summary="Switch the SAML identity provider on or off")
def switch_saml(request: Request, body: SwitchIn, granted: Manager) -> SamlOut:
    """Let people come by it, or not for the time being; nothing of it is forgotten."""
    granted.deps.control.saml.switch(granted.tenant.tenant_id, granted.actor, is_enabled=body.is_enabled)
    return _out(request, granted)


@routes.post("/v1/sso/saml/test", response_model=list[FindingOut], summary="Try the SAML identity provider")
def try_provider(request: Request, granted: Manager) -> list[Finding]:
    """Look at its certificates, and send it a signed request; nobody is signed in."""
    tenant_id = granted.tenant.tenant_id
    return granted.deps.control.saml.tried(tenant_id, saml_flow.service_here(request, tenant_id))


@routes.delete("/v1/sso/saml", status_code=204, summary="Trust the SAML identity provider no more")
def delete_saml(granted: Manager) -> None:
    """Trust it no more; people sign in with passwords again."""
    granted.deps.control.saml.remove(granted.tenant.tenant_id, granted.actor)


@routes.post("/v1/sso/saml/rotation", status_code=201, summary="Begin to rotate our key")
def begin_rotation(request: Request, granted: Manager) -> SamlOut:
    """Publish a second key beside the first; once the provider knows both, end the rotation."""
    granted.deps.control.saml.keys.add(granted.tenant.tenant_id, granted.actor)
    return _out(request, granted)


@routes.delete("/v1/sso/saml/rotation", summary="End the rotation of our key")
def end_rotation(request: Request, granted: Manager) -> SamlOut:
    """Retire the older key: the newer one signs from now on."""
    granted.deps.control.saml.keys.retire(granted.tenant.tenant_id, granted.actor)
    return _out(request, granted)


@routes.get(
    METADATA_PATH,
    response_class=Response,
    responses={200: {"content": {_MEDIA_TYPE: {}}}},
    summary="Ourselves as a SAML service provider",
)
def get_metadata(
    request: Request,
    encryption: Annotated[bool, Query(description="Ask for assertions encrypted by AES-GCM.")] = False,  # noqa: FBT002 - a parameter of the address
) -> Response:
    """Return the metadata of this host's tenant as a service provider: entity id, addresses, certificates."""
    tenant_id = sso_flow.tenant_of_host(request)
    sso_flow.require_sso(request.app.state.deps, tenant_id)
    return Response(
        metadata(saml_flow.service_here(request, tenant_id), invites_encryption=encryption),
        media_type=_MEDIA_TYPE,
    )


@routes.get(saml_flow.START, summary="Sign in through the tenant's SAML identity provider")
def start(request: Request, to: Annotated[str, Query(alias="next", max_length=2000)] = "") -> Response:
    """Send the browser to the identity provider of this host's tenant, with a signed request."""
    return saml_flow.started(request, to)


@routes.get("/sso/saml/link", response_class=HTMLResponse, summary="The page to link a SAML identity")
def link_page(request: Request, granted: SignedIn) -> Response:
    """Ask whether to link; a link that another site made a browser follow must give nobody's user away."""
    return link_question(request, granted, "/sso/saml/link")


@routes.post("/sso/saml/link", summary="Link a SAML identity to the signed-in user")
def link(request: Request, granted: SignedIn) -> Response:
    """Send the browser to the identity provider, to link who comes back to the signed-in user."""
    return saml_flow.started(request, "", granted.principal.user_id)


@routes.post("/sso/saml/join", summary="Join by a one-time link, through the SAML identity provider")
def join(request: Request, token: Annotated[str, Form(max_length=200)]) -> Response:
    """Send the browser to the identity provider; who comes back is the user to whom the link was sent."""
    require_same_site(request)
    return saml_flow.started(request, "", token=token)


@routes.post(ACS_PATH, summary="Come back from the SAML identity provider")
def acs(
    request: Request,
    answer: Annotated[str, Form(alias="SAMLResponse", max_length=_MOST_CHARACTERS)],
    relay_state: Annotated[str, Form(alias="RelayState", max_length=1000)] = "",
) -> Response:
    """Check who came back, begin their session, and go on."""
    try:
        return saml_flow.finished(request, answer, relay_state)
    except PlatformError as refusal:
        return refused_page(request, refusal)


def _trusted(request: Request, granted: Granted, provider: IdentityProvider, mapping: Mapping) -> SamlOut:
    granted.deps.control.saml.put(granted.tenant.tenant_id, provider, mapping, granted.actor)
    return _out(request, granted)


def _out(request: Request, granted: Granted) -> SamlOut:
    service = saml_flow.service_here(request, granted.tenant.tenant_id)
    return saml_out(service, granted.deps.control.saml.find(granted.tenant.tenant_id))
