"""`POST /v1/validations`, for one document and for batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from fastapi import APIRouter, Depends
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation
from starlette.responses import Response

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.api.hot_routes import HotRoute
from validation_engine.api.accounts import Account
from validation_engine.api.answering import JSON, as_json
from validation_engine.api.batches import Batches, described, found
from validation_engine.api.bodies import BatchIn, DocumentIn, Wanted, wanted
from validation_engine.api.examples import BATCH_RESULT, RESULT
from validation_engine.api.forms import files_in_form, is_form, wanted_in_form
from validation_engine.api.openapi import BATCH, VALIDATION, answers, result_schema
from validation_engine.api.queries import refuse_misfits, strict_query
from validation_engine.api.reading import parsed, raw_body
from validation_engine.api.service import idempotency_key, quota_headers

if TYPE_CHECKING:
    from tenants.stores import Batch
    from validation_engine.api.service import Service

_may_validate = allow("documents:validate")
Validator = Annotated[Granted, Depends(_may_validate)]
Reader = Annotated[Granted, Depends(allow("validations:read"))]


def routes(service: Service) -> APIRouter:
    """Return the routes that validate."""
    router = APIRouter(
        prefix="/v1/validations",
        tags=["validations"],
        route_class=GuardedRoute,
        dependencies=[Depends(strict_query)],
    )
    batches = Batches(service)
    batches.take_up()

    async def validate(request: Request) -> Response:
        """Check one document, sent as JSON or as a file in a form, against the modules asked for.

        It counts as one call whatever the verdict; a refused one does not. With `Prefer: respond-async`
        it is answered by 202 and a batch of one. A retry with the same `Idempotency-Key` acts once.
        """
        granted = await _may_validate(request)
        refuse_misfits(request, ())
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
        return as_json(described(found(granted.store, batch_id)))

    return router


async def _sent(request: Request) -> tuple[bytes, Wanted | None]:
    """Return the body to hash and, where it is a form, the document in it."""
    if not is_form(request):
        return await raw_body(request), None
    form = await wanted_in_form(request)
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
    later = _is_for_later(request)
    key = idempotency_key(request, body + b"later" * later)
    document = wanted(parsed(body, DocumentIn, request.headers, takes_form=True)) if form is None else form
    if later:
        return _accepted(batches.accept(granted, [document], key, later=True))
    granted.require_modules(document.modules)
    outcome = service.validate(Account.of(granted), document, key)
    return Response(outcome.response, outcome.status_code, quota_headers(outcome.quota), JSON)


def _batch(
    batches: Batches, request: Request, granted: Granted, body: bytes, files: list[Wanted] | None
) -> Response:
    key = idempotency_key(request, body)
    documents = _documents(body, request) if files is None else files
    later = _is_for_later(request)
    return _accepted(batches.accept(granted, documents, key, later=later))


def _documents(body: bytes, request: Request) -> list[Wanted]:
    return [wanted(one) for one in parsed(body, BatchIn, request.headers, takes_form=True).documents]


def _is_for_later(request: Request) -> bool:
    """Return whether the caller prefers the answer in the background; preferences of others are not ours."""
    told = ",".join(request.headers.getlist("prefer")).split(",")
    return "respond-async" in [one.partition(";")[0].strip().lower() for one in told]


def _accepted(batch: Batch) -> Response:
    answer = as_json(described(batch), 200 if batch.finished_at else 202)
    answer.headers["Location"] = f"/v1/validations/batches/{batch.batch_id}"
    return answer
