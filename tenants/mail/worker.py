"""The mail that goes out by itself beside the API."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog

from tenants.errors import PlatformError
from tenants.mail.smtp import send_waiting
from tenants.onboarding.mails import queue_due

if TYPE_CHECKING:
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores

_log = structlog.get_logger(__name__)
_PAUSE_SECONDS = 5.0
_PASSES_BETWEEN_ONBOARDING = 12


class MailWorker:
    """A thread that queues what became due and sends what waits; idle without LOKI_SMTP_URL.

    Args:
        control: Holds the outbox.
        stores: Tell of first validations.
    """

    def __init__(self, control: ControlPlane, stores: TenantStores) -> None:
        self._control = control
        self._stores = stores
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mail", daemon=True)

    def start(self) -> None:
        """Begin, where there is a server to send through."""
        if self._control.settings.smtp_url is not None:
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
                if passes % _PASSES_BETWEEN_ONBOARDING == 0:
                    queue_due(self._control, self._stores)
                send_waiting(self._control)
            except PlatformError as error:
                _log.warning("mail_pass_failed", code=error.code)
            except Exception:  # noqa: BLE001 - the thread sends for every tenant: it outlives any one bad mail
                _log.exception("mail_pass_broke")
            passes += 1
