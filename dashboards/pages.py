"""Which pages there are, and who sees them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.context import Context
    from tenants.sessions import Principal


@dataclass(frozen=True)
class Page:
    """One page of the navigation.

    Attributes:
        module: Under `dashboards.views`; holds `render(context)`.
        title: As shown.
        icon: Name of a Material symbol.
        section: The heading it stands under.
        permission: What a person needs to see it, by the one table of permissions; None for nothing.
        is_live: Whether it reads the control plane itself, and so needs no published build.
    """

    module: str
    title: str
    icon: str
    section: str
    permission: str | None
    is_live: bool = False

    @property
    def path(self) -> str:
        """Return its part of the address."""
        return self.module.rpartition(".")[2].replace("_", "-")

    def render(self, context: Context) -> None:
        """Show it; its module is imported when it is first shown."""
        show: Callable[[Context], None] = import_module(f"dashboards.views.{self.module}").render
        show(context)


_REVENUE, _SUCCESS, _OPERATIONS = "Revenue", "Customer success", "Operations"
INTERNAL = (
    Page("internal.revenue", "Revenue", "monitoring", _REVENUE, "revenue:read"),
    Page("internal.movements", "Movements", "swap_vert", _REVENUE, "revenue:read"),
    Page("internal.retention", "Retention", "grid_on", _REVENUE, "revenue:read"),
    Page("internal.trials", "Trials & dunning", "hourglass_top", _REVENUE, "revenue:read"),
    Page("internal.forward", "Forward", "trending_up", _REVENUE, "revenue:read"),
    Page("internal.reconciliation", "Reconciliation", "account_balance", _REVENUE, "revenue:read"),
    Page("internal.differences", "Why do we differ", "difference", _REVENUE, "revenue:read"),
    Page("internal.restatements", "Restatements", "history", _REVENUE, "revenue:read"),
    Page("internal.upsell", "Upsell", "rocket_launch", _SUCCESS, "growth:read"),
    Page("internal.health", "Health", "ecg_heart", _SUCCESS, "health:read"),
    Page("internal.quotas", "Quota use", "speed", _SUCCESS, "usage:read_all"),
    Page("internal.tenants", "Tenants", "apartment", _OPERATIONS, "tenants:read", is_live=True),
    Page("internal.stripe_billing", "Billing", "receipt_long", _OPERATIONS, "revenue:read", is_live=True),
    Page("internal.staff", "Staff", "badge", _OPERATIONS, "staff:manage", is_live=True),
    Page("internal.audit", "Audit", "policy", _OPERATIONS, "operations:read", is_live=True),
    Page("internal.backups", "Backups", "backup", _OPERATIONS, "operations:read", is_live=True),
    Page("internal.stores", "Stores", "database", _OPERATIONS, "operations:read", is_live=True),
    Page("internal.erasures", "Erasures", "delete_forever", _OPERATIONS, "tenants:manage", is_live=True),
    Page("internal.pipeline", "Pipeline", "conversion_path", _OPERATIONS, "operations:read"),
    Page("internal.findings", "Data quality", "rule", _OPERATIONS, "operations:read"),
    Page("internal.builds", "Builds", "deployed_code", _OPERATIONS, "operations:read"),
)
TENANT = (
    Page("tenant.overview", "Overview", "dashboard", "", "analytics:read"),
    Page("tenant.validations", "Validations", "fact_check", "", "validations:read"),
    Page("tenant.compliance", "Compliance", "verified_user", "", "analytics:read"),
    Page("tenant.usage", "Usage", "speed", "", "usage:read"),
    Page("tenant.billing", "Billing", "credit_card", "", "billing:read", is_live=True),
    Page("tenant.team", "Team", "group", "", "users:read", is_live=True),
    Page("tenant.settings", "Settings", "settings", "", "settings:read", is_live=True),
    Page("tenant.sign_on", "Single sign-on", "passkey", "", "sso:manage", is_live=True),
    Page("tenant.profile", "Profile", "person", "", None, is_live=True),
)


def seen_by(principal: Principal) -> list[Page]:
    """Return the pages of this person, in order; the first one opens.

    Staff see pages over all tenants, a tenant's people those of their own; an API key sees none.
    """
    pages = {"staff": INTERNAL, "user": TENANT if principal.tenant_id else ()}.get(principal.kind, ())
    return [page for page in pages if page.permission in {None, *principal.permissions}]
