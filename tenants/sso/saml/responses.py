"""From an identity provider's answer to an assertion that may be believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenants.errors import InvalidInput
from tenants.sso.saml.assertions import Believed, believed, has_issuer
from tenants.sso.saml.decryption import decrypted
from tenants.sso.saml.documents import has_double_ids, message, only
from tenants.sso.saml.names import SUCCESS, ds, saml, samlp
from tenants.sso.saml.refusals import Why, refused
from tenants.sso.saml.signatures import covered, is_signed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from tenants.sso.saml.names import Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What an answer must hold to be ours.

    Attributes:
        issuer: The identity provider's entity id.
        certificates: Those that it signs by.
        audience: Our entity id.
        acs_url: The address at which the answer came.
        request_id: The request of this browser that it must answer.
        now: The present.
        keys: Ours, which open what is encrypted.
    """

    issuer: str
    certificates: Sequence[str]
    audience: str
    acs_url: str
    request_id: str
    now: datetime
    keys: Sequence[RSAPrivateKey]


def is_unsolicited(content: bytes) -> bool:
    """Return whether an answer says itself that nobody asked for it; nothing else of it is read."""
    try:
        root = message(content)
    except InvalidInput:
        return False
    return root.tag == samlp("Response") and root.get("InResponseTo") is None


def accepted(content: bytes, expected: Expected) -> Believed:
    """Return what an answer says of who has come.

    Raises:
        Unauthenticated: It does not hold; why is told in half a sentence.
    """
    try:
        response = message(content)
    except InvalidInput:
        raise refused(Why.NOT_READABLE) from None
    _require_envelope(response, expected)
    _require_one_assertion(response)
    is_covered = is_signed(response)
    if is_covered:
        response = covered(response, expected.certificates, expected.now)
    assertion = _assertion(response, expected)
    if is_signed(assertion):
        assertion = covered(assertion, expected.certificates, expected.now)
    elif not is_covered:
        raise refused(Why.NOT_SIGNED)
    return believed(assertion, expected)


def _require_envelope(response: Element, expected: Expected) -> None:
    """Check what surrounds the assertion; where it is not signed this can only refuse."""
    if response.tag != samlp("Response") or response.get("Version") != "2.0":
        raise refused(Why.NOT_A_RESPONSE)
    if response.get("InResponseTo") != expected.request_id:
        raise refused(Why.OTHER_REQUEST)
    destination = response.get("Destination")
    if destination != expected.acs_url and (destination is not None or is_signed(response)):
        raise refused(Why.OTHER_DESTINATION)
    if response.find(saml("Issuer")) is not None and not has_issuer(response, expected.issuer):
        raise refused(Why.OTHER_ISSUER)
    code = only(only(response, samlp("Status")), samlp("StatusCode"))
    if code is None or code.get("Value") != SUCCESS:
        raise refused(Why.NO_SUCCESS)


def _require_one_assertion(response: Element) -> None:
    """Refuse every place where a second, unsigned assertion could hide behind a signed one."""
    found = [*response.iter(saml("Assertion"), saml("EncryptedAssertion"))]
    if len(found) != 1 or found[0].getparent() is not response:
        raise refused(Why.NOT_ONE_ASSERTION)
    if any(each.getparent() not in (response, found[0]) for each in response.iter(ds("Signature"))):
        raise refused(Why.STRAY_SIGNATURE)
    if has_double_ids(response):
        raise refused(Why.DOUBLE_ID)


def _assertion(response: Element, expected: Expected) -> Element:
    plain = response.find(saml("Assertion"))
    if plain is not None:
        return plain
    opened = decrypted(response.find(saml("EncryptedAssertion")), expected.keys)
    is_nested = any(each is not opened for each in opened.iter(saml("Assertion"), saml("EncryptedAssertion")))
    is_stray = any(each.getparent() is not opened for each in opened.iter(ds("Signature")))
    if is_nested or is_stray or has_double_ids(opened):
        raise refused(Why.NOT_OPENED)
    return opened
