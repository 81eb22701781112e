"""The work that billing does by itself: drain the inbox, charge overage, let what nobody may use run out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenants.billing.applying import Applier
from tenants.billing.closing import Closing
from tenants.billing.gateway import StripeGateway
from tenants.billing.overage import OverageBilling
from tenants.passes import Passes

if TYPE_CHECKING:
    from tenants.billing.inbox import Inbox
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores

_PAUSE_SECONDS = 1.0
# Overage is looked for hourly; an ended period can wait that long.
_PASSES_BETWEEN_OVERAGE = 3600
_PASSES_BETWEEN_SETTLING = 60


class BillingWorker(Passes):
    """A thread beside the API; as many of them as there are processes do no harm.

    Args:
        control: The tenants.
        stores: Their use.
        inbox: Stripe's events.
    """

    def __init__(self, control: ControlPlane, stores: TenantStores, inbox: Inbox) -> None:
        super().__init__("billing", _PAUSE_SECONDS)
        gateway = StripeGateway(control.settings)
        self._applier = Applier(control, inbox, gateway)
        self._closing = Closing(control, self._applier, gateway)
        self._overage = OverageBilling(control, stores, gateway)
        self._charges = bool(control.catalogue.overage_prices) and control.settings.stripe_api_key is not None

    def _do(self, number: int) -> bool:
        self._applier.drain()
        if number % _PASSES_BETWEEN_SETTLING == 0:
            self._closing.settle()
        if self._charges and number % _PASSES_BETWEEN_OVERAGE == 0:
            self._overage.queue()
            self._overage.send()
        return True
