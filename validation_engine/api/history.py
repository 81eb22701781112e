"""`GET /v1/validations`: what was validated, as it was answered then, and as reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.errors import InvalidInput, NotFound
from validation_engine.api.answering import JSON, as_json
from validation_engine.api.examples import RESULT, SUMMARY
from validation_engine.api.openapi import answers, result_schema
from validation_engine.api.queries import strict_query
from validation_engine.reports import MEDIA_TYPES, render
from validation_engine.results import Result

if TYPE_CHECKING:
    from tenants.stores import TenantStore
    from validation_engine.api.service import Service

Reader = Annotated[Granted, Depends(allow("validations:read"))]
_MOST_LISTED = 200
# What tenants upload is never shown as a page of ours.
_AS_FILE = {"Content-Disposition": "attachment", "Content-Security-Policy": "sandbox"}


def routes(_: Service) -> APIRouter:
    """Return the routes of the history."""
    router = APIRouter(
        prefix="/v1/validations",
        tags=["validations"],
        route_class=GuardedRoute,
        dependencies=[Depends(strict_query)],
    )

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
        if not runs and before is not None:
            _refuse_unknown(granted.store, before)
        return as_json({"validations": [_summary(run) for run in runs], "next_before": _next(runs, limit)})

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
            raise _missing(run_id)
        if output == "json":
            return Response(result, media_type=JSON)
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
        if document is None and granted.store.run(run_id) is None:
            raise _missing(run_id)
        if document is None:
            message = (
                f"The document of {run_id} is not kept; turn keeping on in the settings for those to come."
            )
            raise NotFound(message, "document_not_kept")
        media_type, content = document
        return Response(content, media_type=media_type, headers=_AS_FILE)

    return router


def _refuse_unknown(store: TenantStore, before: str) -> None:
    """Refuse a cursor that is none of the tenant's validations: the empty page would pass for an end."""
    if store.run(before) is None:
        message = f"There is no validation {before[:80]!r} to list from; give a page's `next_before`."
        raise InvalidInput(message, "unknown_cursor")


def _missing(run_id: str) -> NotFound:
    message = f"There is no validation {run_id[:80]}; list them at /v1/validations."
    return NotFound(message, "validation_not_found")


def _summary(run: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": run["run_id"],
        **{name: value for name, value in run.items() if name not in ("seq", "run_id")},
    }


def _next(runs: list[dict[str, Any]], limit: int) -> str | None:
    return str(runs[-1]["run_id"]) if len(runs) == limit else None
