from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from orchestration.supervisor import Service, Supervisor, require_free_port
from tenants.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def web_server(port: int) -> Service:
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    return Service("web", command, port, "/", f"http://localhost:{port}")


def pid_of(supervisor: Supervisor) -> int:
    return supervisor._running["web"].pid


def test_a_port_in_use_is_refused_with_the_setting_that_moves_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        service = web_server(taken.getsockname()[1])
        with pytest.raises(Conflict, match="LOKI_WEB_PORT"):
            require_free_port(service)


def test_services_answer_once_started_and_are_gone_afterwards(tmp_path: Path) -> None:
    port, said = free_port(), list[str]()
    with Supervisor([web_server(port)], {}, tmp_path, said.append) as supervisor:
        pid = pid_of(supervisor)
        socket.create_connection(("127.0.0.1", port)).close()
    assert said == [f"  web        http://localhost:{port}"]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_service_that_does_not_start_is_told_with_its_log(tmp_path: Path) -> None:
    broken = Service("web", [sys.executable, "-c", "raise SystemExit('no')"], free_port())
    with pytest.raises(Unavailable, match=r"web\.log"), Supervisor([broken], {}, tmp_path):
        pass
    assert "no" in (tmp_path / "web.log").read_text()


def test_a_service_that_dies_is_started_again_and_ctrl_c_stops_all(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    port = free_port()
    with Supervisor([web_server(port)], {}, tmp_path, lambda _: None) as supervisor:
        first = pid_of(supervisor)
        os.kill(first, signal.SIGKILL)

        def stop_once_it_is_back() -> None:
            while pid_of(supervisor) == first:
                time.sleep(0.05)
            os.kill(os.getpid(), signal.SIGINT)

        threading.Thread(target=stop_once_it_is_back).start()
        supervisor.run_until_stopped()
        assert pid_of(supervisor) != first
    signal.signal(signal.SIGINT, before[0])
    signal.signal(signal.SIGTERM, before[1])
