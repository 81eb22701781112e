"""The sample for nginx in front of a whole installation, over TLS."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests

from dashboards.pages import INTERNAL, TENANT
from orchestration.serve import create_app
from tenants.domains.dns_proof import DnsProof
from tenants.settings import PlatformSettings
from tenants.tenancy import NewTenant
from tenants.tenancy.provisioning import provision
from tests.dashboards import browser as streamlit
from tests.dashboards.factories import NOW
from tests.orchestration.proxy.edge import Edge, edge, write_certificate
from tests.tenants.api.serving import serving
from tests.tenants.factories import BY
from tests.tenants.sso.conftest import trust
from tests.tenants.sso.saml_provider import certificate, saml_provider, time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

pytestmark = pytest.mark.early

PASSWORD = "correct horse"


@dataclass(frozen=True)
class Installation:
    """API, dashboards and the edge before them; a tenant with an owner, and its neighbour's."""

    edge: Edge
    app: FastAPI
    api: str
    tokens: dict[str, str]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    state, folder = tmp_path_factory.mktemp("state"), tmp_path_factory.mktemp("edge")
    settings = PlatformSettings(home=state, now=NOW)
    app = create_app(settings, settings.clock())
    tokens = {name: _owner(app, name) for name in ("Acme", "Other")}
    with serving(app) as api, streamlit.served(state) as dashboards:
        ports = [int(str(urlsplit(address).port)) for address in (api, dashboards)]
        with edge(folder, *ports) as running:
            yield Installation(running, app, api, tokens)
    app.state.deps.close()


def _owner(app: FastAPI, name: str) -> str:
    deps = app.state.deps
    tenant = provision(deps.control, deps.stores, NewTenant(name=name, plan="enterprise"), BY)
    email = f"owner@{name.lower()}.test"
    user = deps.control.users.add(tenant.tenant_id, email, BY, role="owner", password=PASSWORD)
    return str(deps.sessions.begin(user, "password", BY)[0])


def _cookie(token: str) -> dict[str, str]:
    return {"Cookie": f"loki_session={token}"}


def test_every_route_of_the_api_reaches_it_but_those_for_operators(installation: Installation) -> None:
    apart = {"/": 303, "/billing": 303, "/metrics": 404, "/readyz": 404}
    for path in installation.app.openapi()["paths"]:
        plain = path.replace("{", "").replace("}", "")
        answer = installation.edge.get(plain)
        direct = requests.get(installation.api + plain, allow_redirects=False, timeout=30)
        assert answer.status_code == apart.get(path, direct.status_code), path
        if path not in apart:
            assert answer.headers.get("content-type") == direct.headers.get("content-type"), path


@pytest.mark.parametrize("path", ["", *(page.path for page in (*INTERNAL, *TENANT)), "media/report.csv"])
def test_nobody_reaches_the_dashboards_or_a_download_without_a_session(
    installation: Installation, path: str
) -> None:
    answer = installation.edge.get(f"/{path}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next=/{path}")
    forged = installation.edge.get(f"/{path}", headers=_cookie("forged"))
    assert forged.status_code == 303


def test_a_path_adds_no_header_to_the_answer(installation: Installation) -> None:
    for line in ("%0D%0A", "%0A", "%0D%0A%20"):
        answer = installation.edge.get(f"/x{line}Set-Cookie:%20loki_session=planted")
        assert (answer.status_code, "set-cookie" in answer.headers) == (303, False)
        assert answer.headers["location"] == f"/sign-in?next=/x{line}Set-Cookie:%20loki_session=planted"


def test_no_page_of_another_site_shows_the_dashboards_in_a_frame(installation: Installation) -> None:
    own = _cookie(installation.tokens["Acme"])
    for path in ("/", "/validations", "/static/none.js", "/media/none.csv"):
        headers = installation.edge.get(path, "acme.localhost", headers=own).headers
        assert headers["content-security-policy"] == "frame-ancestors 'self'", path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
        assert "max-age" in headers["strict-transport-security"], path
    for path in ("/", "/media/none.csv"):
        kept = installation.edge.get(path, "acme.localhost", headers=own).headers["cache-control"]
        assert "no-store" in kept or "no-cache" in kept


def test_the_sockets_and_scripts_of_the_dashboards_are_refused_plainly(installation: Installation) -> None:
    for path in ("/_stcore/stream", "/_stcore/host-config", "/static/x.js"):
        assert installation.edge.get(path).status_code == 401


def test_a_session_opens_the_dashboards_of_its_own_tenants_host_and_dies_at_once(
    installation: Installation,
) -> None:
    own, other = (_cookie(installation.tokens[name]) for name in ("Acme", "Other"))
    assert installation.edge.get("/", "acme.localhost", headers=own).status_code == 200
    assert installation.edge.get("/media/none.csv", "acme.localhost", headers=own).status_code == 404
    assert installation.edge.get("/", "acme.localhost", headers=other).status_code == 403
    assert installation.edge.get("/", "elsewhere.test", headers=own).status_code == 403
    deps = installation.app.state.deps
    who = deps.sessions.resolve(installation.tokens["Other"])
    deps.sessions.revoke(who.session_id, BY)
    assert installation.edge.get("/", "other.localhost", headers=other).status_code == 303


def test_a_page_of_another_site_opens_no_socket_in_a_persons_name(installation: Installation) -> None:
    headers = {**_cookie(installation.tokens["Acme"]), **_SOCKET}
    here = f"https://acme.localhost:{installation.edge.encrypted}"
    for origin in ("https://evil.test", "https://other.localhost", f"{here}.evil.test", "null"):
        answer = installation.edge.get(
            "/_stcore/stream", "acme.localhost", headers={**headers, "Origin": origin}
        )
        assert answer.status_code == 403, origin


_SOCKET = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def test_scripts_are_compressed_on_the_way(installation: Installation) -> None:
    own = _cookie(installation.tokens["Acme"])
    page = installation.edge.get("/", "acme.localhost", headers=own).text
    script = "/static/" + page.partition('src="./static/')[2].partition('"')[0]
    headers = {**own, "Accept-Encoding": "gzip"}
    whole = installation.edge.get(script, "acme.localhost", headers={**own, "Accept-Encoding": "identity"})
    with installation.edge.get(script, "acme.localhost", headers=headers, stream=True) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        assert len(packed.raw.read(decode_content=False)) < len(whole.content) / 2


def test_plain_http_leads_to_https_and_no_header_of_a_client_counts(installation: Installation) -> None:
    answer = installation.edge.plainly("/movements?x=1", "acme.localhost")
    assert (answer.status_code, answer.headers["location"]) == (301, "https://acme.localhost/movements?x=1")
    lies = {"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "http"}
    told = installation.edge.get("/sign-in", "acme.localhost", headers=lies)
    assert "max-age" in told.headers["strict-transport-security"]
    metadata = installation.edge.get("/sso/saml/metadata", "acme.localhost", headers=lies).text
    assert f"https://acme.localhost:{installation.edge.encrypted}/sso/saml/acs" in metadata


def test_a_certificate_can_be_got_for_a_verified_domain_only(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = installation.edge.folder / "acme" / ".well-known" / "acme-challenge"
    folder.mkdir(parents=True)
    (folder / "token").write_text("proof")
    control = installation.app.state.deps.control
    domain, path = "checks.acme.test", "/.well-known/acme-challenge/token"
    tenant_id = control.tenants.find("acme").tenant_id
    control.domains.claim(tenant_id, domain, BY)
    assert installation.edge.plainly(path, domain).status_code == 403
    monkeypatch.setattr(DnsProof, "holds", lambda *_: True)
    control.domains.verify(tenant_id, domain, BY)
    assert installation.edge.plainly(path, domain).text == "proof"
    write_certificate(installation.edge.folder, domain)
    assert _shown(installation.edge, domain) == domain
    assert _shown(installation.edge, "acme.localhost") == "localhost"


def test_a_name_without_a_certificate_gets_no_connection(installation: Installation) -> None:
    assert _shown(installation.edge, "unknown.test") is None


def test_a_name_that_is_a_path_opens_no_file(installation: Installation) -> None:
    known, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(known, sent, server_hostname="aaaaaaaa.test").do_handshake()
    hello = sent.read().replace(b"aaaaaaaa.test", b"../../../test")
    with socket.create_connection(("127.0.0.1", installation.edge.encrypted), 10) as connection:
        connection.sendall(hello)
        assert connection.recv(1) in {b"\x16", b"\x15"}
    assert ".." not in (installation.edge.folder / "error.log").read_text()


def _shown(running: Edge, name: str) -> str | None:
    """Return whose certificate is shown to who asks for a name."""
    context = ssl.create_default_context()
    context.check_hostname = False
    for each in running.folder.glob("*.crt"):
        context.load_verify_locations(each)
    try:
        with (
            socket.create_connection(("127.0.0.1", running.encrypted), 10) as plain,
            context.wrap_socket(plain, server_hostname=name) as encrypted,
        ):
            subject: Any = (encrypted.getpeercert() or {})["subject"]
            return str(subject[0][0][1])
    except (OSError, ValueError):
        return None


@pytest.mark.browser
def test_a_person_signs_in_at_their_own_address_and_reads_a_page(installation: Installation) -> None:
    here = f"https://acme.localhost:{installation.edge.encrypted}"
    with streamlit.launched() as browser:
        page = browser.new_context(ignore_https_errors=True).new_page()
        page.goto(f"{here}/validations")
        assert page.url == f"{here}/sign-in?next=/validations"
        page.get_by_label("E-mail address").fill("owner@acme.test")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{here}/validations")
        page.locator("[data-testid=stMain] h1, [data-testid=stMain] h4").first.wait_for()
        assert page.get_by_role("link", name="Validations").is_visible()
        page.goto(f"{here}/sign-out")
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url(f"{here}/sign-in")


@pytest.mark.browser
def test_a_person_comes_through_their_company_over_https(installation: Installation) -> None:
    here, control = (
        f"https://acme.localhost:{installation.edge.encrypted}",
        installation.app.state.deps.control,
    )
    with saml_provider() as idp, streamlit.launched() as browser:
        trust(control, control.tenants.find("acme"), idp, certificate(idp.key))
        soon = time(NOW + timedelta(minutes=5))
        idp.says = {
            "issued": time(NOW),
            "not_before": time(NOW),
            "not_on_or_after": soon,
            "confirmed_until": soon,
        }
        page = browser.new_context(ignore_https_errors=True).new_page()
        page.goto(f"{here}/validations")
        page.get_by_role("link", name="Sign in through your company").click()
        page.get_by_role("button", name="Continue as Ada").click()
        page.wait_for_url(f"{here}/validations")
        page.get_by_role("link", name="Validations").wait_for()
