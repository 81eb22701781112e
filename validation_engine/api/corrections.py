"""`POST /v1/corrections`: a document with its faults mended, the edits explained, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, get_args

import msgspec
from fastapi import APIRouter, Depends
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation
from starlette.responses import Response

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.errors import InvalidInput
from tenants.ids import new_id
from tenants.stores import MeteredCall
from validation_engine.api.accounts import Account
from validation_engine.api.bodies import CorrectionIn, Wanted, wanted
from validation_engine.api.commits import charge
from validation_engine.api.engine_errors import as_platform_errors
from validation_engine.api.examples import CORRECTED
from validation_engine.api.forms import correction_in_form, is_form
from validation_engine.api.openapi import CORRECTION, answers
from validation_engine.api.queries import strict_query
from validation_engine.api.reading import parsed, raw_body
from validation_engine.api.service import accepted, idempotency_key, quota_headers
from validation_engine.corrections.answer import corrected_answer
from validation_engine.corrections.correct import Apply

if TYPE_CHECKING:
    from validation_engine.api.service import Service

_ENDPOINT = "/v1/corrections"
Corrector = Annotated[Granted, Depends(allow("documents:correct"))]
_APPLIES = get_args(Apply)


def routes(service: Service) -> APIRouter:
    """Return the route of corrections."""
    router = APIRouter(
        prefix="/v1", tags=["corrections"], route_class=GuardedRoute, dependencies=[Depends(strict_query)]
    )

    @router.post(
        "/corrections",
        openapi_extra=CORRECTION,
        summary="Correct a document; counts as one call",
        responses=answers(CORRECTED),
    )
    async def correct(request: Request, granted: Corrector) -> Response:
        """Return edits with their reasons, safe or for review, the text with those applied, both results."""
        if is_form(request):
            form = await correction_in_form(request)
            body = msgspec.json.encode(form)
            return await run_in_threadpool(_corrected, service, request, granted, body, form)
        body = await raw_body(request)
        return await run_in_threadpool(_corrected, service, request, granted, body, None)

    return router


def _corrected(
    service: Service, request: Request, granted: Granted, body: bytes, form: tuple[Wanted, str] | None
) -> Response:
    key = idempotency_key(request, body)
    document, apply = form or _from_json(body, request)
    if apply not in _APPLIES:
        message = f"`apply` is {apply!r}; use one of: {', '.join(_APPLIES)}."
        raise InvalidInput(message, "invalid_body")
    granted.require_modules(document.modules)
    account = Account.of(granted)
    now = account.now()
    call = MeteredCall(
        call_id=new_id("cor"),
        charge=charge(account, now),
        endpoint=_ENDPOINT,
        occurred_at=now,
        response=_answer(service, account, document, apply),
        modules=document.modules,
        idempotency=key,
    )
    outcome = accepted(account.store.commit_call(call), now)
    return Response(outcome.response, outcome.status_code, quota_headers(outcome.quota), "application/json")


def _from_json(body: bytes, request: Request) -> tuple[Wanted, str]:
    told = parsed(body, CorrectionIn, request.headers, takes_form=True)
    return wanted(told), told.apply


def _answer(service: Service, account: Account, document: Wanted, apply: Any) -> bytes:  # noqa: ANN401 - checked above
    task = service.task(account, document)
    with as_platform_errors():
        return corrected_answer(
            service.engine,
            document.read(),
            task.options,
            original=document.original,
            apply=apply,
            custom=service.bench.compiled(task.own),
        )
