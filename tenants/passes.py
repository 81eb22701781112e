"""A thread beside the API that does one pass of its work after another, and outlives each that fails."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod

import structlog

from tenants.errors import PlatformError

log = structlog.get_logger()


class Passes(ABC):
    """Work that the API does by itself.

    Args:
        name: Of the thread, and in the log.
        pause: Seconds between two passes.
        pause_after_failure: Seconds after one that failed; the same where none are given.
    """

    def __init__(self, name: str, pause: float, pause_after_failure: float | None = None) -> None:
        self._name = name
        self._pauses = {True: pause, False: pause if pause_after_failure is None else pause_after_failure}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the pass under way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    @abstractmethod
    def _do(self, number: int) -> bool:
        """Do the pass of a number, the first being 0, and return whether all went well."""

    def _run(self) -> None:
        number, is_fine = 0, True
        while not self._stop.wait(self._pauses[is_fine]):
            is_fine = self._tried(number)
            number += 1

    def _tried(self, number: int) -> bool:
        try:
            return self._do(number)
        except PlatformError as error:
            log.warning("pass_failed", work=self._name, code=error.code)
        except Exception:
            # The thread works for every tenant: it outlives any one bad pass, a database error's too.
            log.exception("pass_broke", work=self._name)
        return False
