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

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation

from tenants.access.decision import Needs, Situation, decide, plan_refusal
from tenants.access.situations import UNLIMITED, Account, account_of, situation_of
from tenants.api.audited import route_of, tell_look, tell_refusal
from tenants.api.credentials import actor_of, principal_of
from tenants.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenants.access.rates import RateState
    from tenants.api.deps import Deps
    from tenants.audit import Actor
    from tenants.sessions import Principal
    from tenants.stores import Period, TenantStore
    from tenants.tenancy import Entitlements, Tenant

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Granted:
    """A request that may go on: who makes it, for which tenant, with what it may use."""

    deps: Deps
    principal: Principal
    actor: Actor
    account: Account | None
    needs: Needs
    situation: Situation = field(repr=False)
    route: str = ""

    @property
    def tenant(self) -> Tenant:
        """Return the tenant it acts for.

        Raises:
            InvalidInput: A person of the staff named none.
        """
        return self._account().tenant

    @property
    def entitlements(self) -> Entitlements:
        """Return what that tenant may use now."""
        return self._account().entitlements

    @property
    def store(self) -> TenantStore:
        """Return that tenant's store."""
        return self.deps.stores.open(self.tenant.tenant_id)

    @property
    def is_logged(self) -> bool:
        """Return whether the tenant asks for a log of its requests."""
        return self.account is not None and self.account.tenant.is_audited

    @property
    def period(self) -> Period:
        """Return that tenant's present usage period."""
        return self.entitlements.period(self.deps.clock.now())

    def look_into(self, tenant_id: str) -> None:
        """Tell a tenant's log that a person of the staff sees its data from outside its own host."""
        if self.principal.kind == "staff" and self.account is None:
            tell_look(self.deps, self.route, self.actor, tenant_id)

    def require_modules(self, modules: Iterable[str]) -> None:
        """Refuse modules that the plan lacks, naming the plan that has them.

        Raises:
            NotAllowed: One of them is not in the plan.
        """
        refusal = plan_refusal(self.situation, replace(self.needs, modules=tuple(modules)))
        if refusal is not None:
            raise refusal

    def _account(self) -> Account:
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
    is_taking_along: bool = False

    async def __call__(self, request: Request) -> Granted:
        """Return what was decided on a request, deciding at the first call."""
        granted: Granted | None = getattr(request.state, "granted", None)
        return await run_in_threadpool(self.decide, request) if granted is None else granted

    def decide(self, request: Request) -> Granted:
        """Decide on a request.

        Raises:
            PlatformError: It is refused; which kind, and with which code, says why.
        """
        is_reading = request.method in _READING
        stays_open = (is_reading, self.is_billing, self.is_taking_along)
        return grant(request, Needs(self.permission, self.feature, (), *stays_open))


def allow(
    permission: str | None,
    *,
    feature: str | None = None,
    is_billing: bool = False,
    is_taking_along: bool = False,
) -> Guard:
    """Return the dependency of a route that needs a permission, and perhaps a feature of the plan."""
    return Guard(permission, feature, is_billing, is_taking_along)


def grant(request: Request, needs: Needs) -> Granted:
    """Decide on a request.

    Raises:
        PlatformError: It is refused; which kind, and with which code, says why.
    """
    deps: Deps = request.app.state.deps
    with deps.control.database.one_look():
        granted = _granted(request, deps, needs)
    request.state.granted = granted
    return granted


def _granted(request: Request, deps: Deps, needs: Needs) -> Granted:
    host = deps.hosts.find(request.headers.get("host"))
    principal = None if host.kind == "unknown" else principal_of(request, deps)
    tenant_id = host.tenant_id or (principal.tenant_id if principal else None)
    account = account_of(deps.control, tenant_id) if principal and tenant_id else None
    situation = situation_of(
        deps.control, host, principal, account, lambda: _take_rate(request, deps, principal, account)
    )
    refusal = decide(situation, needs)
    actor = actor_of(request, principal)
    if refusal is not None:
        tell_refusal(deps, request, actor, principal, refusal)
        raise refusal
    assert principal is not None  # noqa: S101 - `decide` refuses whoever is not known
    route = route_of(request)
    if principal.kind == "staff" and account is not None:
        tell_look(deps, route, actor, account.tenant.tenant_id)
    return Granted(deps, principal, actor, account, needs, situation, route)


def _take_rate(
    request: Request, deps: Deps, principal: Principal | None, account: Account | None
) -> RateState:
    if principal is None or principal.tenant_id is None:
        return UNLIMITED
    # The caller pays for its calls, also for those to another tenant's host.
    own = account
    if own is None or own.tenant.tenant_id != principal.tenant_id:
        own = account_of(deps.control, principal.tenant_id)
    limits = [(principal.tenant_id, own.entitlements.rate_limit_per_minute)]
    if principal.rate_limit_per_minute is not None:
        limits.append((principal.principal_id, principal.rate_limit_per_minute))
    rate = deps.rates.take(limits)
    request.state.rate = rate
    return rate
