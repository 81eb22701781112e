"""Whatever a caller sends, nothing fails on our side: requests made up from the OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from pydantic import SecretStr

from orchestration.serve import create_app
from tenants.settings import PlatformSettings
from tests.tenants.api.owners import owner
from tests.tenants.api.serving import serving
from tests.tenants.factories import CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.early


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    home, secret = tmp_path_factory.mktemp("fuzzed"), SecretStr("whsec_fuzzed")
    app = create_app(PlatformSettings(home=home, stripe_webhook_secret=secret), CLOCK)
    with serving(app) as address:
        yield address, owner(app.state.deps, "Caller").key
    app.state.deps.close()


@pytest.mark.parametrize("examples", [3, pytest.param(200, marks=pytest.mark.long)])
def test_no_made_up_request_makes_the_service_fail(served: tuple[str, str], examples: int) -> None:
    address, key = served
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    failures: list[str] = []
    for result in schema.get_all_operations():
        _send_many(result.ok(), key, examples, failures)
    assert failures == []


def _send_many(operation: Any, key: str, examples: int, failures: list[str]) -> None:
    @settings(max_examples=examples, database=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy())
    def send(case: Any) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {key}"}, allow_redirects=False)
        # Analytics come from the warehouse, and none is published here.
        if answer.status_code >= 500 and answer.json().get("code") != "nothing_published":
            failures.append(f"{case.method} {case.path}: {answer.status_code} {answer.text[:200]}")

    send()
