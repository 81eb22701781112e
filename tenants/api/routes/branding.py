"""The look of the tenant's pages and mails."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic needs it at run time
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, UploadFile
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import Response

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.branding.brandings import FEATURE
from tenants.branding.logos import MOST_BYTES
from tenants.errors import NotFound

if TYPE_CHECKING:
    from tenants.branding import Branding

routes = APIRouter(prefix="/v1/branding", tags=["branding"], route_class=GuardedRoute)

Reader = Annotated[Granted, Depends(allow("branding:read"))]
Manager = Annotated[Granted, Depends(allow("branding:manage", feature=FEATURE))]
Colour = Annotated[str, StringConstraints(max_length=7)]


class BrandingOut(BaseModel):
    """A look; the logo is at `/v1/branding/logo`."""

    primary_colour: str
    accent_colour: str
    font: str
    css: str = Field(description="As it was written; reduced to what is safe where it is shown.")
    has_logo: bool
    updated_at: datetime | None


class BrandingIn(BaseModel):
    """What changes of a look; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    primary_colour: Colour | None = Field(None, examples=["#2196F3"])
    accent_colour: Colour | None = Field(None, examples=["#FFC107"])
    font: Annotated[str, StringConstraints(max_length=20)] | None = Field(None, examples=["system"])
    css: Annotated[str, StringConstraints(max_length=20_000)] | None = None


@routes.get("", summary="Get the look")
def get_branding(granted: Reader) -> BrandingOut:
    """Return the tenant's look, the default where it has set none."""
    return _out(granted.deps.control.brandings.of(granted.tenant.tenant_id))


@routes.put("", summary="Change the look")
def change_branding(body: BrandingIn, granted: Manager) -> BrandingOut:
    """Change colours, font and CSS."""
    fields = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    return _out(granted.deps.control.brandings.change(granted.tenant.tenant_id, granted.actor, **fields))


@routes.get("/logo", response_class=Response, summary="Get the logo")
def get_logo(granted: Reader) -> Response:
    """Return the logo as a PNG."""
    logo = granted.deps.control.brandings.of(granted.tenant.tenant_id).logo
    if logo is None:
        message = "There is no logo yet; set one with PUT."
        raise NotFound(message, "logo_not_found")
    return Response(logo, media_type="image/png")


@routes.put("/logo", summary="Set the logo")
def set_logo(file: UploadFile, granted: Manager) -> BrandingOut:
    """Take any common image and keep it as a small PNG."""
    content = file.file.read(MOST_BYTES + 1)
    return _out(granted.deps.control.brandings.set_logo(granted.tenant.tenant_id, content, granted.actor))


@routes.delete("/logo", summary="Take the logo away")
def delete_logo(granted: Manager) -> BrandingOut:
    """Show the platform's own again."""
    return _out(granted.deps.control.brandings.set_logo(granted.tenant.tenant_id, None, granted.actor))


def _out(branding: Branding) -> BrandingOut:
    return BrandingOut(
        primary_colour=branding.primary_colour,
        accent_colour=branding.accent_colour,
        font=branding.font,
        css=branding.css,
        has_logo=branding.logo is not None,
        updated_at=branding.updated_at,
    )
