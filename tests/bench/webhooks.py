"""Webhooks accepted a second over HTTP: each durable in the inbox before its 200."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import orjson

from tests.bench.load import per_second, post
from tests.tenants.billing.events import event, invoice, signed

LIMIT = 2_000
SECRET = "whsec_of_the_bench"
_EVENTS, _CONNECTIONS = 10_000, 64
_SERVER = """
import socket, sys
import uvicorn
from fastapi import FastAPI
from tenants.api import router
from tenants.api.application import prepare
from tenants.api.deps import Deps
from tenants.clock import SystemClock
from tenants.settings import PlatformSettings
deps = Deps.open(PlatformSettings(), SystemClock())
app = FastAPI()
prepare(app, deps, router(deps))
listening = socket.socket()
listening.bind(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off")
uvicorn.Server(config).run(sockets=[listening])
"""


def main(events: int = _EVENTS) -> bool:
    """Print the rate as a ratio to its limit; returns whether it is kept."""
    with tempfile.TemporaryDirectory() as home:
        settings = {"LOKI_HOME": home, "LOKI_STRIPE_WEBHOOK_SECRET": SECRET}
        command = [sys.executable, "-c", _SERVER]
        root = Path(__file__).parents[2]
        with subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.PIPE, cwd=root) as server:  # noqa: S603 - our own program
            try:
                assert server.stdout is not None
                port = int(server.stdout.readline())
                rate = per_second(port, [_request(number) for number in range(events)], _CONNECTIONS)
            finally:
                server.terminate()
    sys.stdout.write(f"{rate:8.0f} webhooks/s  {rate / LIMIT:5.2f} of the {LIMIT}/s that it must be\n")
    return rate >= LIMIT


def _request(number: int) -> bytes:
    now = datetime.now(UTC)
    told = event(invoice(id=f"in_{number}"), int(now.timestamp()), id=f"evt_bench_{number}")
    payload, signature = signed(orjson.dumps(told), SECRET, now)
    return post("/webhooks/stripe", payload, Stripe_Signature=signature)
