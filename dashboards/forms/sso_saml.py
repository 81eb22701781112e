"""Sign-in through SAML: what the provider has to know, and its metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import elements, numbers
from dashboards.forms import sso
from tenants.errors import InvalidInput
from tenants.people.roles import DEFAULT_ROLE
from tenants.sso.saml.certificates import described
from tenants.sso.saml.connections import Mapping
from tenants.sso.saml.documents import MOST_BYTES
from tenants.sso.saml.service import ACS_PATH, METADATA_PATH, metadata, service_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.context import Context
    from dashboards.forms.sso import Place
    from tenants.audit.records import Actor
    from tenants.sso.saml.connections import SamlConnection
    from tenants.sso.saml.service import ServiceProvider

_KIND = "saml"
_MEDIA_TYPE = "application/samlmetadata+xml"


def show(context: Context) -> None:
    """Show both sides and the form."""
    at, control, tenant_id = sso.place(context), context.live.control, elements.own_tenant(context)
    service = service_of(control, at.hosts, tenant_id, at.scheme, at.port, at.here)
    connection = control.saml.find(tenant_id)
    with st.container(border=True):
        _ours(context, service)
    if connection is not None:
        with st.container(border=True):
            _theirs(context, at, service, connection)
    _form(context, tenant_id, connection)


def _ours(context: Context, service: ServiceProvider) -> None:
    st.subheader("Enter at your provider", anchor=False)
    sso.copied("Entity id", [service.entity_id])
    sso.copied("ACS URL", service.acs_urls)
    sso.copied("Metadata address", [service.acs_urls[0].removesuffix(ACS_PATH) + METADATA_PATH])
    invites = st.toggle(
        "Ask for encrypted assertions",
        key="saml-encryption",
        help="For providers that encrypt by AES-GCM; leave it off for AD FS and Entra.",
    )
    content = metadata(service, invites_encryption=invites)
    st.download_button("Download metadata", content, "loki-metadata.xml", _MEDIA_TYPE, key="saml-metadata")
    st.caption("Have it send a persistent NameID and an e-mail address as an attribute, signed by SHA-256.")
    _keys(context, [key.certificate for key in service.keys])


def _keys(context: Context, certificates: Sequence[str]) -> None:
    ends = ", ".join(numbers.day(described(pem).expires_at.date()) for pem in certificates)
    keys, tenant_id = context.live.control.saml.keys, elements.own_tenant(context)
    with st.expander(f"Our certificate · until {ends}"):
        if len(certificates) == 1:
            st.markdown(
                "To change it, add a second one, give the provider our metadata again, retire the first."
            )
            if st.button("Add a second certificate", key="saml-rotate"):
                sentence = "There are two; give the provider our metadata, then retire the older one."
                sso.change(context, sentence, lambda by: keys.add(tenant_id, by))
        elif st.button("Retire the older certificate", key="saml-retire"):
            sso.change(context, "The newer certificate signs.", lambda by: keys.retire(tenant_id, by))


def _theirs(context: Context, at: Place, service: ServiceProvider, connection: SamlConnection) -> None:
    st.subheader("Your provider", anchor=False)
    ends = ", ".join(numbers.day(described(pem).expires_at.date()) for pem in connection.certificates)
    st.markdown(
        f":gray[Entity id] {elements.plain(connection.entity_id)}  \n"
        f":gray[Sign-on address] {elements.plain(connection.sso_url)}  \n"
        f":gray[Certificates until] {ends}  \n"
        f":gray[New people become] {connection.default_role}  \n"
        f":gray[Saved] {numbers.moment(connection.updated_at)}"
    )
    sso.standing(context, _KIND, context.live.control.saml, connection)
    sso.tried(context, _KIND, lambda: context.live.control.saml.tried(connection.tenant_id, service))
    if connection.is_enabled:
        sso.linked(at, "/sso/saml/link")


def _form(context: Context, tenant_id: str, present: SamlConnection | None) -> None:
    number = sso.saves(_KIND)
    with st.form("saml"):
        st.subheader("Change it" if present else "Connect a provider", anchor=False)
        file = st.file_uploader(
            "Its metadata, as a file", ["xml"], key=f"saml-file-{number}", max_upload_size=1
        )
        text = st.text_area(
            "or pasted",
            key=f"saml-text-{number}",
            max_chars=MOST_BYTES,
            placeholder="Left empty, the present one is kept" if present else "<EntityDescriptor …",
        )
        entity_id = st.text_input("Entity id, where the metadata has several", key=f"saml-entity-{number}")
        mapping = _mapping(present, number)
        is_asked = st.form_submit_button("Save", type="primary", key="saml-save")
    if is_asked:
        content = _given(file.getvalue() if file else b"", text)
        sso.save(context, _KIND, lambda by: _put(context, tenant_id, content, entity_id.strip(), mapping, by))


def _mapping(present: SamlConnection | None, number: int) -> Mapping:
    role = st.selectbox(
        "Who comes for the first time becomes",
        sso.ROLES,
        sso.ROLES.index(present.default_role if present else DEFAULT_ROLE),
        key=f"saml-role-{number}",
    )
    left, right = st.columns(2)
    email = left.text_input(
        "Attribute with the e-mail address",
        (present and present.email_attribute) or "",
        placeholder="The usual names",
        max_chars=500,
        key=f"saml-email-{number}",
    )
    name = right.text_input(
        "Attribute with the name",
        (present and present.name_attribute) or "",
        placeholder="The usual names",
        max_chars=500,
        key=f"saml-name-{number}",
    )
    return Mapping(
        default_role=str(role), email_attribute=email.strip() or None, name_attribute=name.strip() or None
    )


def _given(file: bytes, text: str) -> list[bytes]:
    return [content for content in (file, text.strip().encode()) if content]


def _put(
    context: Context, tenant_id: str, given: list[bytes], entity_id: str, mapping: Mapping, by: Actor
) -> None:
    saml = context.live.control.saml
    present = saml.find(tenant_id)
    if len(given) == 1:
        provider = saml.provider_from(given[0], entity_id or None)
    elif present is not None and not given:
        provider = saml.provider(present.entity_id, present.sso_url, present.certificates)
    else:
        message = "Give the provider's metadata once: as a file, or pasted."
        raise InvalidInput(message, "metadata_missing")
    saml.put(tenant_id, provider, mapping, by)
