"""Starts the services, waits until they answer, keeps them up, and stops them all together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from tenants.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

START_SECONDS = 180
STOP_SECONDS = 10
RESTARTS = 5


@dataclass(frozen=True)
class Service:
    """One process that serves.

    Attributes:
        name: What its log file and messages call it.
        command: How it is started.
        port: Where it listens, None for one that does not.
        ready_path: What answers once it is ready.
        url: What a person opens; empty where there is nothing to see.
    """

    name: str
    command: Sequence[str]
    port: int | None = None
    ready_path: str = "/"
    url: str = ""


@dataclass
class Supervisor:
    """Keeps services running from `with` to its end.

    Args:
        services: In the order in which they start; stopped in the reverse order.
        environment: What they get beside our own environment.
        logs: The folder of their logs.
        say: Told where each can be reached, as soon as it can be.
    """

    services: Sequence[Service]
    environment: Mapping[str, str]
    logs: Path
    say: Callable[[str], None] = print
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _restarts: dict[str, int] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        """Start all and wait until each answers.

        Raises:
            Conflict: A port is taken.
            Unavailable: A service does not start.
        """
        for service in self.services:
            require_free_port(service)
        self.logs.mkdir(parents=True, exist_ok=True)
        try:
            for service in self.services:
                self._start(service)
            for service in self.services:
                self._wait_until_ready(service)
                if service.url:
                    self.say(f"  {service.name:<10} {service.url}")
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def run_until_stopped(self) -> None:
        """Watch over the services until Ctrl-C or a polite kill; one that dies is started again.

        Raises:
            Unavailable: One keeps dying.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stopping.set())
        while not self._stopping.wait(1):
            for service in self.services:
                if self._running[service.name].poll() is not None:
                    self._start_again(service)

    def stop(self) -> None:
        """Stop all, politely first."""
        for process in reversed(self._running.values()):
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()
        self._running.clear()

    def _start(self, service: Service) -> None:
        with (self.logs / f"{service.name}.log").open("ab") as log:
            # A session of its own: Ctrl-C reaches only us, and we end each with all of its children.
            self._running[service.name] = subprocess.Popen(  # noqa: S603 - our own commands
                service.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | self.environment,
                start_new_session=True,
            )

    def _start_again(self, service: Service) -> None:
        self._restarts[service.name] = self._restarts.get(service.name, 0) + 1
        if self._restarts[service.name] > RESTARTS:
            raise self._failed(service)
        self._start(service)

    def _wait_until_ready(self, service: Service) -> None:
        deadline = time.monotonic() + START_SECONDS
        while service.port and not _answers(service):
            if self._running[service.name].poll() is not None or time.monotonic() > deadline:
                raise self._failed(service)
            time.sleep(0.1)

    def _failed(self, service: Service) -> Unavailable:
        message = f"The {service.name} service does not run; why stands in {self.logs / service.name}.log."
        return Unavailable(message, code="service_failed")


def require_free_port(service: Service) -> None:
    """Refuse to start where something else listens.

    Raises:
        Conflict: The port is taken; says which setting moves it.
    """
    if service.port is None:
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", service.port))
        except OSError:
            message = (
                f"Port {service.port} of the {service.name} service is in use: stop what listens there, or "
                f"set LOKI_{service.name.upper()}_PORT to a free one."
            )
            raise Conflict(message, code="port_in_use") from None


def _answers(service: Service) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{service.port}{service.ready_path}", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
