"""Whether the process lives, whether it can serve, and its metrics."""

from __future__ import annotations

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation
from starlette.responses import Response

routes = APIRouter(tags=["health"])


@routes.get("/healthz", summary="The process lives")
def healthz() -> dict[str, str]:
    """Answer as long as the process does."""
    return {"status": "ok"}


@routes.get("/readyz", summary="The process can serve")
def readyz(request: Request) -> dict[str, str]:
    """Answer 200 where the control plane can be read, 503 where it cannot."""
    request.app.state.deps.control.database.generation()
    return {"status": "ready"}


@routes.get("/metrics", summary="Prometheus metrics", response_class=Response)
def metrics() -> Response:
    """Return the metrics of this process."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
