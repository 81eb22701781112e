"""Whatever was sent is looked at only once it is decided that its sender may send it."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tenants.people.roles import ALL_PERMISSIONS
from tests.tenants.api.isolation_matrix import IDS, PUBLIC
from tests.tenants.api.isolation_world import HOST, Operation, World
from tests.tenants.factories import BY

if TYPE_CHECKING:
    import requests

    from tests.tenants.api.serving import Client

BROKEN = {
    "application/json": b'{"name": "',
    "multipart/form-data": b"--nothing of the kind",
    "application/x-www-form-urlencoded": b"%zz=\xff",
}
_HUGE = 30_000_000
_BOUNDARY = "multipart/form-data; boundary=b"


def _with_bodies(world: World) -> list[Operation]:
    found = [each for each in world.operations if "requestBody" in each.told and each.path not in PUBLIC]
    assert len(found) > 30
    return found


def _send(operation: Operation, client: Client, ids: dict[str, str]) -> list[requests.Response]:
    """Send a broken body of each type that the operation takes, and one of a type it does not take."""
    path = operation.path.format_map({**dict.fromkeys(operation.names("path"), "1"), **ids})
    types = [*operation.told["requestBody"]["content"], "text/plain"]
    return [
        client.request(
            operation.method,
            path,
            data=BROKEN.get(each, b"?"),
            headers={"Content-Type": _BOUNDARY if each == "multipart/form-data" else each},
        )
        for each in types
    ]


def _answers(world: World, client: Client) -> dict[str, set[tuple[int, str]]]:
    theirs = {name: find(world.victim) for name, find in IDS.items()}
    return {
        str(operation): {
            (answer.status_code, answer.json()["code"]) for answer in _send(operation, client, theirs)
        }
        for operation in _with_bodies(world)
    }


@pytest.mark.parametrize("kind", ["none", "wrong", "revoked"])
def test_a_broken_body_without_valid_credentials_is_answered_401(world: World, kind: str) -> None:
    keys = world.app.state.deps.control.keys
    tenant_id = world.victim.tenant.tenant_id
    issued = keys.issue(tenant_id, "ended", BY, permissions=sorted(ALL_PERMISSIONS))
    keys.revoke(tenant_id, issued.key.key_id, BY)
    client = world.client({"none": None, "wrong": "loki_nothing", "revoked": issued.text}[kind])
    answers = _answers(world, client)
    assert {route for route, codes in answers.items() if codes != {(401, "unauthenticated")}} == set()


def test_a_broken_body_of_someone_without_permission_is_answered_403(world: World) -> None:
    keys = world.app.state.deps.control.keys
    issued = keys.issue(world.other.tenant.tenant_id, "narrow", BY, permissions=["knowledge:read"])
    answers = _answers(world, world.client(issued.text))
    others = {route for route, codes in answers.items() if codes != {(403, "permission_missing")}}
    assert others == {"PATCH /v1/users/me"} & answers.keys()


def test_a_broken_body_for_another_tenants_host_is_answered_403(world: World) -> None:
    client = world.client(world.other.key, f"{world.victim.tenant.slug}.{HOST}")
    assert {codes for each in _answers(world, client).values() for codes in each} == {(403, "wrong_tenant")}


def test_a_broken_body_for_an_unknown_host_is_answered_404(world: World) -> None:
    client = world.client(world.other.key, "nobody.example.org")
    assert {codes for each in _answers(world, client).values() for codes in each} == {(404, "unknown_host")}


def test_a_broken_body_for_another_tenants_id_tells_nothing_of_it(world: World) -> None:
    client = world.client(world.other.key)
    theirs = {name: find(world.victim) for name, find in IDS.items()}
    nobodys = {name: f"{value[:-4]}zzzz" for name, value in theirs.items()}
    told_apart = [
        str(operation)
        for operation in _with_bodies(world)
        for one, other in zip(
            _send(operation, client, theirs), _send(operation, client, nobodys), strict=True
        )
        if (one.status_code, one.text) != (other.status_code, other.text)
    ]
    assert told_apart == []


def test_no_byte_of_a_huge_body_is_waited_for_without_credentials(world: World) -> None:
    told = {str(operation): _status_before_the_body(world, operation) for operation in _with_bodies(world)}
    assert {route for route, status in told.items() if status != 401} == set()


def _status_before_the_body(world: World, operation: Operation) -> int:
    """Announce a huge body and send none of it; return the status that comes nevertheless."""
    address = urlsplit(world.address)
    path = operation.path.format_map(dict.fromkeys(operation.names("path"), "1"))
    kind = next(iter(operation.told["requestBody"]["content"]))
    head = [f"{operation.method} {path} HTTP/1.1", f"Host: {HOST}", f"Content-Length: {_HUGE}"]
    head += [f"Content-Type: {_BOUNDARY if kind == 'multipart/form-data' else kind}", "", ""]
    with closing(socket.create_connection((str(address.hostname), address.port or 80), timeout=10)) as link:
        link.sendall("\r\n".join(head).encode())
        return int(link.recv(4096).split()[1])


def test_a_body_too_large_to_be_parsed_is_answered_413_to_whoever_may_send_it(world: World) -> None:
    large = b'{"name": "' + b"x" * 5_000_000 + b'"}'
    headers = {"Content-Type": "application/json"}
    for body in (large, iter([large[:3_000_000], large[3_000_000:]])):
        answer = world.client(world.other.key).post("/v1/api-keys", data=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_body_that_names_a_field_twice_is_answered_422_naming_it(world: World) -> None:
    twice, headers = '{"name": "one", "name": "two"}', {"Content-Type": "application/json"}
    answer = world.client(world.other.key).post("/v1/api-keys", data=twice, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["detail"].startswith("body.name: it is named 2 times; name it once.")


def test_a_body_of_another_type_is_answered_415_naming_the_one_that_is_taken(world: World) -> None:
    answer = world.client(world.other.key).post(
        "/v1/api-keys", data="name: x", headers={"Content-Type": "text/yaml"}
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert "application/json" in answer.json()["detail"]
