"""The mail that goes out by itself beside the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenants.mail.smtp import send_waiting
from tenants.onboarding.mails import queue_due
from tenants.passes import Passes

if TYPE_CHECKING:
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores

_PAUSE_SECONDS = 5.0
_PASSES_BETWEEN_ONBOARDING = 12


class MailWorker(Passes):
    """A thread that queues what became due and sends what waits; idle without LOKI_SMTP_URL.

    Args:
        control: Holds the outbox.
        stores: Tell of first validations.
    """

    def __init__(self, control: ControlPlane, stores: TenantStores) -> None:
        super().__init__("mail", _PAUSE_SECONDS)
        self._control = control
        self._stores = stores

    def start(self) -> None:
        """Begin, where there is a server to send through."""
        if self._control.settings.smtp_url is not None:
            super().start()

    def _do(self, number: int) -> bool:
        if number % _PASSES_BETWEEN_ONBOARDING == 0:
            queue_due(self._control, self._stores)
        send_waiting(self._control)
        return True
