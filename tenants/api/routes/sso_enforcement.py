"""Whether a tenant's people have to come through their company's sign-in."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic needs it at run time
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.api.models import ReasonIn  # noqa: TC001 - FastAPI reads the annotation
from tenants.sso.checks import FEATURE

if TYPE_CHECKING:
    from tenants.sso.enforcement import SsoPolicy

routes = APIRouter(prefix="/v1", tags=["single sign-on"], route_class=GuardedRoute)

Manager = Annotated[Granted, Depends(allow("sso:manage", feature=FEATURE))]
# Lifting stays open on a smaller plan, where it is out of force already.
Owner = Annotated[Granted, Depends(allow("sso:manage"))]
Operator = Annotated[Granted, Depends(allow("tenants:manage"))]
_UserId = Annotated[str, StringConstraints(min_length=1, max_length=50)]


class EnforcementIn(BaseModel):
    """That passwords sign nobody in any more, but perhaps one."""

    model_config = ConfigDict(extra="forbid")

    break_glass_user_id: _UserId | None = Field(
        None,
        description="The owner whose password goes on working, for the day on which the provider does not.",
        examples=["usr_7189ve8xw3neajsz"],
    )


class EnforcementOut(BaseModel):
    """Whether passwords sign people in; `is_enforced` only while the plan has single sign-on."""

    is_enforced: bool = Field(examples=[True])
    break_glass_user_id: str | None = Field(examples=["usr_7189ve8xw3neajsz"])
    enforced_at: datetime | None
    enforced_by: str | None = Field(examples=["user:usr_7189ve8xw3neajsz"])


@routes.get("/sso/enforcement", summary="Get whether single sign-on is enforced")
def get_enforcement(granted: Owner) -> EnforcementOut:
    """Return whether people have to come through their company, and whose password goes on working."""
    return _out(granted.deps.control.enforcement.in_force(granted.tenant.tenant_id))


@routes.put("/sso/enforcement", summary="Enforce single sign-on")
def enforce(body: EnforcementIn, granted: Manager) -> EnforcementOut:
    """Let people come through their company only; sessions by password end at once, API keys go on.

    A connection has to have passed its test, or to have been come by, since it was saved; and an owner
    has to have linked their own sign-in, or to be named as the one whose password goes on working.
    Invited people and those whose identity is not linked yet are sent a link that joins the two.
    """
    enforcement = granted.deps.control.enforcement
    return _out(enforcement.enforce(granted.tenant.tenant_id, granted.actor, body.break_glass_user_id))


@routes.delete("/sso/enforcement", status_code=204, summary="Enforce single sign-on no more")
def lift(granted: Owner) -> None:
    """Let passwords sign in again beside single sign-on; who has none asks for one on the sign-in page."""
    granted.deps.control.enforcement.lift(granted.tenant.tenant_id, granted.actor)


@routes.post(
    "/tenants/{tenant_id}/sso-recovery", status_code=204, summary="Let a locked-out tenant in by password"
)
def recover(tenant_id: str, body: ReasonIn, granted: Operator) -> None:
    """Lift the enforcement where people cannot come any more (staff: operator); its log tells why."""
    control = granted.deps.control
    control.enforcement.lift(control.tenants.get(tenant_id).tenant_id, granted.actor, body.reason)


def _out(policy: SsoPolicy | None) -> EnforcementOut:
    if policy is None:
        return EnforcementOut(is_enforced=False, break_glass_user_id=None, enforced_at=None, enforced_by=None)
    return EnforcementOut(
        is_enforced=True,
        break_glass_user_id=policy.break_glass_user_id,
        enforced_at=policy.enforced_at,
        enforced_by=policy.enforced_by,
    )
