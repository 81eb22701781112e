"""From what an assertion says to who has come: the tenant's mapping of attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenants.sso.identities import Arrival

if TYPE_CHECKING:
    from tenants.sso.saml.assertions import Believed
    from tenants.sso.saml.connections import SamlConnection

# What identity providers call these unless told otherwise: plain names, those of eduPerson, those of ADFS.
_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
USUAL_EMAILS = (
    "email",
    "mail",
    "emailAddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
    f"{_CLAIMS}/emailaddress",
)
USUAL_NAMES = ("displayName", "name", "cn", "urn:oid:2.16.840.1.113730.3.1.241", f"{_CLAIMS}/name")


def arrival_of(connection: SamlConnection, believed: Believed) -> Arrival:
    """Return who has come; the address is told only, and decides on nothing."""
    emails = USUAL_EMAILS if connection.email_attribute is None else (connection.email_attribute,)
    people = USUAL_NAMES if connection.name_attribute is None else (connection.name_attribute,)
    return Arrival(
        tenant_id=connection.tenant_id,
        issuer=connection.entity_id,
        subject=believed.subject,
        email=_first(believed, emails) or believed.address,
        name=_first(believed, people),
        default_role=connection.default_role,
    )


def _first(believed: Believed, names: tuple[str, ...]) -> str | None:
    return next((value for name in names for value in believed.attributes.get(name, ())), None)
