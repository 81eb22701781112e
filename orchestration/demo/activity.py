"""The tenants' side of the demo world, in a process of its own: sign-ups, documents, usage."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from orchestration.demo.documents_sent import OCCASIONS, candidates, moments, send_all, sendings
from orchestration.demo.people import People, demo_users
from orchestration.demo.usage_logs import DETAILED, write_logs
from orchestration.logs import configure
from orchestration.serve import create_app
from tenants.clock import FixedClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from multiprocessing.queues import Queue

    from fastapi import FastAPI

    from orchestration.demo.lives import Life, Step
    from tenants.settings import PlatformSettings

MOST_DOCUMENTS = 3000
LEAST_DOCUMENTS = 300


@dataclass(frozen=True)
class Brief:
    """What the process is told at its start.

    Attributes:
        settings: Of the demo's state.
        start: The world's beginning.
        end: The world's end.
        tenants: How many there will be.
        seed: For all that chance decides.
    """

    settings: PlatformSettings
    start: datetime
    end: datetime
    tenants: int
    seed: int

    @property
    def documents_an_occasion(self) -> float:
        """How many documents a tenant has on one occasion, so that all together stay affordable."""
        months = (self.end - self.start).days / 30
        wanted = min(MOST_DOCUMENTS, max(LEAST_DOCUMENTS, self.tenants * months / 4))
        occasions = months * 30 / 28 * OCCASIONS
        return wanted / (self.tenants * occasions / 2)


@dataclass(frozen=True)
class Done:
    """What the process made: accepted documents, rows of usage, and who can sign in where."""

    documents: int
    usage_rows: int
    users: list[tuple[str, str, str]]


def take_part(brief: Brief, steps: Queue[Step | None], done: Queue[Done]) -> None:
    """Live along with the world, step by step, until it ends."""
    configure()
    clock = FixedClock(brief.start)
    app = create_app(brief.settings, clock)
    rng, documents, usage_rows = Random(brief.seed), 0, 0
    lives: tuple[Life, ...] = ()
    with serving(app) as port:
        people = People(app.state.deps, clock, brief.seed)
        catalogue = app.state.deps.control.catalogue
        for step in iter(steps.get, None):
            lives = step.lives
            for life in lives:
                people.follow(life)
            stretch = (step.starts_at, step.ends_at)
            logs = brief.settings.state() / "usage-logs"
            usage_rows += write_logs(logs, lives, catalogue, stretch, brief.end - DETAILED, rng)
            occasions = [
                (moment, list(sendings(lives, catalogue, moment, brief.documents_an_occasion, rng)))
                for moment in moments(*stretch)
            ]
            documents += send_all(port, people.keys, clock, occasions)
        clock.set(brief.end)
        shown = candidates(lives)
        users = demo_users(app.state.deps, shown[0]) if shown else []
    done.put(Done(documents, usage_rows, users))


@contextmanager
def serving(app: FastAPI) -> Iterator[int]:
    """Serve the application on loopback from a thread; yields the port."""
    import uvicorn  # noqa: PLC0415 - only the demo serves so

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
