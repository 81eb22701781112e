"""Asking an identity provider who is there: a signed request, carried in an address."""

from __future__ import annotations

import secrets
import zlib
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from tenants.sso.saml import names
from tenants.sso.saml.names import saml, samlp

if TYPE_CHECKING:
    from datetime import datetime

    from tenants.sso.saml.service import ServiceProvider

_NAMESPACES = {"samlp": names.SAMLP, "saml": names.SAML}
_RAW_DEFLATE = -15


@dataclass(frozen=True, slots=True)
class Attempt:
    """What must come back unchanged from the provider and belongs to one browser."""

    request_id: str
    relay_state: str

    @classmethod
    def fresh(cls) -> Attempt:
        """Return a new attempt that nobody can guess."""
        return cls(f"_{secrets.token_hex(20)}", secrets.token_urlsafe(24))


def request_address(sso_url: str, service: ServiceProvider, attempt: Attempt, now: datetime) -> str:
    """Return where to send the browser; our oldest key signs, which the provider has known longest."""
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE)
    packed = packer.compress(_request(sso_url, service, attempt, now)) + packer.flush()
    query = urlencode(
        {
            "SAMLRequest": b64encode(packed).decode(),
            "RelayState": attempt.relay_state,
            "SigAlg": names.RSA_SHA256,
        }
    )
    signature = service.keys[0].private.sign(query.encode(), PKCS1v15(), SHA256())
    joint = "&" if "?" in sso_url else "?"
    return f"{sso_url}{joint}{query}&{urlencode({'Signature': b64encode(signature).decode()})}"


def _request(sso_url: str, service: ServiceProvider, attempt: Attempt, now: datetime) -> bytes:
    request = etree.Element(
        samlp("AuthnRequest"),
        nsmap=_NAMESPACES,
        ID=attempt.request_id,
        Version="2.0",
        IssueInstant=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        Destination=sso_url,
        AssertionConsumerServiceURL=service.acs_urls[0],
        ProtocolBinding=names.POST,
    )
    etree.SubElement(request, saml("Issuer")).text = service.entity_id
    etree.SubElement(request, samlp("NameIDPolicy"), AllowCreate="true")
    text: bytes = etree.tostring(request)
    return text
