"""The tasks that are carried out by themselves beside the API, in a process of their own."""

from __future__ import annotations

import subprocess
import threading
from typing import TYPE_CHECKING

import structlog

from tenants.errors import PlatformError
from tenants.tasks.carrying import is_waiting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenants.control import ControlPlane

log = structlog.get_logger()
_PAUSE_SECONDS = 1.0
# A process that cannot even start is not started every second.
_PAUSE_AFTER_FAILURE_SECONDS = 30.0


class TaskWorker:
    """A thread that starts a process whenever something waits; the API's own process stays free to answer.

    Args:
        control: Holds the tasks.
        command: What carries out all that waits, and ends.
    """

    def __init__(self, control: ControlPlane, command: Sequence[str]) -> None:
        self._control = control
        self._command = command
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tasks", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and end the process; what it was at is taken up by the next one."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        pause = _PAUSE_SECONDS
        while not self._stop.wait(pause):
            try:
                is_fine = not is_waiting(self._control) or self._carried_out()
            except PlatformError as error:
                log.warning("task_pass_failed", code=error.code)
                is_fine = False
            except Exception:
                # The thread outlives any one bad pass, a database error's too; what waits goes on waiting.
                log.exception("task_pass_broke")
                is_fine = False
            pause = _PAUSE_SECONDS if is_fine else _PAUSE_AFTER_FAILURE_SECONDS

    def _carried_out(self) -> bool:
        with subprocess.Popen(self._command) as process:  # noqa: S603 - our own module
            while process.poll() is None:
                if self._stop.wait(0.1):
                    process.terminate()
                    process.wait()
                    return True
        if process.returncode:
            log.error("task_process_failed", code=process.returncode)
        return process.returncode == 0
