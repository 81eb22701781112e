"""`GET /v1/modules` and `GET /v1/gates`: what is checked, and where the duty comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response  # noqa: TC002 - FastAPI reads the annotation

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from validation_engine.api.answering import as_json
from validation_engine.api.engine_errors import as_platform_errors
from validation_engine.api.examples import GATES, MODULES
from validation_engine.api.openapi import answers
from validation_engine.api.queries import strict_query

if TYPE_CHECKING:
    from validation_engine.api.service import Service
    from validation_engine.gates.compiled import CompiledGate

Reader = Annotated[Granted, Depends(allow("gates:read"))]


def routes(service: Service) -> APIRouter:
    """Return the routes of the catalogue."""
    router = APIRouter(
        prefix="/v1", tags=["catalogue"], route_class=GuardedRoute, dependencies=[Depends(strict_query)]
    )
    ruleset = service.engine.ruleset

    @router.get("/modules", summary="Modules, and which of them the plan has", responses=answers(MODULES))
    def modules(granted: Reader) -> Response:
        """Return every module with the number of its gates, and the ruleset they are of."""
        mine = set(granted.entitlements.modules)
        body = {
            "ruleset": {"version": ruleset.version, "hash": ruleset.hash},
            "modules": [
                {"id": name, "gates": len(gates), "in_plan": name in mine}
                for name, gates in ruleset.by_module.items()
            ],
        }
        return as_json(body)

    @router.get("/gates", summary="The gates of one module, or of all", responses=answers(GATES))
    def gates(_: Reader, module: str | None = None) -> Response:
        """Return what each gate asks for, why, its legal reference, and whether that was verified."""
        with as_platform_errors():
            found = ruleset.gates if module is None else ruleset.module(module)
        body = {"gates": [_described(gate) for gate in found]}
        return as_json(body)

    return router


def _described(compiled: CompiledGate) -> dict[str, Any]:
    gate = compiled.gate
    return {
        "id": gate.id,
        "module": compiled.module,
        "title": gate.title,
        "severity": gate.severity,
        "kind": gate.kind,
        "legal_reference": gate.legal_reference.text,
        "legal_link": gate.legal_reference.link,
        "verified": gate.legal_reference.verified,
        "document_types": sorted(compiled.types),
        "effective_since": gate.effective.since.isoformat() if gate.effective.since else None,
        "effective_until": gate.effective.until.isoformat() if gate.effective.until else None,
        "message": gate.message,
        "why": gate.why,
        "suggestion": gate.suggestion,
        "known_gaps": gate.known_gaps,
    }
