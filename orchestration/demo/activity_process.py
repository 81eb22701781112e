"""Starts the tenants' side of the demo beside the world, and hears what became of it."""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager
from queue import Empty
from typing import TYPE_CHECKING

from orchestration.demo.activity import take_part
from tenants.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.queues import Queue

    from orchestration.demo.activity import Brief, Done
    from orchestration.demo.lives import Step


class Activity:
    """The tenants' side, living in a process of its own."""

    def __init__(self, brief: Brief) -> None:
        context = multiprocessing.get_context("spawn")
        self._steps: Queue[Step | None] = context.Queue()
        self._done: Queue[Done] = context.Queue()
        self.process = context.Process(target=take_part, args=(brief, self._steps, self._done), daemon=True)

    def go_on(self, step: Step | None) -> None:
        """Tell it what has been lived; None ends the world.

        Raises:
            Unavailable: It failed.
        """
        if self.process.exitcode is not None:
            message = "The tenants' side of the demo failed; its error stands above."
            raise Unavailable(message, code="demo_failed")
        self._steps.put(step)

    def finish(self) -> Done:
        """Tell it that the world has ended, and wait for what it made.

        Raises:
            Unavailable: It failed.
        """
        self.go_on(None)
        while True:
            try:
                return self._done.get(timeout=1)
            except Empty:
                if self.process.exitcode is not None:
                    self.go_on(None)

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._steps.cancel_join_thread()  # nobody may be left to read what was not taken
        self.process.kill()


@contextmanager
def living_along(brief: Brief) -> Iterator[Activity]:
    """Run the tenants' side until the block ends."""
    activity = Activity(brief)
    activity.process.start()
    try:
        yield activity
        activity.process.join()
    finally:
        activity.stop()
