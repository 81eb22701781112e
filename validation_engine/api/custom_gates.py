"""A tenant's own gates: tested before they are saved, versioned, disabled, rolled back, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from fastapi import APIRouter, Depends
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation
from starlette.responses import Response  # noqa: TC002 - FastAPI reads the annotation

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.errors import Conflict, InvalidInput, NotFound
from validation_engine.api.answering import as_json
from validation_engine.api.engine_errors import as_platform_errors
from validation_engine.api.examples import GATE_VERSION, OWN_GATE, OWN_GATES
from validation_engine.api.openapi import answers, body
from validation_engine.api.queries import strict_query
from validation_engine.api.reading import parsed, raw_body
from validation_engine.custom_gates import MOST_GATES, refuse_beyond_limits, tested_gate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.stores import CustomGate, GateVersion
    from validation_engine.api.service import Service

_MOST_BYTES = 250_000
Reader = Annotated[Granted, Depends(allow("gates:read"))]
Manager = Annotated[Granted, Depends(allow("gates:manage", feature="custom_gates"))]


class GateIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A gate file in YAML, and whether it is to be used."""

    body: str
    enabled: bool = True


SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["body"],
    "additionalProperties": False,
    "properties": {
        "body": {"type": "string", "description": "The gate file in YAML; its id begins with `custom.`."},
        "enabled": {"type": "boolean", "default": True},
    },
}


def routes(service: Service) -> APIRouter:
    """Return the routes of custom gates."""
    router = APIRouter(
        prefix="/v1/custom-gates",
        tags=["custom gates"],
        route_class=GuardedRoute,
        dependencies=[Depends(strict_query)],
    )
    macros = service.engine.ruleset.macros

    @router.get("", summary="The tenant's own gates", responses=answers(OWN_GATES))
    def listed(granted: Reader) -> Response:
        """Return the tenant's gates; the revision is named by each validation that used them."""
        store = granted.store
        gates = [_described(gate) for gate in store.custom_gates()]
        return as_json({"revision": store.custom_gates_revision(), "custom_gates": gates})

    @router.get("/{gate_id}", summary="One of the tenant's own gates", responses=answers(OWN_GATE))
    def one(granted: Reader, gate_id: str) -> Response:
        """Return one gate with its file."""
        return as_json(_described(_found(granted, gate_id)))

    @router.post(
        "/test",
        openapi_extra=body(SCHEMA),
        summary="Test a gate without saving it",
        responses=answers({"id": "custom.guarantee", "accepted": True}),
    )
    async def test(request: Request, _: Manager) -> Response:
        """Check schema, cost and the examples in the file, and save nothing."""
        wanted = await _sent(request)
        with as_platform_errors():
            gate = await run_in_threadpool(tested_gate, wanted.body, macros)
        return as_json({"id": gate.id, "accepted": True})

    @router.post(
        "",
        status_code=201,
        openapi_extra=body(SCHEMA),
        summary="Test and save a new gate",
        responses=answers(OWN_GATE | {"revision": 1}, 201),
    )
    async def create(request: Request, granted: Manager) -> Response:
        """Save a gate once its schema, its cost and its examples hold; it counts from the next call on."""
        wanted = await _sent(request)
        return as_json(await run_in_threadpool(_saved, granted, wanted, macros, None), 201)

    @router.put(
        "/{gate_id}",
        openapi_extra=body(SCHEMA),
        summary="Test and save a new version of a gate",
        responses=answers(OWN_GATE | {"revision": 2}),
    )
    async def replace(request: Request, granted: Manager, gate_id: str) -> Response:
        """Save a new version; earlier ones are kept and can be had back."""
        wanted = await _sent(request)
        return as_json(await run_in_threadpool(_saved, granted, wanted, macros, gate_id))

    @router.delete(
        "/{gate_id}",
        summary="Delete a gate; past results keep its name and verdicts",
        responses=answers({"id": "custom.guarantee", "revision": 4, "deleted": True}),
    )
    def delete(granted: Manager, gate_id: str) -> Response:
        """Delete a gate; a rollback to one of its versions brings it back."""
        revision = granted.store.delete_custom_gate(
            gate_id, at=granted.deps.clock.now(), by=granted.principal.principal_id
        )
        if revision is None:
            raise _missing(gate_id)
        return as_json({"id": gate_id, "revision": revision, "deleted": True})

    _add_versions(router, macros)
    return router


async def _sent(request: Request) -> GateIn:
    return parsed(await raw_body(request, _MOST_BYTES, "gate"), GateIn, request.headers)


def _add_versions(router: APIRouter, macros: Mapping[str, str]) -> None:
    @router.get(
        "/{gate_id}/versions",
        summary="Every version of a gate that was saved, newest first",
        responses=answers({"id": "custom.guarantee", "versions": [GATE_VERSION]}),
    )
    def versions(granted: Reader, gate_id: str) -> Response:
        """Return each version with who saved it and when; a deletion is a version without a file."""
        kept = granted.store.custom_gate_versions(gate_id)
        if not kept:
            raise _missing(gate_id)
        return as_json({"id": gate_id, "versions": [_version(one) for one in kept]})

    @router.post(
        "/{gate_id}/rollback/{revision}",
        summary="Save an earlier version again, as the newest",
        responses=answers(OWN_GATE | {"revision": 5}),
    )
    def roll_back(granted: Manager, gate_id: str, revision: int) -> Response:
        """Test an earlier version anew and save it as the newest."""
        kept = granted.store.custom_gate_versions(gate_id)
        chosen = next((one for one in kept if one.revision == revision and one.body is not None), None)
        if chosen is None or chosen.body is None:
            message = (
                f"The gate {gate_id} has no version {revision}; see /v1/custom-gates/{gate_id}/versions."
            )
            raise NotFound(message, "gate_version_not_found")
        return as_json(_saved(granted, GateIn(chosen.body, chosen.is_enabled), macros, None, replaces=True))


def _saved(
    granted: Granted,
    wanted: GateIn,
    macros: Mapping[str, str],
    gate_id: str | None,
    *,
    replaces: bool = False,
) -> dict[str, Any]:
    with as_platform_errors():
        gate = tested_gate(wanted.body, macros)
    kept = granted.store.custom_gates()
    known = {row.gate_id for row in kept}
    if gate_id is None and gate.id in known and not replaces:
        message = f"There is already a gate {gate.id}; replace it with PUT /v1/custom-gates/{gate.id}."
        raise Conflict(message, "gate_exists")
    if gate_id is not None and gate.id != gate_id:
        message = f"The file's id is {gate.id}, the address says {gate_id}; make them equal."
        raise InvalidInput(message, "gate_id_differs")
    if gate_id is not None and gate_id not in known:
        raise _missing(gate_id)
    if gate.id not in known and len(known) >= MOST_GATES:
        message = f"There are {len(known)} gates, the most allowed; delete one first."
        raise InvalidInput(message, "too_many_gates")
    if wanted.enabled and gate.enabled:
        others = [row.body for row in kept if row.is_enabled and row.gate_id != gate.id]
        with as_platform_errors():
            refuse_beyond_limits(gate, others, macros)
    revision = granted.store.put_custom_gate(
        gate.id,
        wanted.body,
        is_enabled=wanted.enabled and gate.enabled,
        at=granted.deps.clock.now(),
        by=granted.principal.principal_id,
    )
    return {**_described(_found(granted, gate.id)), "revision": revision}


def _found(granted: Granted, gate_id: str) -> CustomGate:
    found = next((row for row in granted.store.custom_gates() if row.gate_id == gate_id), None)
    if found is None:
        raise _missing(gate_id)
    return found


def _missing(gate_id: str) -> NotFound:
    return NotFound(f"There is no gate {gate_id}; list yours at /v1/custom-gates.", "gate_not_found")


def _described(row: CustomGate) -> dict[str, Any]:
    return {
        "id": row.gate_id,
        "body": row.body,
        "enabled": row.is_enabled,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "updated_by": row.updated_by,
    }


def _version(one: GateVersion) -> dict[str, Any]:
    return {
        "revision": one.revision,
        "body": one.body,
        "enabled": one.is_enabled,
        "deleted": one.body is None,
        "saved_at": one.saved_at,
        "saved_by": one.saved_by,
    }
