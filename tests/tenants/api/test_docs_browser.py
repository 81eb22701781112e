"""The pages that show the API's document run scripts of others, which reach nothing of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dashboards.browser import launched
from tests.tenants.api.conftest import PASSWORD
from tests.tenants.factories import BY

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from tests.tenants.api.conftest import Callers

# What a script from elsewhere would do: use the session of whoever looks at the page.
_HOSTILE = """
const told = async () => {
  const found = {origin: self.origin, cookie: '', session: '', document: false};
  try { found.cookie = document.cookie || 'none'; } catch (error) { found.cookie = error.name; }
  const asked = (path, how) => fetch('http://localhost:PORT' + path, how).then(each => each.text());
  found.session = await asked('/v1/session', {credentials: 'include'}).catch(error => error.name);
  found.document = await asked('/openapi.json').then(text => text.length > 1000);
  window.found = found;
};
told();
"""


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_a_script_from_elsewhere_on_the_pages_of_the_document_uses_nobodys_session(
    callers: Callers, path: str
) -> None:
    tenant = callers.tenant()
    user = callers.deps.control.users.add(
        tenant.tenant_id, "a@acme.test", BY, role="owner", password=PASSWORD
    )
    token, _ = callers.deps.sessions.begin(user, "password", BY)
    address = callers.address.replace("127.0.0.1", "localhost")
    hostile = _HOSTILE.replace("PORT", address.rpartition(":")[2])

    def answer(route: Route) -> None:
        if route.request.url.startswith(address):
            route.continue_()
        else:
            route.fulfill(body=hostile, content_type="text/javascript")

    with launched() as browser:
        context = browser.new_context()
        context.add_cookies([{"name": "loki_session", "value": token, "url": address}])
        page = context.new_page()
        assert page.goto(f"{address}/v1/session").json()["role"] == "owner"  # type: ignore[union-attr]
        page.route("**/*", answer)
        page.goto(f"{address}{path}")
        page.wait_for_function("window.found !== undefined")
        found = page.evaluate("window.found")
    assert found == {
        "origin": "null",
        "cookie": "SecurityError",
        "session": "TypeError",  # what a browser says of an answer that it keeps from a script
        "document": True,
    }
