"""What an attacker may send to the address that takes SAML answers: each is refused for its own reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from lxml import etree

from tenants.api import saml_flow
from tests.tenants.factories import NOW
from tests.tenants.sso import xml_signing as xml
from tests.tenants.sso.attacked import TRUSTED, World, refused
from tests.tenants.sso.conftest import HOST, asked, go, trust
from tests.tenants.sso.saml_provider import (
    NS,
    certificate,
    ec_key,
    rsa_key,
    time,
)
from tests.tenants.sso.wrapping import FORGED, WRAPPINGS

LATER, PAST = time(NOW + timedelta(minutes=2)), time(NOW - timedelta(minutes=2))


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ({"issuer": "https://evil.test"}, "other_issuer"),
        ({"response_issuer": "https://evil.test"}, "other_issuer"),
        ({"audience": "https://other.test/sso/saml/metadata"}, "other_audience"),
        ({"recipient": "https://other.test/sso/saml/acs"}, "not_confirmed"),
        ({"destination": "https://other.test/sso/saml/acs"}, "other_destination"),
        ({"in_response_to": "_another"}, "other_request"),
        ({"confirms": "_another"}, "not_confirmed"),
        ({"method": "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"}, "not_confirmed"),
        ({"not_before": LATER}, "not_yet_valid"),
        ({"not_on_or_after": PAST}, "no_longer_valid"),
        ({"confirmed_until": PAST}, "no_longer_valid"),
        ({"confirmed_until": "9999-12-31T23:59:59Z"}, "lives_too_long"),
        ({"confirmed_until": "tomorrow"}, "not_confirmed"),
        ({"not_on_or_after": "2026-13-45T00:00:00Z"}, "time_not_readable"),
        ({"issued": LATER}, "assertion_version"),
        ({"version": "1.1"}, "not_a_response"),
        ({"status": "urn:oasis:names:tc:SAML:2.0:status:Responder"}, "no_success"),
        ({"format": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"}, "transient_name"),
        ({"name": 'SPNameQualifier="https://other.test"'}, "qualified_name"),
        ({"condition": '<saml:Condition Not="known"/>'}, "conditions"),
        ({"format": "urn:" + "x" * 200}, "no_name"),
        ({"format": "urn:é"}, "no_name"),
        ({"assertion_id": "_" + "x" * 500}, "no_id"),
        ({"session": f'SessionNotOnOrAfter="{PAST}"'}, "session_over"),
    ],
    ids=str,
)
def test_an_answer_for_another_party_time_or_request_signs_nobody_in(
    world: World, says: dict[str, str], reason: str
) -> None:
    world.idp.says = says
    assert refused(go(world.callers.client(HOST))) == reason


def test_a_subject_without_a_name_signs_nobody_in(world: World) -> None:
    for subject in ("", " ada", "<b>ada</b>", "a" * 257):
        world.idp.person = {"subject": subject, "email": "ada@acme.test"}
        assert refused(go(world.callers.client(HOST))) == "no_name"


def test_an_assertion_without_an_id_is_refused_also_where_the_answer_is_signed(world: World) -> None:
    world.idp.signs = ("response",)
    world.idp.before_signing = lambda assertion: assertion.attrib.pop("ID")
    assert refused(go(world.callers.client(HOST))) == "no_id"


def test_an_assertion_about_nobody_who_signed_in_is_refused(world: World) -> None:
    world.idp.before_signing = lambda assertion: assertion.remove(assertion.find("saml:AuthnStatement", NS))
    assert refused(go(world.callers.client(HOST))) == "no_statement"


def test_an_answer_that_nobody_signed_is_refused(world: World) -> None:
    world.idp.signs = ()
    assert refused(go(world.callers.client(HOST))) == "not_signed"


@pytest.mark.parametrize("signs", ["assertion", "response"])
def test_an_answer_signed_by_another_key_is_refused(world: World, signs: str) -> None:
    world.idp.key, world.idp.signs = rsa_key(2), (signs,)
    assert refused(go(world.callers.client(HOST))) == "signature_wrong"


def test_a_certificate_that_an_answer_brings_along_counts_for_nothing(world: World) -> None:
    def bring(response: Any) -> bytes:
        body = "".join(certificate(rsa_key(2)).split("-----")[2].split())
        (signature,) = response.iter(f"{{{xml.DS}}}Signature")
        signature.append(etree.fromstring(_KEY_INFO.format(body)))
        return etree.tostring(response)

    world.idp.key, world.idp.finish = rsa_key(2), bring
    assert refused(go(world.callers.client(HOST))) == "signature_wrong"


_KEY_INFO = (
    f'<ds:KeyInfo xmlns:ds="{xml.DS}"><ds:X509Data>'
    "<ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
)


@pytest.mark.parametrize("signs", ["assertion", "response"])
def test_an_answer_that_was_changed_after_it_was_signed_is_refused(world: World, signs: str) -> None:
    world.idp.signs = (signs,)
    world.idp.finish = lambda response: etree.tostring(response).replace(b"subject-1", FORGED.encode())
    assert refused(go(world.callers.client(HOST))) == "signature_wrong"


def test_a_good_assertion_in_an_answer_whose_own_signature_is_wrong_is_refused(world: World) -> None:
    def forge(response: Any) -> bytes:
        xml.signed(response, rsa_key(2))
        return etree.tostring(response)

    world.idp.finish = forge
    assert refused(go(world.callers.client(HOST))) == "signature_wrong"


@pytest.mark.parametrize(
    ("algorithms", "reason"),
    [
        ({"method": xml.RSA_SHA1}, "algorithm"),
        ({"digest": xml.SHA1}, "algorithm"),
        ({"transform": "http://www.w3.org/TR/1999/REC-xpath-19991116"}, "transform"),
        ({"transform": "http://www.w3.org/TR/1999/REC-xslt-19991116"}, "transform"),
        ({"transform": f"{xml.EXCLUSIVE}WithComments"}, "transform"),
    ],
    ids=str,
)
def test_weak_algorithms_and_transforms_are_refused_even_by_the_right_key(
    world: World, algorithms: dict[str, str], reason: str
) -> None:
    world.idp.algorithms = algorithms
    assert refused(go(world.callers.client(HOST))) == reason


def test_the_published_certificate_as_a_shared_secret_signs_nothing(world: World) -> None:
    world.idp.key, world.idp.algorithms = TRUSTED.encode(), {"method": xml.HMAC_SHA256}
    assert refused(go(world.callers.client(HOST))) == "algorithm"


def test_a_signature_of_another_kind_of_key_than_the_certificates_is_refused(world: World) -> None:
    world.idp.key, world.idp.algorithms = ec_key(), {"method": xml.ECDSA_SHA256}
    assert refused(go(world.callers.client(HOST))) == "signature_wrong"


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_a_forged_assertion_wrapped_with_a_signed_one_signs_nobody_in(world: World, wrapping: str) -> None:
    signs, wrap = WRAPPINGS[wrapping]
    world.idp.signs = (signs,)
    world.idp.finish = lambda response: etree.tostring(wrap(response))
    assert refused(go(world.callers.client(HOST))) in {
        "not_one_assertion",
        "stray_signature",
        "signature_not_plain",
        "double_id",
    }


def test_a_signature_that_refers_to_the_whole_document_or_elsewhere_is_refused(world: World) -> None:
    for uri in (b"", b"#_evil", b"http://127.0.0.1/x", b"#xpointer(/)"):
        world.idp.finish = lambda response, uri=uri: etree.tostring(response).replace(  # type: ignore[misc]
            b'URI="#' + response.find("saml:Assertion", NS).get("ID").encode(), b'URI="' + uri
        )
        assert refused(go(world.callers.client(HOST))) == "signature_not_plain"


@pytest.mark.parametrize(
    "inserted", [b"<!-- -->", b"<![CDATA[]]>", b"<?x y?>"], ids=["comment", "CDATA", "instruction"]
)
def test_what_would_cut_a_signed_name_short_is_refused(world: World, inserted: bytes) -> None:
    world.idp.person["subject"] = "owner@acme.test.evil.test"
    world.idp.finish = lambda response: etree.tostring(response).replace(
        b"owner@acme.test.evil", b"owner@acme.test" + inserted + b".evil"
    )
    assert refused(go(world.callers.client(HOST))) == "not_readable"


def test_an_answer_counts_only_in_the_browser_that_asked(world: World) -> None:
    form = asked(world.callers.client(HOST))
    assert refused(world.callers.client(HOST).post("/sso/saml/acs", data=form)) == "not_asked_for"
    other = world.callers.client(HOST)
    own = asked(other)
    assert refused(other.post("/sso/saml/acs", data=form)) == "not_asked_for"
    mixed = {**form, "RelayState": own["RelayState"]}
    assert refused(other.post("/sso/saml/acs", data=mixed)) == "other_request"
    assert refused(other.post("/sso/saml/acs", data={**own, "RelayState": ""})) == "not_asked_for"


def test_a_cookie_that_we_did_not_sign_counts_for_nothing(world: World) -> None:
    client = world.callers.client(HOST)
    form = asked(client)
    client.cookies["loki_saml"] = client.cookies["loki_saml"][:-4] + "AAAA"
    assert refused(client.post("/sso/saml/acs", data=form)) == "not_asked_for"


def test_an_answer_for_one_tenant_counts_nowhere_else(world: World) -> None:
    other = world.callers.tenant("Other", plan="enterprise")
    honest = world.idp.trusts
    trust(world.callers.deps.control, other, world.idp, TRUSTED)
    theirs, world.idp.trusts = world.callers.client("other.localhost"), honest
    client = world.callers.client(HOST)
    form = asked(client)
    theirs.cookies.update(client.cookies)
    assert refused(theirs.post("/sso/saml/acs", data=form)) == "not_asked_for"
    assert world.callers.deps.control.users.of(other.tenant_id) == []


def test_an_encrypted_assertion_that_nobody_signed_is_refused(world: World) -> None:
    (own,) = world.callers.deps.control.saml.keys.of(world.tenant.tenant_id)
    world.idp.signs = ()
    world.idp.wrap = lambda assertion: xml.encrypted(assertion, own.private.public_key())
    assert refused(go(world.callers.client(HOST))) == "not_signed"


def test_what_is_encrypted_by_a_mode_that_leaks_or_for_another_is_refused_alike(world: World) -> None:
    (own,) = world.callers.deps.control.saml.keys.of(world.tenant.tenant_id)
    cbc = f"{xml.XENC}aes256-cbc"
    for key, content in (
        (own.private.public_key(), cbc),
        (rsa_key(2).public_key(), f"{xml.XENC11}aes256-gcm"),
    ):
        world.idp.wrap = lambda assertion, key=key, content=content: xml.encrypted(assertion, key, content)  # type: ignore[misc]
        assert refused(go(world.callers.client(HOST))) == "not_opened"


def test_an_owner_finds_refused_answers_in_the_audit_trail_and_a_flood_does_not_fill_it(world: World) -> None:
    flooded, honest = world.callers.tenant("Flooded", plan="enterprise"), world.idp.trusts
    trust(world.callers.deps.control, flooded, world.idp, TRUSTED)
    world.idp.trusts = honest
    for _ in range(15):
        world.callers.client("flooded.localhost").post("/sso/saml/acs", data={"SAMLResponse": "%"})
    owner = world.callers.person(flooded, "owner", host="flooded.localhost")
    told = owner.get("/v1/audit?action=sso_refused").json()
    assert [entry["detail"] for entry in told] == [{"method": "saml", "reason": "not_readable"}] * 10


def test_a_place_that_sends_answers_without_end_is_made_to_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saml_flow, "_ANSWERS_A_MINUTE", 1)
    answers = [world.callers.client(HOST).post("/sso/saml/acs", data={"SAMLResponse": "%"}) for _ in range(2)]
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (429, "sign_in_limited")
    assert int(answers[-1].headers["retry-after"]) > 0
