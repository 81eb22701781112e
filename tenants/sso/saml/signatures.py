"""What an identity provider's signature covers, and nothing beside it.

An attacker may put a signed element anywhere into a message of their own. So a signature counts
only on the element it is in, only by the certificates we were given, only with the algorithms
below; and what is returned is the signed bytes, read anew, never the message they came in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from tenants.sso.saml.certificates import is_valid_at, loaded
from tenants.sso.saml.documents import only
from tenants.sso.saml.names import ENVELOPED, EXCLUSIVE_C14N, ds
from tenants.sso.saml.refusals import Why, refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cryptography.x509 import Certificate

    from tenants.sso.saml.names import Element

_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_PSS = "http://www.w3.org/2007/05/xmldsig-more#"
METHODS = frozenset(
    {f"{_MORE}{kind}-sha{bits}" for kind in ("rsa", "ecdsa") for bits in (256, 384, 512)}
    | {f"{_PSS}sha{bits}-rsa-MGF1" for bits in (256, 384, 512)}
)
DIGESTS = frozenset(
    {"http://www.w3.org/2001/04/xmlenc#sha256", f"{_MORE}sha384", "http://www.w3.org/2001/04/xmlenc#sha512"}
)
_TRANSFORMS = frozenset({ENVELOPED, EXCLUSIVE_C14N})


def is_signed(element: Element) -> bool:
    """Return whether an element has a signature of its own."""
    return element.find(ds("Signature")) is not None


def covered(element: Element, certificates: Sequence[str], now: datetime) -> Element:
    """Return an element as its own signature covers it.

    Args:
        element: Has a signature as a child.
        certificates: Those of the one who must have signed; an expired one counts no more.
        now: The present.

    Raises:
        Unauthenticated: No certificate confirms the signature, or it is not of the plain kind.
    """
    _require_plain(element)
    living = [each for each in map(loaded, certificates) if is_valid_at(each, now)]
    if not living:
        raise refused(Why.NO_CERTIFICATE)
    content = etree.tostring(element, with_tail=False)
    for certificate in living:
        found = _verified(content, certificate, now)
        if found is not None and found.tag == element.tag and found.get("ID") == element.get("ID"):
            return found
    raise refused(Why.SIGNATURE_WRONG)


def _require_plain(element: Element) -> None:
    signature = only(element, ds("Signature"))
    info = only(signature, ds("SignedInfo"))
    reference = only(info, ds("Reference"))
    if signature is None or reference is None or signature.find(ds("Object")) is not None:
        raise refused(Why.SIGNATURE_NOT_PLAIN)
    if not element.get("ID") or reference.get("URI") != f"#{element.get('ID')}":
        raise refused(Why.SIGNATURE_NOT_PLAIN)
    used = _algorithms(info, "CanonicalizationMethod") | {
        transform.get("Algorithm") for transform in reference.iter(ds("Transform"))
    }
    if not used <= _TRANSFORMS:
        raise refused(Why.TRANSFORM)
    if not (
        _algorithms(info, "SignatureMethod") <= METHODS and _algorithms(reference, "DigestMethod") <= DIGESTS
    ):
        raise refused(Why.ALGORITHM)


def _algorithms(parent: Element, name: str) -> set[str | None]:
    return {each.get("Algorithm") for each in parent.findall(ds(name))} or {None}


def _verified(content: bytes, certificate: Certificate, now: datetime) -> Element | None:
    from signxml.algorithms import DigestAlgorithm, SignatureMethod  # noqa: PLC0415 - start-up time
    from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier  # noqa: PLC0415 - as above

    config = SignatureConfiguration(
        location="./",
        expect_references=1,
        signature_methods=frozenset(map(SignatureMethod, METHODS)),
        digest_algorithms=frozenset(map(DigestAlgorithm, DIGESTS)),
        ignore_ambiguous_key_info=True,  # the key is the certificate's, whatever the message says
        verification_time=now,
    )
    try:
        result = XMLVerifier().verify(content, x509_cert=certificate, id_attribute="ID", expect_config=config)
    except Exception:  # noqa: BLE001 - whatever goes wrong in the check, nothing is confirmed
        return None
    return result.signed_xml if isinstance(result, VerifyResult) else None
