"""The tenant's first steps."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.onboarding import onboarding_of

routes = APIRouter(prefix="/v1/onboarding", tags=["onboarding"], route_class=GuardedRoute)

Reader = Annotated[Granted, Depends(allow("onboarding:read"))]


class StepOut(BaseModel):
    """A step; `next_action` says how it is done, `link` where."""

    step: str
    title: str
    is_done: bool
    next_action: str
    link: str


class OnboardingOut(BaseModel):
    """The six steps in order, and the next one."""

    is_complete: bool
    next_step: str | None
    next_action: str | None
    steps: list[StepOut]


@routes.get("", summary="The first steps and what comes next")
def get_onboarding(granted: Reader) -> OnboardingOut:
    """Return which of the six steps are done; each is done by the fact itself."""
    told = onboarding_of(granted.deps.control, granted.store, granted.tenant)
    following = told.next_step
    return OnboardingOut(
        is_complete=told.is_complete,
        next_step=following.step if following else None,
        next_action=following.next_action if following else None,
        steps=[StepOut.model_validate(step, from_attributes=True) for step in told.steps],
    )
