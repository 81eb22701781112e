"""Nothing fails on our side where a field is null, or a time lies at the edge of what can be counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.tenants.api.isolation_matrix import BODIES, IDS
from tests.tenants.factories import BY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.tenants.api.isolation_world import Operation, World
    from tests.tenants.api.serving import Client

_EDGES = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z")
_KEPT = {"name", "language", "time_zone", "retention_days", "is_audited", "keeps_documents", "plan"}


def test_no_null_and_no_time_at_the_edge_makes_the_service_fail(world: World) -> None:
    client, ids = _operator(world), {name: find(world.victim) for name, find in IDS.items()}
    schemas = world.app.openapi()["components"]["schemas"]
    tried, failed = 0, []
    for operation in world.operations:
        path = operation.path.format_map({**dict.fromkeys(operation.names("path"), "1"), **ids})
        for query, body in _variants(operation, schemas):
            answer = client.request(operation.method, path, params=query, json=body)
            tried += 1
            if answer.status_code >= 500 and answer.json()["code"] == "internal_error":
                failed.append((str(operation), query, body))
    assert failed == []
    assert tried > 100
    assert client.get("/v1/users").status_code == 200  # none of it has put the caller or the tenant out


def test_what_a_tenant_or_user_cannot_be_without_is_not_set_to_null(world: World) -> None:
    client, victim = _operator(world), world.victim
    for field in _KEPT:
        answer = client.patch(f"/v1/tenants/{victim.tenant.tenant_id}", json={field: None})
        assert (answer.status_code, answer.json()["where"]) == (422, f"body.{field}")
    for field in ("name", "role", "notifications"):
        answer = client.patch(f"/v1/users/{victim.user_id}", json={field: None})
        assert (answer.status_code, answer.json()["where"]) == (422, f"body.{field}")


def _operator(world: World) -> Client:
    deps = world.app.state.deps
    number = len(deps.control.users.of(None))
    user = deps.control.users.add(
        None, f"op{number}@loki.test", BY, role="operator", password="correct horse"
    )
    client = world.client(host=f"{world.victim.tenant.slug}.loki.test")
    client.cookies["loki_session"], _ = deps.sessions.begin(user, "password", BY)
    return client


def _variants(operation: Operation, schemas: dict[str, Any]) -> Iterator[tuple[dict[str, str], Any]]:
    body = BODIES.get((operation.method, operation.path), {})
    for name in {"since", "until"} & set(operation.names("query")):
        yield from (({name: edge}, None) for edge in _EDGES)
    content = operation.told.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return
    for name, told in _properties(content["schema"], schemas).items():
        edges = _EDGES if "date-time" in str(told) else ()
        changed = [{**body, name: value} for value in (None, *edges)] if isinstance(body, dict) else []
        yield from (({}, each) for each in changed)


def _properties(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
    properties: dict[str, Any] = found.get("properties", {})
    return properties
