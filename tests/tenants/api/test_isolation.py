"""Every route of the OpenAPI document × every kind of caller × every id of another tenant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from fastapi import FastAPI, Header
from fastapi.routing import APIRoute
from pydantic import BaseModel

from tenants.api.access import Guard
from tenants.people.roles import ALL_PERMISSIONS, STAFF_ROLES, TENANT_ROLES, permissions_of
from tests.tenants.api.isolation_matrix import BODIES, BODY_IDS, IDS, NO_BODY_IDS, NO_IDS, PUBLIC
from tests.tenants.api.isolation_world import HOST, Operation, World, operations_of
from tests.tenants.api.owners import SENTINEL, belongings
from tests.tenants.factories import BY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import requests

_LOOKS_LIKE_AN_ID = re.compile(r"(^|_)(ids?|key|token)$")
# The other tenant keeps no documents.
_NOTHING_TO_GET = {"GET /v1/validations/{run_id}/document"}


def test_every_id_of_the_api_is_known_to_the_matrix(world: World) -> None:
    assert _unknown_ids(world.operations, world.app.openapi()["components"]["schemas"]) == []


class _Thing(BaseModel):
    thing_id: str


def test_a_route_with_an_id_that_the_matrix_does_not_know_is_found() -> None:
    app = FastAPI()

    @app.put("/v1/things/{thing_id}")
    def put(thing_id: str, other_id: str, body: _Thing, x_third_id: Annotated[str, Header()]) -> None: ...

    @app.post("/v1/users/{user_id}/things")
    def post(user_id: str, body: list[_Thing]) -> None: ...

    told = app.openapi()
    assert _unknown_ids(operations_of(app), told["components"]["schemas"]) == [
        "PUT /v1/things/{thing_id}: thing_id",
        "PUT /v1/things/{thing_id}: other_id",
        "PUT /v1/things/{thing_id}: x-third-id",
        "PUT /v1/things/{thing_id}: thing_id of the body",
        "POST /v1/users/{user_id}/things: thing_id of the body",
        "POST /v1/users/{user_id}/things: a body for it",
    ]


def test_what_the_other_tenant_owns_is_really_there(world: World) -> None:
    client = world.client(world.victim.key)
    theirs = {name: find(world.victim) for name, find in IDS.items()}
    missing = [
        str(operation)
        for operation in world.operations
        if operation.method == "GET" and operation.has_ids and operation.path not in PUBLIC
        if operation.send(client, theirs).status_code == 404
    ]
    assert set(missing) <= _NOTHING_TO_GET


def _unknown_ids(operations: Sequence[Operation], schemas: dict[str, Any]) -> list[str]:
    unknown = []
    for operation in operations:
        given = [name for place in ("path", "query", "header") for name in operation.names(place)]
        unknown += [f"{operation}: {name}" for name in given if name.lower() not in IDS.keys() | NO_IDS]
        for name in _body_properties(operation, schemas):
            if _LOOKS_LIKE_AN_ID.search(name) and name not in NO_BODY_IDS | BODY_IDS.keys():
                unknown.append(f"{operation}: {name} of the body")
        if operation.has_ids and "requestBody" in operation.told and not _has_body(operation):
            unknown.append(f"{operation}: a body for it")
    return unknown


def test_another_tenants_ids_look_as_if_they_did_not_exist(world: World) -> None:
    deps, client = world.app.state.deps, world.client(world.other.key)
    before = belongings(deps, world.victim.tenant.tenant_id)
    told_apart = []
    for operation in (each for each in world.operations if each.has_ids and each.path not in PUBLIC):
        theirs = {name: find(world.victim) for name, find in IDS.items()}
        nobodys = {name: _similar(value) for name, value in theirs.items()}
        answers = [_blurred(operation.send(client, ids), ids) for ids in (theirs, nobodys)]
        if answers[0] != answers[1]:
            told_apart.append((str(operation), *answers))
    assert told_apart == []
    assert belongings(deps, world.victim.tenant.tenant_id) == before


def test_another_tenants_ids_in_a_body_look_as_if_they_did_not_exist(world: World) -> None:
    deps, client = world.app.state.deps, world.client(world.other.key)
    schemas = world.app.openapi()["components"]["schemas"]
    before, sent = belongings(deps, world.victim.tenant.tenant_id), []
    for operation in world.operations:
        for name in BODY_IDS.keys() & set(_body_properties(operation, schemas)):
            theirs = BODY_IDS[name](world.victim)
            bodies = [{**_body(operation), name: value} for value in (theirs, _similar(theirs))]
            answers = [client.request(operation.method, operation.path, json=body) for body in bodies]
            assert _blurred(answers[0], {name: theirs}) == _blurred(answers[1], {name: _similar(theirs)})
            sent.append(name)
    assert set(sent) == BODY_IDS.keys()
    assert belongings(deps, world.victim.tenant.tenant_id) == before


def test_nothing_of_another_tenant_is_in_any_answer(world: World) -> None:
    client = world.client(world.other.key)
    marks = world.victim.ids() | {f"Victim {SENTINEL}"}
    leaks = [
        str(operation)
        for operation in world.operations
        if operation.method == "GET" and not operation.has_ids
        for answer in [operation.send(client, {})]
        if any(mark in answer.text for mark in marks)
    ]
    assert leaks == []


def test_at_another_tenants_host_every_route_refuses(world: World) -> None:
    client = world.client(world.other.key, f"{world.victim.tenant.slug}.{HOST}")
    open_ones = [
        (str(operation), answer.status_code)
        for operation in world.operations
        if operation.path not in PUBLIC
        for answer in [operation.send(client, {name: find(world.victim) for name, find in IDS.items()})]
        if answer.status_code != 403
    ]
    assert open_ones == []


@pytest.mark.parametrize("kind", ["none", "wrong", "revoked"])
def test_without_valid_credentials_every_route_but_the_public_ones_says_401(world: World, kind: str) -> None:
    keys = {"none": None, "wrong": "loki_nothing", "revoked": _revoked(world)}
    client = world.client(keys[kind])
    theirs = {name: find(world.victim) for name, find in IDS.items()}
    open_ones = [
        (str(operation), answer.status_code)
        for operation in world.operations
        if operation.path not in PUBLIC
        for answer in [operation.send(client, theirs)]
        if answer.status_code != 401
    ]
    assert open_ones == []


@pytest.mark.parametrize("role", [*TENANT_ROLES, *STAFF_ROLES])
def test_each_route_holds_each_role_to_its_permissions(world: World, role: str) -> None:
    deps = world.app.state.deps
    tenant_id = None if role in STAFF_ROLES else world.other.tenant.tenant_id
    may = permissions_of(role, is_staff=tenant_id is None)
    user = deps.control.users.add(tenant_id, f"{role}@roles.test", BY, role=role, password="correct horse")
    client = world.client()
    client.cookies["loki_session"], _ = deps.sessions.begin(user, "password", BY)
    wrong = []
    guarded = _permissions(world.app)
    assert len(guarded) > len(world.operations) / 2
    for route, permission in guarded:
        if permission is None or permission in may:
            continue
        for method in route.methods:
            told = Operation(method, route.path, world.app.openapi()["paths"][route.path][method.lower()])
            answer = told.send(client, dict.fromkeys(IDS, "x"))
            if answer.status_code != 403:
                wrong.append((f"{method} {route.path}", answer.status_code))
    assert wrong == []


def test_one_tenants_idempotency_key_means_nothing_to_another(world: World) -> None:
    headers, body = {"Idempotency-Key": "shared"}, {"name": "shared"}
    one = world.client(world.victim.key).post("/v1/api-keys", json=body, headers=headers)
    other = world.client(world.other.key).post("/v1/api-keys", json=body, headers=headers)
    assert (one.status_code, other.status_code) == (201, 201)
    assert one.json()["key_id"] != other.json()["key_id"]


def _has_body(operation: Operation) -> bool:
    return (operation.method, operation.path) in BODIES


def _body(operation: Operation) -> dict[str, Any]:
    body: dict[str, Any] = BODIES.get((operation.method, operation.path), {})
    return body


def _body_properties(operation: Operation, schemas: dict[str, Any]) -> list[str]:
    content = operation.told.get("requestBody", {}).get("content", {})
    found: list[str] = []
    for each in content.values():
        schema = each.get("schema", {})
        schema = schema.get("items", schema)
        name = schema.get("$ref", "").rpartition("/")[2]
        found += schemas.get(name, schema).get("properties", {})
    return found


def _similar(value: str) -> str:
    return value[:-4] + "zzzz"


def _blurred(answer: requests.Response, ids: dict[str, str]) -> tuple[int, str]:
    text = answer.text
    for value in ids.values():
        text = text.replace(value, "…")
    return answer.status_code, text


def _revoked(world: World) -> str:
    keys = world.app.state.deps.control.keys
    issued = keys.issue(world.victim.tenant.tenant_id, "old", BY, permissions=sorted(ALL_PERMISSIONS))
    keys.revoke(world.victim.tenant.tenant_id, issued.key.key_id, BY)
    text: str = issued.text
    return text


def _permissions(app: FastAPI) -> list[tuple[APIRoute, str | None]]:
    return [
        (route, needed.call.permission)
        for route in _routes(app.routes)
        for needed in route.dependant.dependencies
        if isinstance(needed.call, Guard)
    ]


def _routes(given: Sequence[Any]) -> Iterator[APIRoute]:
    for each in given:
        if isinstance(each, APIRoute):
            yield each
        elif hasattr(each, "original_router"):  # how FastAPI keeps what was included
            yield from _routes(each.original_router.routes)
