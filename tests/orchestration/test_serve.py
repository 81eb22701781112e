"""The API as a process of its own."""

from __future__ import annotations

import time
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import requests

from orchestration import state_settings
from tests.tenants.api.whole_api import free_port, start_api

if TYPE_CHECKING:
    from pathlib import Path


def test_the_api_started_alone_takes_the_states_own_settings_as_loki_up_does(tmp_path: Path) -> None:
    port = free_port()
    state_settings.keep(tmp_path, {"LOKI_DASHBOARD_PORT": "9123", "LOKI_API_PORT": "1"})
    api = start_api(tmp_path, port)  # its environment names the port, and wins
    try:
        page = requests.get(f"http://localhost:{port}/billing", timeout=30, allow_redirects=False)
    finally:
        api.terminate()
        api.wait(30)
    assert page.headers["location"] == "http://localhost:9123/billing"


def test_a_connection_that_a_proxy_keeps_is_not_closed_under_its_next_call(tmp_path: Path) -> None:
    port = free_port()
    api = start_api(tmp_path, port)
    kept = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        for seconds in (0, 6):  # servers are used to closing after 5
            time.sleep(seconds)
            kept.request("GET", "/sign-in", headers={"Host": "localhost"})
            assert kept.getresponse().read()
    finally:
        kept.close()
        api.terminate()
        api.wait(30)
