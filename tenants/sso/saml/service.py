"""Ourselves as a tenant's identity provider sees us: the metadata of one service provider a tenant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from tenants.sso.addresses import base_host, origins
from tenants.sso.saml import names
from tenants.sso.saml.certificates import body_of
from tenants.sso.saml.decryption import CONTENT_ALGORITHMS, KEY_ALGORITHMS
from tenants.sso.saml.names import ds, md

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenants.access.hosts import Hosts
    from tenants.control import ControlPlane
    from tenants.sso.saml.keys import OwnKey
    from tenants.sso.saml.names import Element

METADATA_PATH, ACS_PATH = "/sso/saml/metadata", "/sso/saml/acs"
_NAMESPACES = {"md": names.METADATA, "ds": names.SIGNATURE}


@dataclass(frozen=True, slots=True)
class ServiceProvider:
    """One tenant's side of the trust.

    Attributes:
        entity_id: Our name, the same at whatever host it is asked for.
        acs_urls: Where answers come to, one for each host of the tenant, the present one first.
        keys: Ours, oldest first.
    """

    entity_id: str
    acs_urls: Sequence[str]
    keys: Sequence[OwnKey]


def service_of(
    control: ControlPlane, hosts: Hosts, tenant_id: str, scheme: str, port: str, here: str | None = None
) -> ServiceProvider:
    """Return ourselves at all hosts of a tenant, each with an address of its own for answers.

    Args:
        control: Where the tenant and its domains are known.
        hosts: Tells which names are the tenant's.
        tenant_id: Whose provider knows us.
        scheme: How the platform is reached from outside.
        port: Where, with its colon; empty for the scheme's own.
        here: The host, with its port, to name first where it is the tenant's.
    """
    found = origins(control, hosts, tenant_id, scheme, port, here)
    addresses = [f"{origin}{ACS_PATH}" for origin in found]
    entity_id = f"https://{base_host(control, tenant_id)}{METADATA_PATH}"
    return ServiceProvider(entity_id, addresses, control.saml.keys.of(tenant_id))


def metadata(service: ServiceProvider, *, invites_encryption: bool = False) -> bytes:
    """Return the document that an identity provider reads.

    Args:
        service: Ourselves.
        invites_encryption: Whether it asks for encrypted assertions. Some providers encrypt for whoever
            publishes a key, and know only AES-CBC, which is refused here; so it does only where wanted.
    """
    entity = etree.Element(md("EntityDescriptor"), nsmap=_NAMESPACES, entityID=service.entity_id)
    role = etree.SubElement(
        entity,
        md("SPSSODescriptor"),
        AuthnRequestsSigned="true",
        WantAssertionsSigned="true",
        protocolSupportEnumeration=names.SAMLP,
    )
    for key in service.keys:
        _add_key(role, key, "signing")
        encryption = _add_key(role, key, "encryption") if invites_encryption else None
        for algorithm in (*KEY_ALGORITHMS, *CONTENT_ALGORITHMS):
            if encryption is not None:
                etree.SubElement(encryption, md("EncryptionMethod"), Algorithm=algorithm)
    for format_name in (names.PERSISTENT, names.EMAIL, names.UNSPECIFIED):
        etree.SubElement(role, md("NameIDFormat")).text = format_name
    for index, address in enumerate(service.acs_urls):
        etree.SubElement(
            role,
            md("AssertionConsumerService"),
            index=str(index),
            isDefault="true" if index == 0 else "false",
            Binding=names.POST,
            Location=address,
        )
    text: bytes = etree.tostring(entity, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return text


def _add_key(role: Element, key: OwnKey, use: str) -> Element:
    descriptor = etree.SubElement(role, md("KeyDescriptor"), use=use)
    data = etree.SubElement(etree.SubElement(descriptor, ds("KeyInfo")), ds("X509Data"))
    etree.SubElement(data, ds("X509Certificate")).text = body_of(key.certificate)
    return descriptor
