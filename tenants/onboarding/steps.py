"""What a tenant has done of its six first steps, told by facts, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants.control.tables import api_keys, users
from tenants.people.records import SEATED

if TYPE_CHECKING:
    from tenants.control import ControlPlane
    from tenants.stores import TenantStore
    from tenants.tenancy import Tenant


@dataclass(frozen=True, slots=True)
class Step:
    """A step, whether it is done, and how it is done."""

    step: str
    title: str
    is_done: bool
    next_action: str
    link: str


@dataclass(frozen=True, slots=True)
class Onboarding:
    """All steps in order."""

    steps: tuple[Step, ...]

    @property
    def next_step(self) -> Step | None:
        """Return the first step that is not done, None where all are."""
        return next((step for step in self.steps if not step.is_done), None)

    @property
    def is_complete(self) -> bool:
        """Return whether every step is done."""
        return self.next_step is None


# Step, title, what to do next, where.
_STEPS = (
    ("create_account", "Create account", "Create the account.", "/sign-in"),
    ("choose_plan", "Choose plan", "Choose a plan on the billing page.", "/billing"),
    ("add_team_members", "Add team members", "Invite a colleague.", "/v1/users"),
    ("configure_modules", "Configure modules", "Choose the modules that your documents need.", "/v1/tenants"),
    ("api_integration", "API integration", "Issue an API key and make a first call with it.", "/v1/api-keys"),
    ("first_validation", "First validation", "Validate a first document.", "/v1/validations"),
)


def onboarding_of(control: ControlPlane, store: TenantStore, tenant: Tenant) -> Onboarding:
    """Return what the tenant has done of its first steps."""
    people, is_integrated = _counts(control, tenant.tenant_id)
    is_billed = tenant.stripe_customer_id is not None
    facts = {
        "create_account": True,
        # Who is not billed through Stripe got the plan by agreement.
        "choose_plan": tenant.stripe_subscription_id is not None or not is_billed,
        "add_team_members": people > 1,
        "configure_modules": tenant.modules is not None,
        "api_integration": is_integrated,
        "first_validation": "validations" in store.features_in_use(),
    }
    return Onboarding(
        tuple(Step(step, title, facts[step], action, link) for step, title, action, link in _STEPS)
    )


def _counts(control: ControlPlane, tenant_id: str) -> tuple[int, bool]:
    people = (
        sa.select(sa.func.count())
        .select_from(users)
        .where(users.c.tenant_id == tenant_id, users.c.status.in_(SEATED))
    )
    used_key = (
        sa.select(api_keys.c.key_id)
        .where(api_keys.c.tenant_id == tenant_id, api_keys.c.last_used_at.is_not(None))
        .limit(1)
    )
    with control.database.read() as connection:
        return int(connection.scalar(people) or 0), connection.scalar(used_key) is not None
