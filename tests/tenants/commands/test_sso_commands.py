"""Single sign-on by command: providers, enforcement, our own metadata."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.tenants.sso.provider import CLIENT, SECRET, providing
from tests.tenants.sso.saml_provider import SamlProvider, certificate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    Run = Callable[..., tuple[int, str, str]]


def test_identity_providers_are_trusted_shown_and_removed(run: Run, tmp_path: Path) -> None:
    run("tenants", "create", "Acme", "--plan", "enterprise")
    idp = SamlProvider()
    idp.address = "http://127.0.0.1:9"
    (tmp_path / "idp.xml").write_text(idp.metadata())
    (tmp_path / "idp.pem").write_text(certificate(idp.key))
    openid = ("sso", "oidc", "acme", "--issuer", "https://login.test", "--client-id", "loki")
    assert run(*openid, typed="secret\n")[0] == 0
    assert run("sso", "saml", "acme", "--metadata", str(tmp_path / "idp.xml"), "--role", "viewer")[0] == 0
    told = json.loads(run("sso", "show", "acme", "--format", "json")[1])
    assert [(row["protocol"], row["issuer"]) for row in told] == [
        ("oidc", "https://login.test"),
        ("saml", idp.entity_id),
    ]
    fields = (
        "--entity-id",
        "other",
        "--sso-url",
        "https://idp.test/",
        "--certificate",
        str(tmp_path / "idp.pem"),
    )
    assert run("sso", "saml", "acme", *fields)[0] == 0
    for protocol in ("oidc", "saml"):
        assert run("sso", "remove", "acme", protocol)[0] == 0
    assert json.loads(run("sso", "show", "acme", "--format", "json")[1]) == []


def test_single_sign_on_is_tried_enforced_and_lifted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKI_PRIVATE_HOSTS", "127.0.0.1")
    run("tenants", "create", "Acme", "--plan", "enterprise")
    owner = ("users", "add", "ada@acme.test", "--tenant", "acme", "--role", "owner", "--password")
    run(*owner, typed="correct horse\n")
    with providing() as openid:
        connect = ("sso", "oidc", "acme", "--issuer", openid.issuer, "--client-id", CLIENT)
        run(*connect, typed=f"{SECRET}\n")
        enforce = ("sso", "enforce", "acme", "--break-glass", "ada@acme.test")
        code, _, err = run(*enforce)
        assert (code, "seen to work" in err) == (2, True)
        openid.refuses = "invalid_client"
        code, out, _ = run("sso", "test", "acme", "oidc")
        assert (code, "FAIL  The provider does not know this client id" in out) == (1, True)
        openid.refuses = "invalid_grant"
        assert run("sso", "test", "acme", "oidc")[0] == 0
    assert "nobody@acme.test" in run("sso", "enforce", "acme", "--break-glass", "nobody@acme.test")[2]
    assert run(*enforce)[0] == 0
    assert "only the password of usr_" in run("sso", "show", "acme")[1]
    assert run("sso", "remove", "acme", "oidc")[0] == 2
    assert run("sso", "lift", "acme", "--reason", "asked by phone")[0] == 0
    code, _, err = run("sso", "lift", "acme", "--reason", "asked by phone")
    assert (code, "not enforced" in err) == (2, True)


def test_our_own_saml_metadata_is_written_and_its_key_rotated(run: Run) -> None:
    run("tenants", "create", "Acme", "--plan", "enterprise")
    text = run("sso", "metadata", "acme")[1]
    assert 'Location="http://acme.localhost:8000/sso/saml/acs"' in text
    assert text.count("<ds:X509Certificate>") == 1
    assert run("sso", "rotate", "acme")[0] == 0
    assert run("sso", "metadata", "acme")[1].count("<ds:X509Certificate>") == 2
    assert run("sso", "metadata", "acme", "--encryption")[1].count("<ds:X509Certificate>") == 4
    assert run("sso", "retire", "acme")[0] == 0
    assert run("sso", "metadata", "acme")[1].count("<ds:X509Certificate>") == 1
