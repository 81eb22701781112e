"""Waivers: a tenant accepts one finding, by name, with a reason and until a day; it is shown as waived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation
from starlette.responses import Response  # noqa: TC002 - FastAPI reads the annotation

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.errors import NotFound
from validation_engine.api.answering import as_json
from validation_engine.api.examples import WAIVER
from validation_engine.api.openapi import answers, body
from validation_engine.api.queries import strict_query
from validation_engine.api.reading import parsed, raw_body
from validation_engine.api.waiving import FINGERPRINT, LONGEST_REASON, SuppressionIn, is_same, suppression

if TYPE_CHECKING:
    from tenants.stores import Suppression
    from validation_engine.api.service import Service

_MOST_BYTES = 10_000
Reader = Annotated[Granted, Depends(allow("gates:read"))]
Manager = Annotated[Granted, Depends(allow("gates:manage"))]


_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["gate_id", "fingerprint", "reason"],
    "additionalProperties": False,
    "properties": {
        "gate_id": {"type": "string"},
        "fingerprint": {"type": "string", "pattern": f"^{FINGERPRINT.pattern}$"},
        "reason": {"type": "string", "minLength": 3, "maxLength": LONGEST_REASON},
        "expires_on": {"type": "string", "format": "date", "description": "The last day of the waiver."},
    },
}

_EXAMPLE = {name: WAIVER[name] for name in _SCHEMA["required"]} | {"expires_on": "2026-12-31"}


def routes(service: Service) -> APIRouter:
    """Return the routes of suppressions."""
    shipped = [compiled.gate.id for compiled in service.engine.ruleset.gates]
    router = APIRouter(
        prefix="/v1/suppressions",
        tags=["suppressions"],
        route_class=GuardedRoute,
        dependencies=[Depends(strict_query)],
    )

    @router.get("", summary="Waivers in force", responses=answers({"suppressions": [WAIVER]}))
    def listed(granted: Reader) -> Response:
        """Return the findings that are waived now, with who accepted each, why, and until when."""
        kept = granted.store.suppressions(granted.deps.clock.now())
        return as_json({"suppressions": [_described(one) for one in kept]})

    @router.post(
        "",
        status_code=201,
        openapi_extra=body(_SCHEMA, example=_EXAMPLE),
        summary="Waive a finding",
        responses=answers(WAIVER, 201),
    )
    async def add(request: Request, granted: Manager) -> Response:
        """Accept one finding, named by its gate and fingerprint; results show it as waived from then on.

        The same waiver asked for again is the one that there is.
        """
        wanted = parsed(await raw_body(request, _MOST_BYTES, "waiver"), SuppressionIn, request.headers)
        kept = suppression(granted, wanted, shipped)
        known = next((one for one in granted.store.suppressions(kept.created_at) if is_same(one, kept)), None)
        if known is None:
            granted.store.add_suppression(kept)
        return as_json(_described(known or kept), 201)

    @router.delete(
        "/{suppression_id}",
        summary="Withdraw a waiver",
        responses=answers({"id": WAIVER["id"], "withdrawn": True}),
    )
    def withdraw(granted: Manager, suppression_id: str) -> Response:
        """Withdraw a waiver; the finding counts again from the next validation on."""
        if not granted.store.delete_suppression(suppression_id):
            message = f"There is no waiver {suppression_id}; list them at /v1/suppressions."
            raise NotFound(message, "suppression_not_found")
        return as_json({"id": suppression_id, "withdrawn": True})

    return router


def _described(one: Suppression) -> dict[str, Any]:
    return {
        "id": one.suppression_id,
        "gate_id": one.gate_id,
        "fingerprint": one.fingerprint,
        "author": one.author,
        "reason": one.reason,
        "created_at": one.created_at,
        "expires_at": one.expires_at,
    }
