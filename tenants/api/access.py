"""The access decision as a dependency of routes, for the control plane and the data plane alike.

GateReader = Annotated[Granted, Depends(allow("gates:read"))]

@routes.get("/v1/gates")
def gates(granted: GateReader) -> …:
    granted.require_modules(["fca_uk"])
    granted.store.custom_gates()
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation

from tenants.access.decision import Needs, Situation, TenantFacts, decide, plan_refusal
from tenants.access.rates import RateState
from tenants.api.audited import tell_look, tell_refusal
from tenants.api.credentials import actor_of, principal_of
from tenants.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenants.api.deps import Deps
    from tenants.audit import Actor
    from tenants.sessions import Principal
    from tenants.stores import Period, TenantStore
    from tenants.tenancy import Entitlements, Tenant

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_UNLIMITED = RateState(is_within=True, limit=0, remaining=0, reset_seconds=0)


@dataclass(frozen=True, slots=True)
class Granted:
    """A request that may go on: who makes it, for which tenant, with what it may use."""

    deps: Deps
    principal: Principal
    actor: Actor
    account: tuple[Tenant, Entitlements] | None
    needs: Needs
    situation: Situation = field(repr=False)

    @property
    def tenant(self) -> Tenant:
        """Return the tenant it acts for.

        Raises:
            InvalidInput: A person of the staff named none.
        """
        return self._account()[0]

    @property
    def entitlements(self) -> Entitlements:
        """Return what that tenant may use now."""
        return self._account()[1]

    @property
    def store(self) -> TenantStore:
        """Return that tenant's store."""
        return self.deps.stores.open(self.tenant.tenant_id)

    @property
    def period(self) -> Period:
        """Return that tenant's present usage period."""
        return self.entitlements.period(self.deps.clock.now())

    def require_modules(self, modules: Iterable[str]) -> None:
        """Refuse modules that the plan lacks, naming the plan that has them.

        Raises:
            NotAllowed: One of them is not in the plan.
        """
        refusal = plan_refusal(self.situation, replace(self.needs, modules=tuple(modules)))
        if refusal is not None:
            raise refusal

    def _account(self) -> tuple[Tenant, Entitlements]:
        if self.account is None:
            message = "This belongs to one tenant; as staff, call it at the tenant's own host."
            raise InvalidInput(message, "tenant_required")
        return self.account


@dataclass(frozen=True, slots=True)
class Guard:
    """The dependency of a route: what it needs, decided on for each request."""

    permission: str | None
    feature: str | None = None
    is_billing: bool = False

    def __call__(self, request: Request) -> Granted:
        """Decide on a request."""
        is_reading = request.method in _READING
        return grant(request, Needs(self.permission, self.feature, (), is_reading, self.is_billing))


def allow(permission: str | None, *, feature: str | None = None, is_billing: bool = False) -> Guard:
    """Return the dependency of a route that needs a permission, and perhaps a feature of the plan."""
    return Guard(permission, feature, is_billing)


def grant(request: Request, needs: Needs) -> Granted:
    """Decide on a request.

    Raises:
        PlatformError: It is refused; which kind, and with which code, says why.
    """
    deps: Deps = request.app.state.deps
    host = deps.hosts.find(request.headers.get("host"))
    principal = None if host.kind == "unknown" else principal_of(request, deps)
    tenant_id = host.tenant_id or (principal and principal.tenant_id)
    account = _account(deps, tenant_id) if principal and tenant_id else None
    situation = Situation(
        host=host.kind,
        tenant=None if account is None else _facts(*account),
        is_known=principal is not None,
        caller_tenant_id=None if principal is None else principal.tenant_id,
        is_staff=principal is not None and principal.kind == "staff",
        permissions=principal.permissions if principal else frozenset(),
        take_rate=lambda: _take_rate(request, deps, principal, account),
        plan_with=lambda name: _plan_with(deps, name),
    )
    refusal = decide(situation, needs)
    actor = actor_of(request, principal)
    if refusal is not None:
        tell_refusal(deps, request, actor, principal, refusal)
        raise refusal
    assert principal is not None  # noqa: S101 - `decide` refuses whoever is not known
    if principal.kind == "staff" and account is not None:
        tell_look(deps, request, actor, account[0].tenant_id)
    return Granted(deps, principal, actor, account, needs, situation)


def _account(deps: Deps, tenant_id: str) -> tuple[Tenant, Entitlements]:
    tenant = deps.control.tenants.known(tenant_id)
    return tenant, deps.control.tenants.entitlements(tenant)


def _facts(tenant: Tenant, may: Entitlements) -> TenantFacts:
    return TenantFacts(
        tenant_id=tenant.tenant_id,
        is_in_service=tenant.is_in_service,
        status=tenant.status,
        modules=frozenset(may.modules),
        features=may.features,
    )


def _take_rate(
    request: Request, deps: Deps, principal: Principal | None, account: tuple[Tenant, Entitlements] | None
) -> RateState:
    if principal is None or account is None or principal.kind == "staff":
        return _UNLIMITED
    # The caller pays for its calls, also for those to another tenant's host.
    own = account if account[0].tenant_id == principal.tenant_id else _account(deps, str(principal.tenant_id))
    limits = [(own[0].tenant_id, own[1].rate_limit_per_minute)]
    if principal.rate_limit_per_minute is not None:
        limits.append((principal.principal_id, principal.rate_limit_per_minute))
    rate = deps.rates.take(limits)
    request.state.rate = rate
    return rate


def _plan_with(deps: Deps, name: str) -> str | None:
    catalogue = deps.control.catalogue
    plan = catalogue.first_plan_with(module=name) or catalogue.first_plan_with(feature=name)
    return None if plan is None else plan.id
