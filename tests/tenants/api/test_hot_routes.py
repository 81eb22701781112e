from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi import APIRouter, FastAPI
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation
from starlette.responses import Response

from tenants.api.application import prepare
from tenants.api.hot_routes import HotRoute
from tenants.errors import Conflict
from tests.tenants.api.serving import Client, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.api.deps import Deps


@pytest.fixture
def app(deps: Deps) -> FastAPI:
    hot, others = APIRouter(route_class=HotRoute), APIRouter()

    @hot.post("/things", summary="Make a thing")
    async def make(request: Request) -> Response:
        if await request.body() == b"twice":
            message = "There is one already; choose another name."
            raise Conflict(message, "thing_exists")
        return Response(request.scope["route"].path)

    @others.get("/things")
    def listed() -> list[str]:
        return ["a"]

    whole = APIRouter(prefix="/v1")
    for each in (hot, others):
        whole.include_router(each)
    app = FastAPI()
    prepare(app, deps, whole)
    return app


@pytest.fixture
def client(app: FastAPI) -> Iterator[Client]:
    with serving(app) as address:
        yield Client(address, "loki.test", {})


def test_a_hot_route_is_described_like_any_other(app: FastAPI) -> None:
    assert app.openapi()["paths"]["/v1/things"]["post"]["summary"] == "Make a thing"
    assert not hasattr(app.router.routes[0], "dependant")  # Starlette's, served first


def test_a_hot_route_knows_its_pattern_and_answers_errors_as_problems(client: Client) -> None:
    assert client.post("/v1/things").text == "/v1/things"
    refused = client.post("/v1/things", data="twice")
    assert (refused.status_code, refused.json()["code"]) == (409, "thing_exists")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["x-content-type-options"] == "nosniff"


def test_other_methods_of_its_path_are_left_to_their_routes(client: Client) -> None:
    assert client.get("/v1/things").json() == ["a"]
    assert client.delete("/v1/things").status_code == 405
