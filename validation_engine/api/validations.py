"""`POST /v1/validations` and the history of what was validated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation
from starlette.responses import Response

from tenants.api.access import Granted, allow
from tenants.errors import NotFound
from validation_engine.api.bodies import DocumentIn, parsed, raw_body
from validation_engine.api.forms import file_in, is_form
from validation_engine.api.openapi import VALIDATION
from validation_engine.api.service import idempotency_key, quota_headers

if TYPE_CHECKING:
    from validation_engine.api.bodies import FileIn
    from validation_engine.api.service import Service

_JSON = "application/json"
_may_validate = allow("documents:validate")
Reader = Annotated[Granted, Depends(allow("validations:read"))]
_MOST_LISTED = 200


def routes(service: Service) -> APIRouter:
    """Return the routes of validations."""
    router = APIRouter(prefix="/v1/validations", tags=["validations"])

    @router.post("", openapi_extra=VALIDATION, summary="Validate a document")
    async def validate(request: Request) -> Response:
        if is_form(request):
            form = await file_in(request)
            return await run_in_threadpool(_validated, service, request, form, form.content)
        body = await raw_body(request)
        return await run_in_threadpool(_validated, service, request, None, body)

    @router.get("", summary="List validations, newest first")
    def listed(
        granted: Reader,
        limit: Annotated[int, Query(ge=1, le=_MOST_LISTED)] = 50,
        before: str | None = None,
    ) -> Response:
        runs = granted.store.runs(limit, before)
        body = {"validations": [_summary(run) for run in runs], "next_before": _next(runs, limit)}
        return Response(orjson.dumps(body, default=str), media_type=_JSON)

    @router.get("/{run_id}", summary="One validation as it was answered")
    def one(granted: Reader, run_id: str) -> Response:
        result = granted.store.run(run_id)
        if result is None:
            message = f"There is no validation {run_id}; list them at /v1/validations."
            raise NotFound(message, "validation_not_found")
        return Response(result, media_type=_JSON)

    return router


def _validated(service: Service, request: Request, form: FileIn | None, body: bytes) -> Response:
    granted = _may_validate(request)
    key = idempotency_key(request, body)
    wanted = parsed(body, DocumentIn) if form is None else form
    outcome = service.validate(granted, wanted, key)
    return Response(outcome.response, outcome.status_code, quota_headers(outcome.quota), _JSON)


def _summary(run: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": run["run_id"],
        **{name: value for name, value in run.items() if name not in ("seq", "run_id")},
    }


def _next(runs: list[dict[str, Any]], limit: int) -> str | None:
    return str(runs[-1]["run_id"]) if len(runs) == limit else None
