"""The whole way in a real browser: a form that one site posts to another, cookies as browsers keep them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.dashboards.browser import launched
from tests.tenants.factories import BY
from tests.tenants.sso.conftest import HOST

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tenants.tenancy import Tenant
    from tests.tenants.api.conftest import Callers
    from tests.tenants.sso.saml_provider import SamlProvider


@pytest.mark.browser
def test_a_person_signs_in_through_their_company_in_the_tenants_colours(
    callers: Callers, saml_tenant: Tenant, idp: SamlProvider
) -> None:
    callers.deps.control.brandings.change(saml_tenant.tenant_id, BY, primary_colour="#AA3311")
    here = f"http://{HOST}:{callers.address.rpartition(':')[2]}"
    with launched() as browser:
        page = browser.new_page()
        page.goto(f"{here}/sign-in?next=/v1/session")
        button = page.get_by_role("link", name="Sign in through your company")
        assert button.evaluate("it => getComputedStyle(it).borderTopColor") == "rgb(170, 51, 17)"
        button.click()
        page.get_by_role("button", name="Continue as Ada").click()
        page.wait_for_url(f"{here}/v1/session")
        told = json.loads(page.locator("body").inner_text())
        assert (told["tenant_id"], told["name"]) == (saml_tenant.tenant_id, "Ada")
        _refused_in_words(page, here, idp)


def _refused_in_words(page: Page, here: str, idp: SamlProvider) -> None:
    page.context.clear_cookies()
    idp.says["audience"] = "https://other.test"
    page.goto(f"{here}/sso/saml/start")
    page.get_by_role("button", name="Continue as Ada").click()
    assert "its audience is not this account's entity id" in str(page.get_by_role("alert").text_content())
    assert page.url == f"{here}/sso/saml/acs"
