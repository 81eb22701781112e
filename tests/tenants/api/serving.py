"""A real HTTP server for an application, and clients that call it under any host name."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Any

import requests
import uvicorn
from fastapi import FastAPI
from starlette.datastructures import State

from tenants.api import router
from tenants.api.application import prepare
from tenants.api.gathered import GatheredWebhooks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.api.deps import Deps

_STARTS_WITHIN = 10.0
_prepared: list[FastAPI] = []


def application(deps: Deps) -> FastAPI:
    """Return the control plane's application on these parts; its routes are built once for all tests."""
    if not _prepared:
        first = FastAPI()
        prepare(first, deps, router(deps))
        _prepared.append(first)
    app = copy(_prepared[0])
    app.state = State({"deps": deps, "webhooks": GatheredWebhooks(deps.inbox)})
    return app


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve on a free port of the loopback interface and give the address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", timeout_keep_alive=75)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + _STARTS_WITHIN
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.002)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


class Client:
    """Calls as a browser or program does at a host name; redirects are shown, not followed."""

    def __init__(self, address: str, host: str, headers: dict[str, str]) -> None:
        self._address = address
        self._session = requests.Session()
        self._session.headers.update({"Host": host, **headers})
        self.cookies: dict[str, str] = {}

    def request(self, method: str, path: str, **fields: Any) -> requests.Response:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**fields.pop("headers", {}), **({"Cookie": cookie} if cookie else {})}
        answer = self._session.request(
            method, self._address + path, headers=headers, allow_redirects=False, timeout=30, **fields
        )
        self._session.cookies.clear()
        self.cookies.update(answer.cookies.get_dict())
        return answer

    def get(self, path: str, **fields: Any) -> requests.Response:
        return self.request("GET", path, **fields)

    def post(self, path: str, **fields: Any) -> requests.Response:
        return self.request("POST", path, **fields)

    def put(self, path: str, **fields: Any) -> requests.Response:
        return self.request("PUT", path, **fields)

    def patch(self, path: str, **fields: Any) -> requests.Response:
        return self.request("PATCH", path, **fields)

    def delete(self, path: str, **fields: Any) -> requests.Response:
        return self.request("DELETE", path, **fields)
