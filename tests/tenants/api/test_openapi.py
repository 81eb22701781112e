"""The OpenAPI document as whoever writes a client reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from orchestration.serve import create_app
from tenants.settings import PlatformSettings
from tests.tenants.api.isolation_matrix import PUBLIC
from tests.tenants.factories import CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    Operations = list[tuple[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    app = create_app(PlatformSettings(home=tmp_path_factory.mktemp("openapi")), CLOCK)
    yield app.openapi()
    app.state.deps.close()


@pytest.fixture
def operations(told: dict[str, Any]) -> Operations:
    paths = told["paths"].items()
    return [(f"{method.upper()} {path}", each) for path, methods in paths for method, each in methods.items()]


def test_every_operation_is_described(operations: Operations) -> None:
    bare = [name for name, each in operations if not (each.get("summary") and each.get("description"))]
    assert bare == []


def test_every_operation_that_takes_credentials_says_which_and_how_it_refuses(operations: Operations) -> None:
    secured = [(name, each) for name, each in operations if name.split()[1] not in PUBLIC]
    assert len(secured) > 60
    wrong = [
        name
        for name, each in secured
        if name.split()[1].startswith("/v1/")
        if not {"401", "402", "403", "429", "503"} <= each["responses"].keys()
        or each["security"] != [{"key": []}, {"session": []}]
    ]
    assert wrong == []


def test_every_body_and_answer_in_json_has_an_example_that_fits_its_schema(
    told: dict[str, Any], operations: Operations
) -> None:
    wrong = []
    for name, each in operations:
        bodies = {"body": each.get("requestBody", {}), **each["responses"]}
        for place, body in bodies.items():
            for kind, content in body.get("content", {}).items():
                if kind in {"application/json", "application/problem+json"} and not _fits(content, told):
                    wrong.append(f"{name}: {place}")
    assert wrong == []


def _fits(content: dict[str, Any], told: dict[str, Any]) -> bool:
    if "example" not in content:
        return False
    schema = {**content.get("schema", {}), "components": told["components"]}
    return bool(jsonschema.Draft202012Validator(schema).is_valid(content["example"]))
