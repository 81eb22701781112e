"""The tasks that are carried out by themselves beside the API, in a process of their own."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import structlog

from tenants.passes import Passes
from tenants.tasks.carrying import is_waiting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenants.control import ControlPlane

log = structlog.get_logger()
_PAUSE_SECONDS = 1.0
# A process that cannot even start is not started every second.
_PAUSE_AFTER_FAILURE_SECONDS = 30.0


class TaskWorker(Passes):
    """A thread that starts a process whenever something waits; the API's own process stays free to answer.

    Stopping it ends that process too; what it was at is taken up by the next one.

    Args:
        control: Holds the tasks.
        command: What carries out all that waits, and ends.
    """

    def __init__(self, control: ControlPlane, command: Sequence[str]) -> None:
        super().__init__("task", _PAUSE_SECONDS, _PAUSE_AFTER_FAILURE_SECONDS)
        self._control = control
        self._command = command

    def _do(self, _number: int) -> bool:
        return not is_waiting(self._control) or self._carried_out()

    def _carried_out(self) -> bool:
        """Have it carried out, and return whether that worked or was ended by `stop`."""
        with subprocess.Popen(self._command) as process:  # noqa: S603 - our own module
            while process.poll() is None:
                if self._stop.wait(0.1):
                    process.terminate()
                    process.wait()
                    return True
        if process.returncode:
            log.error("task_process_failed", code=process.returncode)
        return process.returncode == 0
