"""What an owner sets up for SAML, and what they are told when it cannot be so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

from tenants.domains.dns_proof import DnsProof
from tests.tenants.factories import BY, NOW
from tests.tenants.sso.conftest import HOST, asked, go
from tests.tenants.sso.saml_provider import SamlProvider, certificate, ec_key, rsa_key

if TYPE_CHECKING:
    from tenants.tenancy import Tenant
    from tests.tenants.api.conftest import Callers
    from tests.tenants.api.serving import Client

MD = {"md": "urn:oasis:names:tc:SAML:2.0:metadata", "ds": "http://www.w3.org/2000/09/xmldsig#"}
PEM = certificate(rsa_key())
FIVE = [certificate(rsa_key(), NOW + timedelta(days=number)) for number in range(1, 6)]
GOOD = {"entity_id": "https://idp.test/md", "sso_url": "https://idp.test/sso", "certificates": [PEM]}


@pytest.fixture
def tenant(callers: Callers) -> Tenant:
    return callers.tenant("Acme", plan="enterprise")


@pytest.fixture
def owner(callers: Callers, tenant: Tenant) -> Client:
    return callers.person(tenant, "owner", host=HOST)


def _upload(owner: Client, text: str | bytes, **fields: str) -> Any:
    return owner.put("/v1/sso/saml/metadata", files={"file": ("metadata.xml", text)}, data=fields)


def test_our_metadata_tells_a_provider_all_it_needs_also_before_there_is_one(
    callers: Callers, owner: Client
) -> None:
    told = owner.get("/v1/sso/saml").json()
    answer = callers.client(HOST).get("/sso/saml/metadata")
    assert answer.headers["content-type"] == "application/samlmetadata+xml"
    assert told["identity_provider"] is None
    assert answer.content == callers.client(HOST).get("/sso/saml/metadata").content
    root = etree.fromstring(answer.content)
    assert (
        root.get("entityID") == told["service_provider"]["entity_id"] == f"https://{HOST}/sso/saml/metadata"
    )
    role = root.find("md:SPSSODescriptor", MD)
    assert (role.get("AuthnRequestsSigned"), role.get("WantAssertionsSigned")) == ("true", "true")
    assert [key.get("use") for key in role.findall("md:KeyDescriptor", MD)] == ["signing"]
    (acs,) = role.findall("md:AssertionConsumerService", MD)
    assert [acs.get("Location")] == told["service_provider"]["acs_urls"] == [f"http://{HOST}/sso/saml/acs"]


def test_our_metadata_asks_for_encryption_only_where_that_is_wanted(callers: Callers, tenant: Tenant) -> None:
    answer = callers.client(f"{tenant.slug}.localhost").get("/sso/saml/metadata?encryption=true")
    role = etree.fromstring(answer.content).find("md:SPSSODescriptor", MD)
    assert [key.get("use") for key in role.findall("md:KeyDescriptor", MD)] == ["signing", "encryption"]
    named = [each.get("Algorithm") for each in role.iter(f"{{{MD['md']}}}EncryptionMethod")]
    assert any("gcm" in each for each in named)
    assert not any("cbc" in each for each in named)


def test_a_provider_is_trusted_by_its_metadata_and_people_come_by_it(
    callers: Callers, tenant: Tenant, owner: Client, idp: SamlProvider
) -> None:
    answer = _upload(owner, idp.metadata(PEM, certificate(ec_key())), default_role="manager")
    assert answer.status_code == 200, answer.text
    told = answer.json()["identity_provider"]
    assert (told["entity_id"], told["sso_url"], told["default_role"]) == (
        idp.entity_id,
        idp.sso_url,
        "manager",
    )
    assert len(told["certificates"]) == 2
    assert told["certificates"][0]["subject"] == "CN=idp.test"
    idp.trusts = callers.deps.control.saml.keys.of(tenant.tenant_id)[0].certificate
    client = callers.client(HOST)
    go(client)
    assert client.get("/v1/session").json()["role"] == "manager"


def test_one_of_several_providers_is_chosen_by_its_entity_id(owner: Client, idp: SamlProvider) -> None:
    other = SamlProvider()
    other.address = "http://127.0.0.1:1"
    both = "".join(each.metadata().partition("-->")[2] for each in (idp, other))
    many = f'<md:EntitiesDescriptor xmlns:md="{MD["md"]}">{both}</md:EntitiesDescriptor>'
    assert "2 identity providers" in _upload(owner, many).json()["detail"]
    assert "no identity provider of that entity id" in _upload(owner, many, entity_id="x").json()["detail"]
    chosen = _upload(owner, many, entity_id=other.entity_id).json()["identity_provider"]
    assert chosen["sso_url"] == other.sso_url


@pytest.mark.parametrize(
    ("old", "new", "code", "told"),
    [
        ("bindings:HTTP-Redirect", "bindings:SOAP", "invalid_metadata", "Redirect"),
        ("SAML:2.0:protocol", "SAML:1.1:protocol", "invalid_metadata", "SAML 2.0"),
        ('use="signing"', 'use="encryption"', "invalid_certificate", "not 0"),
        ("X509Certificate>", "X509CRL>", "invalid_certificate", "not 0"),
        ("entityID=", 'validUntil="2026-11-01T00:00:00Z" entityID=', "invalid_metadata", "out of date"),
        ("entityID=", 'validUntil="soon" entityID=', "invalid_metadata", "out of date"),
        ("http://127.0.0.1", "http://idp.test", "invalid_sso_url", "https"),
        ("<md:EntityDescriptor", "<!DOCTYPE a []><md:EntityDescriptor", "xml_not_plain", "DTD"),
        ("<!-- made for a test -->", "<?x y?>", "xml_not_plain", "instruction"),
        ("</md:EntityDescriptor>", "", "xml_unreadable", "cannot be read"),
        ("</md:EntityDescriptor>", "</md:EntityDescriptor>" + " " * 500_000, "xml_too_large", "500 kB"),
    ],
)
def test_metadata_that_cannot_be_used_is_refused_with_the_reason_and_changes_nothing(
    owner: Client, idp: SamlProvider, old: str, new: str, code: str, told: str
) -> None:
    assert old in idp.metadata()
    _refused(owner, idp.metadata().replace(old, new), code, told)


def test_what_is_no_metadata_at_all_is_refused(callers: Callers, owner: Client, idp: SamlProvider) -> None:
    _refused(owner, "", "xml_unreadable", "cannot be read")
    _refused(owner, "{}", "xml_unreadable", "line 1")
    _refused(owner, idp.metadata().encode("utf-16"), "xml_not_utf8", "UTF-8")
    _refused(owner, "<a/>", "invalid_metadata", "no identity provider")
    ours = callers.client(HOST).get("/sso/saml/metadata").text
    _refused(owner, ours, "invalid_metadata", "no identity provider")


def _refused(owner: Client, text: str | bytes, code: str, told: str) -> None:
    answer = _upload(owner, text)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert told in answer.json()["detail"]
    assert owner.get("/v1/sso/saml").json()["identity_provider"] is None


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"certificates": []}, "invalid_certificate"),
    ({"certificates": ["MIID"]}, "invalid_certificate"),
    ({"certificates": [PEM + PEM]}, "invalid_certificate"),
    ({"certificates": [certificate(rsa_key(), NOW - timedelta(days=1))]}, "invalid_certificate"),
    ({"certificates": [certificate(rsa_key(3, 1024))]}, "invalid_certificate"),
    (
        {"certificates": [certificate(rsa_key(), NOW + timedelta(days=n)) for n in range(1, 6)]},
        "invalid_certificate",
    ),
    ({"sso_url": "http://idp.test/sso"}, "invalid_sso_url"),
    ({"sso_url": "https://user:word@idp.test/sso"}, "invalid_sso_url"),
    ({"sso_url": "https://idp.test/sso#x"}, "invalid_sso_url"),
    ({"sso_url": "javascript:alert(1)"}, "invalid_sso_url"),
    ({"sso_url": "https://idp.test:99999/"}, "invalid_sso_url"),
    ({"entity_id": "with space"}, "invalid_entity_id"),
    ({"entity_id": "https://é.test/"}, "invalid_entity_id"),
    ({"default_role": "owner"}, "invalid_default_role"),
    ({"email_attribute": "a\tb"}, "invalid_text"),
]


def test_a_field_that_cannot_be_used_is_refused_and_changes_nothing(owner: Client) -> None:
    assert owner.put("/v1/sso/saml", json=GOOD).status_code == 200
    before = owner.get("/v1/sso/saml").json()
    for change, code in WRONG:
        answer = owner.put("/v1/sso/saml", json={**GOOD, **change})
        assert (answer.status_code, answer.json()["code"]) == (422, code), change
        assert owner.get("/v1/sso/saml").json() == before


def test_a_certificate_is_taken_as_pem_and_as_metadata_has_it_and_once(owner: Client) -> None:
    bare = "".join(PEM.split("-----")[2].split())
    told = owner.put("/v1/sso/saml", json={**GOOD, "certificates": [PEM, bare]}).json()
    assert len(told["identity_provider"]["certificates"]) == 1


def test_a_provider_that_is_trusted_no_more_lets_nobody_in(callers: Callers, saml_tenant: Tenant) -> None:
    owner = callers.person(saml_tenant, "owner", host=HOST)
    assert owner.delete("/v1/sso/saml").status_code == 204
    assert callers.client(HOST).get("/sso/saml/start").json()["code"] == "saml_not_connected"
    assert "company" not in callers.client(HOST).get("/sign-in").text
    told = [entry["action"] for entry in owner.get("/v1/audit").json()]
    assert {"saml_connected", "saml_disconnected", "saml_key_added"} <= set(told)


def test_a_provider_that_is_switched_off_lets_nobody_in_until_it_is_on_again(
    callers: Callers, saml_tenant: Tenant
) -> None:
    owner, client = callers.person(saml_tenant, "owner", host=HOST), callers.client(HOST)
    form = asked(client)
    told = owner.patch("/v1/sso/saml", json={"is_enabled": False}).json()
    assert told["identity_provider"]["is_enabled"] is False
    assert client.post("/sso/saml/acs", data=form).status_code == 404
    assert client.get("/sso/saml/start").json()["code"] == "saml_not_connected"
    assert "company" not in client.get("/sign-in").text
    owner.patch("/v1/sso/saml", json={"is_enabled": True})
    go(client)
    assert client.get("/v1/session").json()["role"] == "viewer"


def test_a_provider_is_tried_by_its_certificates_and_a_signed_request(
    callers: Callers, saml_tenant: Tenant, idp: SamlProvider
) -> None:
    owner = callers.person(saml_tenant, "owner", host=HOST)
    found = owner.post("/v1/sso/saml/test").json()
    assert [each["is_fine"] for each in found] == [True, True]
    assert len(idp.requests) == 1
    gone = {**GOOD, "sso_url": "http://127.0.0.1:1/sso"}
    assert owner.put("/v1/sso/saml", json=gone).status_code == 200
    assert [each["is_fine"] for each in owner.post("/v1/sso/saml/test").json()] == [True, None]
    owner.delete("/v1/sso/saml")
    assert owner.post("/v1/sso/saml/test").json()["code"] == "saml_not_connected"
    assert owner.patch("/v1/sso/saml", json={"is_enabled": True}).status_code == 404


def test_an_admin_may_not_touch_it(callers: Callers, tenant: Tenant) -> None:
    admin = callers.person(tenant, "admin", host=HOST)
    assert admin.put("/v1/sso/saml", json=GOOD).json()["code"] == "permission_missing"
    assert admin.get("/v1/sso/saml").json()["code"] == "permission_missing"


def test_our_private_keys_are_kept_sealed_and_never_shown(
    callers: Callers, tenant: Tenant, owner: Client
) -> None:
    (own,) = callers.deps.control.saml.keys.of(tenant.tenant_id)
    der = own.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    assert "PRIVATE" not in owner.get("/v1/sso/saml").text
    state = callers.deps.settings.state()
    callers.deps.close()
    assert all(der[40:100] not in path.read_bytes() for path in state.rglob("*") if path.is_file())


def test_every_address_of_the_tenant_is_in_its_metadata(
    callers: Callers, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = callers.deps.control
    claimed = control.domains.claim(tenant.tenant_id, "checks.acme.test", BY)
    monkeypatch.setattr(DnsProof, "holds", lambda *_: True)
    control.domains.verify(tenant.tenant_id, claimed.domain, BY)
    for host in (HOST, "checks.acme.test"):
        root = etree.fromstring(callers.client(host).get("/sso/saml/metadata").content)
        found = [each.get("Location") for each in root.iter(f"{{{MD['md']}}}AssertionConsumerService")]
        assert found[0] == f"http://{host}/sso/saml/acs"
        assert len(found) == 2
        assert root.get("entityID") == f"https://{HOST}/sso/saml/metadata"
