"""What a page of another site can make a signed-in person's browser do: nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestration.serve import create_app
from tenants.settings import PlatformSettings
from tests.tenants.api.conftest import Callers
from tests.tenants.api.serving import serving
from tests.tenants.factories import CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenants.tenancy import Tenant

EVIL = [
    {"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null"},
    {"Origin": "http://neighbour.loki.test", "Sec-Fetch-Site": "same-site"},
]
# No cookie of a session counts there: signed by Stripe, and bound to an attempt of this browser.
PROTECTED_OTHERWISE = {"/webhooks/stripe", "/sso/saml/acs"}


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Callers]:
    app = create_app(PlatformSettings(home=tmp_path, base_domain="loki.test"), CLOCK)
    with serving(app) as address:
        yield Callers(address, app.state.deps)
    app.state.deps.close()


def _changes(callers: Callers) -> list[tuple[str, str]]:
    paths = callers.client().get("/openapi.json").json()["paths"]
    return [
        (method.upper(), path)
        for path, methods in paths.items()
        for method in methods
        if method != "get" and path not in PROTECTED_OTHERWISE
    ]


@pytest.mark.parametrize("headers", EVIL, ids=["another site", "no site", "a neighbour"])
def test_every_change_that_another_site_asks_for_is_refused(whole: Callers, headers: dict[str, str]) -> None:
    owner = whole.person(whole.tenant(plan="enterprise"), "owner")
    form = {"email": "a@b.test", "password": "p", "token": "t"}
    answers = {
        (method, path): owner.request(method, path, headers=headers, data=form)
        for method, path in _changes(whole)
    }
    assert len(answers) > 30
    taken = {
        route: answer.status_code
        for route, answer in answers.items()
        if answer.status_code != 403 or answer.json()["code"] != "cross_site"
    }
    assert taken == {}
    assert owner.get("/v1/session").status_code == 200


def test_a_link_ends_no_session_and_links_no_identity(callers: Callers) -> None:
    tenant = callers.tenant(plan="enterprise")
    owner = callers.person(tenant, "owner")
    for path in ("/sign-out", "/sso/link", "/sso/saml/link"):
        page = owner.get(path)
        assert page.status_code == 200
        assert f'<form method="post" action="{path}">' in page.text
    assert owner.get("/v1/session").status_code == 200
    assert "loki_sso" not in owner.cookies
    assert callers.client().get("/sign-out").headers["location"] == "/sign-in"


def test_a_name_on_these_pages_is_shown_as_text(callers: Callers) -> None:
    tenant: Tenant = callers.tenant(plan="enterprise")
    owner = callers.person(tenant, "owner")
    user_id = owner.get("/v1/session").json()["user_id"]
    assert owner.patch(f"/v1/users/{user_id}", json={"name": "<script>x"}).status_code == 200
    for path in ("/sign-out", "/sso/link"):
        assert "&lt;script&gt;x" in owner.get(path).text
