"""Signature wrapping: eight ways to put an assertion of one's own beside, around or into a signed one."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from lxml import etree

from tests.tenants.sso.saml_provider import NS, SAML, SAMLP

if TYPE_CHECKING:
    from collections.abc import Callable

FORGED = "subject-of-the-owner"
_DS = NS["ds"]


def _forged(element: Any) -> Any:
    """Return a copy that names another subject, under an id of its own, without a signature."""
    evil = deepcopy(element)
    for signature in evil.findall(".//ds:Signature", NS):
        signature.getparent().remove(signature)
    evil.set("ID", "_evil")
    evil.find(".//saml:NameID", NS).text = FORGED
    return evil


def _response_inside_signature(response: Any) -> Any:
    evil, original = _forged(response), deepcopy(response)
    evil.find("saml:Assertion", NS).set("ID", "_evil2")
    signature = original.find("ds:Signature", NS)
    evil.insert(1, signature)
    signature.append(original)
    return evil


def _response_before_signature(response: Any) -> Any:
    evil, original = _forged(response), deepcopy(response)
    evil.find("saml:Assertion", NS).set("ID", "_evil2")
    signature = original.find("ds:Signature", NS)
    evil.insert(1, original)
    evil.insert(2, signature)
    return evil


def _beside(response: Any) -> Any:
    response.insert(1, _forged(response.find("saml:Assertion", NS)))
    return response


def _around(response: Any) -> Any:
    signed = response.find("saml:Assertion", NS)
    evil = _forged(signed)
    response.replace(signed, evil)
    evil.append(signed)
    return response


def _signature_moved(response: Any) -> Any:
    signed = response.find("saml:Assertion", NS)
    evil = _forged(signed)
    evil.insert(1, signed.find("ds:Signature", NS))
    response.insert(2, evil)
    return response


def _inside_moved_signature(response: Any) -> Any:
    signed = response.find("saml:Assertion", NS)
    evil = _forged(signed)
    signature = signed.find("ds:Signature", NS)
    response.replace(signed, evil)
    evil.insert(1, signature)
    signature.append(signed)
    return response


def _in_extensions(response: Any) -> Any:
    extensions = etree.Element(f"{{{SAMLP}}}Extensions")
    extensions.append(_forged(response.find("saml:Assertion", NS)))
    response.insert(1, extensions)
    return response


def _in_object(response: Any) -> Any:
    signed = response.find("saml:Assertion", NS)
    evil = _forged(signed)
    signature = signed.find("ds:Signature", NS)
    response.replace(signed, evil)
    evil.insert(1, signature)
    etree.SubElement(signature, f"{{{_DS}}}Object").append(signed)
    return response


def _same_id(response: Any) -> Any:
    evil = _forged(response.find("saml:Assertion", NS))
    evil.set("ID", response.find("saml:Assertion", NS).get("ID"))
    wrapper = etree.Element(f"{{{SAML}}}Advice")
    wrapper.append(response.find("saml:Assertion", NS))
    evil.append(wrapper)
    response.append(evil)
    return response


WRAPPINGS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "the signed response inside its signature, within a forged one": ("response", _response_inside_signature),
    "the signed response before its signature, within a forged one": ("response", _response_before_signature),
    "a forged assertion before the signed one": ("assertion", _beside),
    "a forged assertion around the signed one": ("assertion", _around),
    "the signature moved into a forged assertion": ("assertion", _signature_moved),
    "the signed assertion inside the moved signature": ("assertion", _inside_moved_signature),
    "a forged assertion in the extensions": ("assertion", _in_extensions),
    "the signed assertion in an object of the moved signature": ("assertion", _in_object),
    "a forged assertion with the signed one's id": ("assertion", _same_id),
}
