"""What we know of an identity provider: given field by field, or read from its metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenants.errors import InvalidInput
from tenants.sso.checks import is_safe_address
from tenants.sso.saml.certificates import checked_certificates
from tenants.sso.saml.documents import document, moment, text_of
from tenants.sso.saml.names import REDIRECT, SAMLP, ds, md

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tenants.sso.saml.names import Element

_LONGEST_ID = 1024
_X509 = f"{ds('KeyInfo')}/{ds('X509Data')}/{ds('X509Certificate')}"


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """Who signs, where people are sent, and by which certificates its signature is known."""

    entity_id: str
    sso_url: str
    certificates: tuple[str, ...]


def checked_provider(
    entity_id: str, sso_url: str, certificates: Sequence[str], now: datetime, *, is_local: bool
) -> IdentityProvider:
    """Return an identity provider whose fields are right.

    Raises:
        InvalidInput: One of them is not.
    """
    is_plain = entity_id.isascii() and entity_id.isprintable() and " " not in entity_id
    if not (is_plain and 1 <= len(entity_id) <= _LONGEST_ID):
        message = f"The entity id needs 1 to {_LONGEST_ID} printable ASCII characters without spaces."
        raise InvalidInput(message, "invalid_entity_id")
    if not is_safe_address(sso_url, is_local=is_local):
        message = "The sign-on address must be an https address without user and fragment."
        raise InvalidInput(message, "invalid_sso_url")
    return IdentityProvider(entity_id, sso_url, tuple(checked_certificates(certificates, now)))


def read_metadata(
    content: bytes, now: datetime, *, is_local: bool, entity_id: str | None = None
) -> IdentityProvider:
    """Return the identity provider that a metadata document describes.

    The document is believed because an owner uploads it; a signature on it is not looked at.

    Args:
        content: The XML.
        now: The present.
        is_local: Whether plain HTTP to this machine is safe.
        entity_id: Which one, where the document has several.

    Raises:
        InvalidInput: It is no such document, is out of date, or lacks what we need.
    """
    entity = _entity(document(content), entity_id)
    role = entity.find(md("IDPSSODescriptor"))
    if any(_is_over(element, now) for element in (entity, role)):
        message = "The metadata is out of date (validUntil); get it from the identity provider anew."
        raise _invalid(message)
    if SAMLP not in role.get("protocolSupportEnumeration", "").split():
        message = "The metadata describes no SAML 2.0 identity provider; get the SAML 2.0 one."
        raise _invalid(message)
    return checked_provider(
        entity.get("entityID", ""), _redirect(role), _signing(role), now, is_local=is_local
    )


def _entity(root: Element, entity_id: str | None) -> Element:
    found = [
        each for each in root.iter(md("EntityDescriptor")) if each.find(md("IDPSSODescriptor")) is not None
    ]
    if entity_id is not None:
        found = [each for each in found if each.get("entityID") == entity_id]
    if len(found) != 1:
        has = "no identity provider" if not found else f"{len(found)} identity providers"
        way = (
            "upload the metadata of the identity provider itself"
            if not found
            else "say which by its entity id"
        )
        message = f"The metadata has {has}{' of that entity id' if entity_id and not found else ''}; {way}."
        raise _invalid(message)
    return found[0]


def _is_over(element: Element, now: datetime) -> bool:
    until = element.get("validUntil")
    end = moment(until)
    return until is not None and (end is None or end <= now)


def _redirect(role: Element) -> str:
    for service in role.findall(md("SingleSignOnService")):
        if service.get("Binding") == REDIRECT:
            return str(service.get("Location", ""))
    message = "The metadata has no sign-on address for HTTP-Redirect; switch that binding on at the provider."
    raise _invalid(message)


def _signing(role: Element) -> list[str]:
    found = [
        text_of(certificate)
        for key in role.findall(md("KeyDescriptor"))
        if key.get("use") in {None, "signing"}
        for certificate in key.findall(_X509)
    ]
    return [text for text in found if text is not None]


def _invalid(message: str) -> InvalidInput:
    return InvalidInput(message, "invalid_metadata")
