"""The whole way in a real browser: a form that one site posts to another, cookies as browsers keep them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI

from tests.dashboards.browser import launched
from tests.tenants.api.conftest import PASSWORD
from tests.tenants.api.serving import serving
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


@pytest.mark.browser
def test_forms_lead_to_the_tenants_host_and_to_its_provider_and_nowhere_else(
    callers: Callers, saml_tenant: Tenant, idp: SamlProvider
) -> None:
    callers.deps.control.users.add(saml_tenant.tenant_id, "ada@acme.test", BY, name="Ada", password=PASSWORD)
    here = f"http://{HOST}:{callers.address.rpartition(':')[2]}"
    with launched() as browser, serving(FastAPI()) as dashboards:
        elsewhere = f"http://{HOST}:{dashboards.rpartition(':')[2]}/openapi.json"
        hostile, page = browser.new_page(), browser.new_page()
        hostile.goto(f"{here}/sign-in")
        refused = hostile.evaluate(
            """() => new Promise(told => {
                document.addEventListener('securitypolicyviolation', it => told(it.effectiveDirective))
                const form = document.createElement('form')
                Object.assign(form, {action: 'http://evil.localhost/', method: 'post'})
                document.body.append(form)
                form.submit()
            })"""
        )
        assert refused == "form-action"
        page.goto(f"{here}/sign-in?next={elsewhere}")
        page.get_by_label("E-mail address").fill("ada@acme.test")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(elsewhere)
        page.goto(f"{here}/sso/saml/link")
        page.get_by_role("button").click()
        with page.expect_request(f"http://{HOST}:8501/"):  # the dashboards, which are not served here
            page.get_by_role("button", name="Continue as Ada").click()
    (linked,) = callers.deps.control.identities.of_tenant(saml_tenant.tenant_id)
    assert linked.issuer == idp.entity_id


def _refused_in_words(page: Page, here: str, idp: SamlProvider) -> None:
    page.context.clear_cookies()
    idp.says["audience"] = "https://other.test"
    page.goto(f"{here}/sso/saml/start")
    page.get_by_role("button", name="Continue as Ada").click()
    assert "its audience is not this account's entity id" in str(page.get_by_role("alert").text_content())
    assert page.url == f"{here}/sso/saml/acs"
