"""The API against the engine alone, on 2 kB documents: everything committed durably for each.

Client and server share the machine's cores, so the server's own processor time counts on both sides.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI

from tenants.api.application import prepare
from tenants.api.deps import Deps
from tenants.audit import Actor
from tenants.clock import FixedClock
from tenants.settings import PlatformSettings
from tenants.tenancy import NewTenant, Overrides
from tenants.tenancy.provisioning import provision
from tests.bench.engine import documents, per_second, validating
from tests.tenants.api.serving import serving
from validation_engine.api import router
from validation_engine.engine import default_engine

LEAST = 0.7
_REQUESTS, _CALLERS, _CHARACTERS = 1_000, 4, 2_000
_BY = Actor("command", "bench")
_CLIENT = """
import http.client, json, sys, threading
address, key, requests, callers, bodies = json.load(sys.stdin)
def call(first):
    connection = http.client.HTTPConnection(address)
    headers = {"Host": "loki.test", "Authorization": "Bearer " + key, "Content-Type": "application/json"}
    for number in range(first, requests, callers):
        connection.request("POST", "/v1/validations", bodies[number % len(bodies)], headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise SystemExit(answer.read())
        answer.read()
threads = [threading.Thread(target=call, args=(first,)) for first in range(callers)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def main() -> bool:
    """Print both rates and their ratio, and return whether it is high enough."""
    engine = default_engine()
    texts = [text[:_CHARACTERS] for text in documents()["10 kB"]]
    alone = per_second(validating(engine), texts)
    bodies = [json.dumps({"document": text, "modules": list(engine.ruleset.by_module)}) for text in texts]
    with tempfile.TemporaryDirectory() as home:
        served, waited = _served(Path(home), bodies)
    ratio = served / alone
    sys.stdout.write(
        f"engine {alone:.0f} documents/s, API {served:.0f}/s of processor time ({waited:.0f}/s by the clock,"
        f" {os.cpu_count()} cores with the client): ratio {ratio:.2f} (at least {LEAST})\n"
    )
    return ratio >= LEAST


def _served(home: Path, bodies: list[str]) -> tuple[float, float]:
    """Return the documents a second of the server's processor time, and of the clock."""
    deps = Deps.open(
        PlatformSettings(home=home, base_domain="loki.test"),
        FixedClock(datetime(2026, 11, 26, 9, 30, tzinfo=UTC)),
    )
    app = FastAPI()
    prepare(app, deps, router(deps))
    own = Overrides(rate_limit_per_minute=1_000_000, quotas={})
    new = NewTenant(name="Bench", plan="enterprise", overrides=own)
    tenant = provision(deps.control, deps.stores, new, _BY)
    key = deps.control.keys.issue(tenant.tenant_id, "bench", _BY).text
    with serving(app) as address:
        _call(address, key, len(bodies), bodies)
        processor, clock = time.process_time(), time.perf_counter()
        _call(address, key, _REQUESTS, bodies)
        processor, clock = time.process_time() - processor, time.perf_counter() - clock
    deps.close()
    return _REQUESTS / processor, _REQUESTS / clock


def _call(address: str, key: str, requests: int, bodies: list[str]) -> None:
    asked = json.dumps([address.removeprefix("http://"), key, requests, _CALLERS, bodies])
    subprocess.run([sys.executable, "-c", _CLIENT], input=asked, text=True, check=True)  # noqa: S603 - our own
