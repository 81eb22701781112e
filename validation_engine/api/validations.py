"""`POST /v1/validations` and the history of what was validated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
import orjson
from fastapi import APIRouter, Depends, Query
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation
from starlette.responses import Response

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.api.hot_routes import HotRoute
from tenants.errors import NotFound
from validation_engine.api.accounts import Account
from validation_engine.api.batches import Batches, described, found
from validation_engine.api.bodies import BatchIn, DocumentIn, Wanted, parsed, raw_body, wanted
from validation_engine.api.examples import BATCH_RESULT, RESULT, SUMMARY, answers, result_schema
from validation_engine.api.forms import files_in_form, is_form, wanted_in_form
from validation_engine.api.openapi import BATCH, VALIDATION
from validation_engine.api.service import idempotency_key, quota_headers
from validation_engine.reports import MEDIA_TYPES, render
from validation_engine.results import Result

if TYPE_CHECKING:
    from tenants.stores import Batch
    from validation_engine.api.service import Service

_JSON = "application/json"
_may_validate = allow("documents:validate")
Validator = Annotated[Granted, Depends(_may_validate)]
Reader = Annotated[Granted, Depends(allow("validations:read"))]
_MOST_LISTED = 200
# What tenants upload is never shown as a page of ours.
_AS_FILE = {"Content-Disposition": "attachment", "Content-Security-Policy": "sandbox"}


def routes(service: Service) -> APIRouter:
    """Return the routes of validations."""
    router = APIRouter(prefix="/v1/validations", tags=["validations"], route_class=GuardedRoute)
    batches = Batches(service)
    batches.take_up()

    async def validate(request: Request) -> Response:
        """Check one document, sent as JSON or as a file in a form, against the modules asked for.

        It counts as one call whatever the verdict; a refused one does not. With `Prefer: respond-async`
        it is answered by 202 and a batch of one. A retry with the same `Idempotency-Key` acts once.
        """
        granted = await _may_validate(request)
        body, form = await _sent(request)
        return await run_in_threadpool(_validated, service, batches, request, granted, body, form)

    router.add_api_route(
        "",
        validate,
        methods=["POST"],
        openapi_extra=VALIDATION,
        summary="Validate a document",
        responses=answers(RESULT, schema=result_schema()),
        route_class_override=HotRoute,
    )

    @router.post(
        "/batches",
        openapi_extra=BATCH,
        summary="Validate several documents; each counts as one call",
        responses=answers(BATCH_RESULT),
    )
    async def validate_batch(request: Request, granted: Validator) -> Response:
        """Check up to 500 documents, sent as JSON or as the files of a form with the same fields for all.

        With `Prefer: respond-async` it is answered by 202 and its address at once. A retry with the same
        `Idempotency-Key` acts once.
        """
        body, files = await _sent_together(request)
        return await run_in_threadpool(_batch, batches, request, granted, body, files)

    @router.get(
        "/batches/{batch_id}", summary="How far a batch is, and its results", responses=answers(BATCH_RESULT)
    )
    def batch(granted: Reader, batch_id: str) -> Response:
        """Return how many documents are done, and what became of each."""
        return _json(described(found(granted.store, batch_id)))

    @router.get(
        "",
        summary="List validations, newest first",
        responses=answers({"validations": [SUMMARY], "next_before": None}),
    )
    def listed(
        granted: Reader,
        limit: Annotated[int, Query(ge=1, le=_MOST_LISTED)] = 50,
        before: str | None = None,
    ) -> Response:
        """Return the tenant's validations; `next_before` of a full page asks for the next one."""
        runs = granted.store.runs(limit, before)
        return _json({"validations": [_summary(run) for run in runs], "next_before": _next(runs, limit)})

    @router.get(
        "/{run_id}",
        summary="One validation as it was answered, or as a report",
        responses=answers(
            RESULT,
            schema=result_schema(),
            sarif="application/sarif+json",
            html="text/html",
            pdf="application/pdf",
        ),
    )
    def one(
        granted: Reader,
        run_id: str,
        output: Annotated[Literal["json", "sarif", "text", "html", "pdf"], Query(alias="format")] = "json",
    ) -> Response:
        """Return the very bytes of the answer, or the same as SARIF, text, HTML or PDF."""
        result = granted.store.run(run_id)
        if result is None:
            message = f"There is no validation {run_id}; list them at /v1/validations."
            raise NotFound(message, "validation_not_found")
        if output == "json":
            return Response(result, media_type=_JSON)
        report = render([(run_id, msgspec.json.decode(result, type=Result))], output)
        return Response(report, media_type=MEDIA_TYPES[output])

    @router.get(
        "/{run_id}/document",
        summary="The document, where the tenant keeps documents",
        response_class=Response,
    )
    def kept(granted: Reader, run_id: str) -> Response:
        """Return the document as it was sent, as a file; documents are kept only where the tenant says so."""
        document = granted.store.document(run_id)
        if document is None:
            message = (
                f"The document of {run_id} is not kept; turn keeping on in the settings for those to come."
            )
            raise NotFound(message, "document_not_kept")
        media_type, content = document
        return Response(content, media_type=media_type, headers=_AS_FILE)

    return router


async def _sent(request: Request) -> tuple[bytes, Wanted | None]:
    """Return the body to hash and, where it is a form, the document in it."""
    if not is_form(request):
        return await raw_body(request), None
    form, _ = await wanted_in_form(request)
    return msgspec.json.encode(form), form


async def _sent_together(request: Request) -> tuple[bytes, list[Wanted] | None]:
    """Return the body to hash and, where it is a form, the documents in it."""
    if not is_form(request):
        return await raw_body(request), None
    files = await files_in_form(request)
    return msgspec.json.encode(files), files


def _validated(
    service: Service,
    batches: Batches,
    request: Request,
    granted: Granted,
    body: bytes,
    form: Wanted | None,
) -> Response:
    later = "respond-async" in request.headers.get("prefer", "")
    key = idempotency_key(request, body + b"later" * later)
    document = wanted(parsed(body, DocumentIn)) if form is None else form
    if later:
        return _accepted(batches.accept(granted, [document], key, later=True))
    granted.require_modules(document.modules)
    outcome = service.validate(Account.of(granted), document, key)
    return Response(outcome.response, outcome.status_code, quota_headers(outcome.quota), _JSON)


def _batch(
    batches: Batches, request: Request, granted: Granted, body: bytes, files: list[Wanted] | None
) -> Response:
    key = idempotency_key(request, body)
    documents = [wanted(one) for one in parsed(body, BatchIn).documents] if files is None else files
    later = "respond-async" in request.headers.get("prefer", "")
    return _accepted(batches.accept(granted, documents, key, later=later))


def _accepted(batch: Batch) -> Response:
    answer = _json(described(batch), 200 if batch.finished_at else 202)
    answer.headers["Location"] = f"/v1/validations/batches/{batch.batch_id}"
    return answer


def _json(told: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(told, default=str), status, media_type=_JSON)


def _summary(run: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": run["run_id"],
        **{name: value for name, value in run.items() if name not in ("seq", "run_id")},
    }


def _next(runs: list[dict[str, Any]], limit: int) -> str | None:
    return str(runs[-1]["run_id"]) if len(runs) == limit else None
