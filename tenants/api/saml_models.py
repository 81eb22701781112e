"""What the routes of SAML take and give."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic needs it at run time
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tenants.sso.saml.certificates import described
from tenants.sso.saml.service import ACS_PATH, METADATA_PATH

if TYPE_CHECKING:
    from tenants.sso.saml.connections import SamlConnection
    from tenants.sso.saml.service import ServiceProvider

EntityId = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
Role = Annotated[str, StringConstraints(max_length=20)]
Attribute = Annotated[str, StringConstraints(min_length=1, max_length=500)]
_Url = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
_Pem = Annotated[str, StringConstraints(max_length=20_000)]


class ProviderIn(BaseModel):
    """A SAML identity provider to trust, field by field."""

    model_config = ConfigDict(extra="forbid")

    entity_id: EntityId = Field(examples=["https://login.example.com/saml"])
    sso_url: _Url = Field(
        description="Where people are sent, by HTTP-Redirect.",
        examples=["https://login.example.com/saml/sso"],
    )
    certificates: list[_Pem] = Field(
        max_length=10,
        description="Those that it signs by, as PEM or Base64; during a change the old and the new one.",
        examples=[["-----BEGIN CERTIFICATE-----\nMIID…\n-----END CERTIFICATE-----"]],
    )
    default_role: Role = Field("agent", description="What who comes for the first time becomes.")
    email_attribute: Attribute | None = Field(
        None, description="The attribute with the e-mail address; null tries the usual names."
    )
    name_attribute: Attribute | None = Field(
        None, description="The attribute with the name; null tries the usual names.", examples=["displayName"]
    )


class CertificateOut(BaseModel):
    """A certificate."""

    sha256: str = Field(description="Its fingerprint, in hexadecimal digits.")
    subject: str
    not_before: datetime
    expires_at: datetime


class ProviderOut(BaseModel):
    """The identity provider that is trusted."""

    entity_id: str
    sso_url: str
    certificates: list[CertificateOut]
    default_role: str
    email_attribute: str | None
    name_attribute: str | None
    is_enabled: bool = Field(description="Whether people may come by it now.")
    updated_at: datetime
    tested_at: datetime | None = Field(
        description="When it was first seen to work as it is saved; null: not verified."
    )


class ServiceOut(BaseModel):
    """Ourselves, to be registered at the identity provider."""

    entity_id: str
    acs_urls: list[str] = Field(description="Where answers are posted to, the present host first.")
    metadata_url: str
    certificates: list[CertificateOut] = Field(
        description="The first one signs; each may be encrypted for. Two during a rotation."
    )


class SamlOut(BaseModel):
    """Both sides of the trust; `identity_provider` is null until one is given."""

    service_provider: ServiceOut
    identity_provider: ProviderOut | None


def saml_out(service: ServiceProvider, connection: SamlConnection | None) -> SamlOut:
    """Return both sides as they are shown."""
    ours = ServiceOut(
        entity_id=service.entity_id,
        acs_urls=list(service.acs_urls),
        metadata_url=service.acs_urls[0].removesuffix(ACS_PATH) + METADATA_PATH,
        certificates=[_certificate(key.certificate) for key in service.keys],
    )
    theirs = None if connection is None else _provider(connection)
    return SamlOut(service_provider=ours, identity_provider=theirs)


def _provider(connection: SamlConnection) -> ProviderOut:
    return ProviderOut(
        entity_id=connection.entity_id,
        sso_url=connection.sso_url,
        certificates=[_certificate(pem) for pem in connection.certificates],
        default_role=connection.default_role,
        email_attribute=connection.email_attribute,
        name_attribute=connection.name_attribute,
        is_enabled=connection.is_enabled,
        updated_at=connection.updated_at,
        tested_at=connection.tested_at,
    )


def _certificate(pem: str) -> CertificateOut:
    known = described(pem)
    return CertificateOut(
        sha256=known.sha256,
        subject=known.subject,
        not_before=known.not_before,
        expires_at=known.expires_at,
    )
