"""`GET /v1/analytics`: the tenant's own numbers, from the file that is published for it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response  # noqa: TC002 - FastAPI reads the annotation

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.warehouse import Warehouse
from validation_engine.api.answering import as_json
from validation_engine.api.examples import ANALYTICS
from validation_engine.api.openapi import answers
from validation_engine.api.queries import strict_query

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from validation_engine.api.service import Service

Reader = Annotated[Granted, Depends(allow("analytics:read"))]
# Each asks one published mart; the tenant's file holds no rows but the tenant's.
_QUESTIONS = {
    "top_violations": """
        select month, module, gate_id, title, failures, runs, rank from marts.top_violations
        where tenant_id = $tenant_id
        order by month desc, rank, gate_id limit $most
    """,
    "compliance_trend": """
        select day, document_type, module, runs, passed, pass_rate from marts.compliance_trend
        where tenant_id = $tenant_id
        order by day desc, document_type, module limit $most
    """,
    "quota_use": """
        select meter, period_start, period_end, used, quota, use_percent, is_over_limit, exhausted_on
        from marts.quota_use where tenant_id = $tenant_id
        order by period_start desc, meter limit $most
    """,
    "usage_days": """
        select day, meter, module, endpoint, requests, units, succeeded, failed from marts.usage_days
        where tenant_id = $tenant_id
        order by day desc, meter, module, endpoint limit $most
    """,
}


def routes(service: Service) -> APIRouter:
    """Return the route of analytics."""
    router = APIRouter(
        prefix="/v1", tags=["analytics"], route_class=GuardedRoute, dependencies=[Depends(strict_query)]
    )
    warehouse = Warehouse(service.deps.settings.state())

    @router.get(
        "/analytics",
        summary="Top violations, compliance trend, quota use and usage, as last published",
        responses=answers(ANALYTICS),
    )
    def analytics(granted: Reader, limit: Annotated[int, Query(ge=1, le=5_000)] = 500) -> Response:
        """Return the tenant's own numbers, of the published build that is named with them."""
        tenant_id = granted.tenant.tenant_id
        build = warehouse.published()
        with warehouse.open_tenant(tenant_id, build.id) as connection:
            body: dict[str, Any] = {"build": build.id, "as_of": build.built_at}
            for name, question in _QUESTIONS.items():
                body[name] = _rows(connection, question, {"tenant_id": tenant_id, "most": limit})
        return as_json(body)

    return router


def _rows(connection: DuckDBPyConnection, question: str, values: dict[str, object]) -> list[dict[str, Any]]:
    answer = connection.execute(question, values)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
