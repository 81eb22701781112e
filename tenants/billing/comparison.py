"""The nightly comparison of what we believe with what Stripe says; differences are listed and repaired.

A second subscription of one tenant is only listed: which of the two is wanted, a person must say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenants.billing.facts import facts_of_customer
from tenants.billing.state import LIVE, moment, read_state
from tenants.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tenants.billing.applying import Applier
    from tenants.billing.gateway import Json, StripeGateway
    from tenants.control import ControlPlane
    from tenants.tenancy import Tenant

_COMPARED = {
    "subscription": (
        "status",
        "cancel_at",
        "cancel_at_period_end",
        "trial_end",
        "pause_collection",
        "billing_cycle_anchor",
    ),
    "invoice": ("status", "amount_due", "amount_paid", "attempt_count"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which we and Stripe did not agree."""

    tenant_id: str
    object_id: str
    field: str
    ours: str
    stripes: str


def compare(
    control: ControlPlane,
    applier: Applier,
    gateway: StripeGateway,
    *,
    repair: bool = True,
    only: str | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> list[Difference]:
    """Compare every tenant that has a Stripe customer and, unless told otherwise, take in Stripe's view.

    Args:
        control: The tenants, and what we believe.
        applier: Takes in what Stripe says.
        gateway: The Stripe account.
        repair: Whether it does.
        only: The one tenant to compare; None for all.
        tell: Told how many tenants of how many are compared.
    """
    found = []
    tenants = [each for each in control.tenants.all() if each.stripe_customer_id and not each.erased_at]
    chosen = [each for each in tenants if only in {None, each.tenant_id}]
    for number, tenant in enumerate(chosen, 1):
        try:
            differing = list(_differing(control, gateway, tenant))
        except NotFound:  # deleted at Stripe, or of another account: nothing to learn, and no other's trouble
            customer = str(tenant.stripe_customer_id)
            found.append(Difference(tenant.tenant_id, customer, "id", "known", "unknown"))
            differing = []
        drift = applier.drift(tenant)
        found.extend(_drifted(tenant, drift))
        for body, differences in differing:
            found.extend(differences)
            if repair and body is not None:
                applier.learn(body)
        if repair and drift:
            applier.settle(control.tenants.get(tenant.tenant_id))
        if tell is not None:
            tell(number, len(chosen))
    return found


def adopt(applier: Applier, gateway: StripeGateway) -> int:
    """Take in everything that Stripe knows of its customers at once, and return how many objects that is.

    For an account that had customers before this installation heard of its events.
    """
    bodies = [*gateway.subscriptions(), *gateway.invoices()]
    applier.learn(*bodies)
    return len(bodies)


def _differing(
    control: ControlPlane, gateway: StripeGateway, tenant: Tenant
) -> Iterator[tuple[Json | None, list[Difference]]]:
    """Yield what Stripe says with how it differs; None is said of what cannot be taken in."""
    customer = str(tenant.stripe_customer_id)
    with control.database.read() as connection:
        facts = facts_of_customer(connection, customer)
    ours = {fact.object_id: fact.body for fact in facts}
    subscriptions = list(gateway.subscriptions(customer))
    live = sorted(body["id"] for body in subscriptions if body["status"] in LIVE)
    if len(live) > 1:
        known = read_state(facts, control.catalogue).subscription_id or "unknown"
        yield None, [Difference(tenant.tenant_id, customer, "second_subscription", known, ", ".join(live))]
    for body in (*subscriptions, *gateway.invoices(customer)):
        differences = list(_differences(tenant.tenant_id, ours.get(body["id"]), body))
        if differences:
            yield body, differences


def _drifted(tenant: Tenant, drift: dict[str, Any]) -> Iterator[Difference]:
    """Yield where the tenant itself is not what Stripe told us, such as on a plan that nobody pays."""
    for name, value in sorted(drift.items()):
        ours = getattr(tenant, name)
        if name == "overrides":
            name, ours, value = "seats", ours.seats, value.seats  # noqa: PLW2901 - all that Stripe tells of them
        yield Difference(tenant.tenant_id, tenant.tenant_id, name, str(ours), str(value))


def _differences(tenant_id: str, ours: Json | None, stripes: Json) -> Iterator[Difference]:
    if ours is None:
        yield Difference(tenant_id, stripes["id"], "id", "unknown", str(stripes["status"]))
        return
    for name, old, new in _pairs(ours, stripes):
        if old != new:
            yield Difference(tenant_id, stripes["id"], name, str(old), str(new))


def _pairs(ours: Json, stripes: Json) -> Iterator[tuple[str, object, object]]:
    for name in _COMPARED[stripes["object"]]:
        yield name, ours.get(name), stripes.get(name)
    if stripes["object"] == "subscription":
        yield "items", _sold(ours), _sold(stripes)
        yield "current_period_end", _paid_until(ours), _paid_until(stripes)


def _sold(subscription: Json) -> list[tuple[str, object]]:
    return sorted((item["price"]["id"], item.get("quantity")) for item in subscription["items"]["data"])


def _paid_until(subscription: Json) -> list[str]:
    whole = subscription.get("current_period_end")  # before 2025 the items did not have it
    ends = (moment(item.get("current_period_end", whole)) for item in subscription["items"]["data"])
    return sorted({f"{end:%Y-%m-%d %H:%M}" for end in ends if end is not None})
