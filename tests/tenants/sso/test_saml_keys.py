"""Certificates of the provider and keys of ours, as one takes over from another."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.tenants.factories import CLOCK, NOW
from tests.tenants.sso import xml_signing as xml
from tests.tenants.sso.conftest import HOST, asked, go, trust
from tests.tenants.sso.saml_provider import certificate, ec_key, rsa_key

if TYPE_CHECKING:
    from tenants.tenancy import Tenant
    from tests.tenants.api.conftest import Callers
    from tests.tenants.sso.saml_provider import SamlProvider


def test_two_certificates_count_while_one_takes_over_from_the_other(
    callers: Callers, saml_tenant: Tenant, idp: SamlProvider
) -> None:
    old, new = certificate(rsa_key()), certificate(ec_key())
    trust(callers.deps.control, saml_tenant, idp, old, new)
    assert go(callers.client(HOST)).status_code == 303
    idp.key, idp.algorithms = ec_key(), {"method": xml.ECDSA_SHA256}
    assert go(callers.client(HOST)).status_code == 303
    trust(callers.deps.control, saml_tenant, idp, old)
    assert go(callers.client(HOST)).json()["reason"] == "signature_wrong"


def test_an_expired_certificate_counts_no_more(
    callers: Callers, saml_tenant: Tenant, idp: SamlProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(callers.deps.control, saml_tenant, idp, certificate(idp.key, NOW + timedelta(minutes=1)))
    form_of = callers.client(HOST)
    form = asked(form_of)
    monkeypatch.setattr(type(CLOCK), "now", lambda _: NOW + timedelta(minutes=2))
    assert form_of.post("/sso/saml/acs", data=form).json()["reason"] == "no_certificate"


def test_our_own_key_is_rotated_without_a_gap(
    callers: Callers, saml_tenant: Tenant, idp: SamlProvider
) -> None:
    owner, keys = callers.person(saml_tenant, "owner", host=HOST), callers.deps.control.saml.keys
    (old,) = keys.of(saml_tenant.tenant_id)
    assert len(owner.post("/v1/sso/saml/rotation").json()["service_provider"]["certificates"]) == 2
    assert owner.post("/v1/sso/saml/rotation").json()["code"] == "rotation_under_way"
    _, new = keys.of(saml_tenant.tenant_id)
    for number, key in enumerate((old, new)):
        idp.person["subject"] = f"for-{number}"
        idp.person["email"] = f"{number}@acme.test"
        idp.wrap = lambda assertion, key=key: xml.encrypted(assertion, key.private.public_key())  # type: ignore[misc]
        assert go(callers.client(HOST)).status_code == 303
    assert owner.delete("/v1/sso/saml/rotation").status_code == 200
    assert owner.delete("/v1/sso/saml/rotation").json()["code"] == "no_rotation"
    idp.trusts = new.certificate
    assert go(callers.client(HOST)).status_code == 303
    idp.wrap = lambda assertion: xml.encrypted(assertion, old.private.public_key())
    assert go(callers.client(HOST)).json()["reason"] == "not_opened"


@pytest.mark.usefixtures("saml_tenant")
def test_an_encrypted_assertion_is_opened_also_where_only_the_answer_is_signed(
    callers: Callers, saml_tenant: Tenant, idp: SamlProvider
) -> None:
    (own,) = callers.deps.control.saml.keys.of(saml_tenant.tenant_id)
    idp.signs = ("response",)
    idp.wrap = lambda assertion: xml.encrypted(assertion, own.private.public_key())
    assert go(callers.client(HOST)).status_code == 303
