"""All routes of the data plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

from validation_engine.api import (
    analytics,
    catalogue,
    corrections,
    custom_gates,
    history,
    suppressions,
    validations,
)
from validation_engine.api.service import Service

if TYPE_CHECKING:
    from tenants.api.deps import Deps
    from validation_engine.api.crew import Crew


def router(deps: Deps, crew: Crew | None = None) -> APIRouter:
    """Return the data plane's routes, working with the process's parts and, where it has one, its crew."""
    service = Service(deps, crew)
    routes = APIRouter()
    for part in (validations, history, corrections, catalogue, custom_gates, suppressions, analytics):
        routes.include_router(part.routes(service))
    return routes
