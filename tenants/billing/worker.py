"""The work that billing does by itself: drain the inbox, charge overage."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog

from tenants.billing.applying import Applier
from tenants.billing.gateway import StripeGateway
from tenants.billing.overage import OverageBilling
from tenants.errors import PlatformError

if TYPE_CHECKING:
    from tenants.billing.inbox import Inbox
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores

log = structlog.get_logger()
_PAUSE_SECONDS = 1.0
# Overage is looked for hourly; an ended period can wait that long.
_PASSES_BETWEEN_OVERAGE = 3600


class BillingWorker:
    """A thread beside the API; as many of them as there are processes do no harm.

    Args:
        control: The tenants.
        stores: Their use.
        inbox: Stripe's events.
    """

    def __init__(self, control: ControlPlane, stores: TenantStores, inbox: Inbox) -> None:
        gateway = StripeGateway(control.settings)
        self._applier = Applier(control, inbox, gateway)
        self._overage = OverageBilling(control, stores, gateway)
        self._charges = bool(control.catalogue.overage_prices) and control.settings.stripe_api_key is not None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="billing", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the pass under way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        passes = 0
        while not self._stop.wait(_PAUSE_SECONDS):
            try:
                self._applier.drain()
                if self._charges and passes % _PASSES_BETWEEN_OVERAGE == 0:
                    self._overage.queue()
                    self._overage.send()
            except PlatformError as error:
                log.warning("billing_pass_failed", code=error.code)
            except Exception:
                # The thread outlives any one bad event; that event stays in the inbox with its failure.
                log.exception("billing_pass_broke")
            passes += 1
