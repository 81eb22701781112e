"""One subscription for a tenant: what begins one is done alone, and only where Stripe knows of none."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from tenants.billing.state import RUNNING, plan_items
from tenants.errors import Conflict, InvalidInput, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.billing.applying import Applier
    from tenants.billing.gateway import Json, StripeGateway
    from tenants.control import ControlPlane
    from tenants.tenancy import Tenant

# The key under which a subscription was asked for, in its metadata: a repeated request finds its own.
ASKED_AS = "asked_as"


def already_subscribed(plan: str | None) -> Conflict:
    """Return the refusal of a second subscription."""
    message = f"There is a subscription to {plan or 'a plan'} already; change its plan instead."
    return Conflict(message, "already_subscribed")


class Single:
    """Keeps a tenant from beginning two subscriptions.

    Args:
        control: The tenants.
        applier: Takes in a subscription of which no event has reached us.
        gateway: The Stripe account.
    """

    def __init__(self, control: ControlPlane, applier: Applier, gateway: StripeGateway) -> None:
        self._control = control
        self._applier = applier
        self._gateway = gateway

    @contextmanager
    def beginning(self, tenant: Tenant) -> Iterator[Tenant]:
        """Enter a block alone for a tenant, over threads and processes, and get the tenant as it is now.

        Raises:
            Conflict: Another request is within such a block.
        """
        path = self._control.settings.state() / "subscribing" / f"{tenant.tenant_id}.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            message = (
                "Another request is starting a subscription at this moment; look at the billing state first."
            )
            raise Conflict(message, "subscription_under_way") from None
        try:
            yield self._control.tenants.get(tenant.tenant_id)
        finally:
            path.unlink(missing_ok=True)  # while it is held: whoever waits with the old file tries again
            lock.release()

    def own_or_none(self, customer: str, asked_as: str | None = None) -> Json | None:
        """Return the subscription that an earlier try of the same request began, None where none runs.

        Raises:
            Conflict: Stripe knows of another one that runs; it is taken in.
        """
        running = [each for each in self._gateway.subscriptions(customer) if each["status"] in RUNNING]
        own = [each for each in running if asked_as and each["metadata"].get(ASKED_AS) == asked_as]
        if running and not own:
            self._applier.learn(*running)
            plans = plan_items(running[0], self._control.catalogue)
            raise already_subscribed(plans[0][0] if plans else None)
        return own[0] if own else None

    def close_pages(self, customer: str, but: str | None = None) -> None:
        """Close the Checkout pages on which a customer could still subscribe, but for one."""
        for session in list(self._gateway.open_checkouts(customer)):
            if session["mode"] == "subscription" and session["id"] != but:
                with suppress(InvalidInput, NotFound):  # completed or expired in the meantime
                    self._gateway.expire_checkout(session["id"])
