"""Tenants, their people and keys, made in the control plane as the customers of the demo world sign up."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tenants.audit import SYSTEM
from tenants.tenancy import NewTenant
from tenants.tenancy.provisioning import provision

if TYPE_CHECKING:
    from orchestration.demo.lives import Life
    from tenants.api.deps import Deps
    from tenants.clock import FixedClock
    from tenants.tenancy.records import TenantStatus

STATUS: dict[str, TenantStatus] = {
    "trialing": "trial",
    "active": "active",
    "past_due": "past_due",
    "unpaid": "past_due",
    "paused": "paused",
    "canceled": "canceled",
    "incomplete_expired": "canceled",
}
PASSWORD = "compliance-demo"  # noqa: S105 - printed for whoever tries the demo
ROLES = ("owner", "admin", "manager", "agent", "viewer")
STAFF = ("operator", "revenue", "success")
MOST_PEOPLE = 12
FULL_HOUSE = 0.15


class People:
    """Keeps the control plane in step with the lives of the demo world.

    Args:
        deps: The application's parts.
        clock: Its movable clock.
        seed: For how many people a tenant has.
    """

    def __init__(self, deps: Deps, clock: FixedClock, seed: int) -> None:
        self.deps, self.clock, self.seed = deps, clock, seed
        self.keys: dict[str, str] = {}
        self._as_known: dict[str, tuple[str, str]] = {}

    def follow(self, life: Life) -> None:
        """Bring one tenant up to date: new, on another plan, of another status."""
        if life.tenant_id is None or life.status not in STATUS:
            return
        if life.tenant_id not in self.keys:
            self._sign_up(life)
        elif self._as_known[life.tenant_id] != (life.plan, life.status):
            status = STATUS[life.status]
            self.deps.control.tenants.update(life.tenant_id, SYSTEM, plan=life.plan, status=status)
        self._as_known[life.tenant_id] = (life.plan, life.status)

    def _sign_up(self, life: Life) -> None:
        assert life.tenant_id  # noqa: S101 - asked before
        moment = self.clock.now()
        self.clock.set(life.signed_up_at)
        anchor = life.signed_up_at if self.deps.control.catalogue.usage_period != "calendar_month" else None
        new = NewTenant(
            tenant_id=life.tenant_id,
            name=life.name,
            slug=life.slug,
            plan=life.plan,
            status=STATUS[life.status],
            billing_email=life.email,
            stripe_customer_id=life.customer_id,
            usage_anchor_at=anchor,
        )
        provision(self.deps.control, self.deps.stores, new, SYSTEM)
        self.keys[life.tenant_id] = self.deps.control.keys.issue(life.tenant_id, "production", SYSTEM).text
        for number in range(self._head_count(life)):
            self._hire(life, number)
        self.clock.set(moment)

    def _hire(self, life: Life, number: int) -> None:
        role = ROLES[min(number, 3)]
        email = f"{role}{number or ''}@{life.slug}.example"
        user = self.deps.control.users.add(life.tenant_id, email, SYSTEM, role=role)
        self.deps.control.users.update(user.user_id, life.tenant_id, SYSTEM, status="active")

    def _head_count(self, life: Life) -> int:
        own = Random(f"{self.seed} {life.tenant_id}")
        limit = self.deps.control.catalogue.plan(life.plan).user_limit or MOST_PEOPLE
        most = min(limit, MOST_PEOPLE)
        return most if own.random() < FULL_HOUSE else own.randint(1, max(1, round(most * 0.7)))


def demo_users(deps: Deps, life: Life) -> list[tuple[str, str, str]]:
    """Add someone to sign in as for each role; returns where, role and e-mail address."""
    made, tenant_id, slug = [], life.tenant_id, life.slug
    for role in STAFF:
        email = f"{role}@staff.example"
        deps.control.users.add(None, email, SYSTEM, role=role, password=PASSWORD)
        made.append(("staff", role, email))
    for user in deps.control.users.of(tenant_id):
        if user.role != "owner":
            deps.control.users.deactivate(user.user_id, tenant_id, SYSTEM)
    for role in ROLES:
        email = f"demo-{role}@{slug}.example"
        deps.control.users.add(tenant_id, email, SYSTEM, role=role, password=PASSWORD)
        made.append((slug, role, email))
    return made
