"""The names that SAML, XML Signature and XML Encryption give to things."""

from __future__ import annotations

from typing import Any, TypeAlias

Element: TypeAlias = Any  # an lxml element; the library ships no types

SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
ENCRYPTION = "http://www.w3.org/2001/04/xmlenc#"
ENCRYPTION_11 = "http://www.w3.org/2009/xmlenc11#"

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
ENTITY = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"

ENVELOPED = f"{SIGNATURE}enveloped-signature"
EXCLUSIVE_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


def samlp(name: str) -> str:
    """Return a protocol element's full name."""
    return f"{{{SAMLP}}}{name}"


def saml(name: str) -> str:
    """Return an assertion element's full name."""
    return f"{{{SAML}}}{name}"


def md(name: str) -> str:
    """Return a metadata element's full name."""
    return f"{{{METADATA}}}{name}"


def ds(name: str) -> str:
    """Return a signature element's full name."""
    return f"{{{SIGNATURE}}}{name}"


def xenc(name: str) -> str:
    """Return an encryption element's full name."""
    return f"{{{ENCRYPTION}}}{name}"
