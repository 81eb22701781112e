"""The API, as `loki up` runs it, against the engine alone, on 2 kB documents: all committed durably for each.

Both by the clock: the engine in a loop on one core; the API with its client on the cores there are.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from orchestration.demo.documents import KINDS, make_document
from tenants.settings import PlatformSettings
from tests.bench.engine import validating
from tests.bench.load import per_second, post
from tests.tenants.api.whole_api import free_port, start_api, tenant_with_key
from validation_engine.engine import default_engine

if TYPE_CHECKING:
    from collections.abc import Callable

LEAST = 0.7
_DOCUMENTS, _CHARACTERS, _CONNECTIONS = 1_000, 2_000, 8


def main() -> bool:
    """Print both rates and their ratio, and return whether it is high enough."""
    engine, texts = default_engine(), _texts()
    modules = list(engine.ruleset.by_module)
    alone = _alone(validating(engine), texts)
    with tempfile.TemporaryDirectory() as home:
        served = _served(Path(home), [orjson.dumps({"document": text, "modules": modules}) for text in texts])
    ratio = served / alone
    sys.stdout.write(
        f"engine {alone:.0f} documents/s on one core, API {served:.0f}/s on {os.cpu_count()} cores with its"
        f" client: ratio {ratio:.2f} (at least {LEAST})\n"
    )
    return ratio >= LEAST


def _texts() -> list[str]:
    """Return different documents of one size, made of two each where one is too short."""
    rng = random.Random(1)
    pairs = (
        "\n\n".join(make_document(rng.choice(KINDS), rng, 0.3).text for _ in range(2))
        for _ in range(_DOCUMENTS)
    )
    return [pair[:_CHARACTERS] for pair in pairs]


def _alone(work: Callable[[str], object], texts: list[str]) -> float:
    for text in texts[: _DOCUMENTS // 2]:
        work(text)
    began = time.perf_counter()
    for text in texts:
        work(text)
    return len(texts) / (time.perf_counter() - began)


def _served(home: Path, bodies: list[bytes]) -> float:
    _, key = tenant_with_key(PlatformSettings(home=home), plan="enterprise")
    port = free_port()
    api = start_api(home, port)
    try:
        requests = [post("/v1/validations", body, Authorization=f"Bearer {key}") for body in bodies]
        per_second(port, requests, _CONNECTIONS)
        return per_second(port, requests, _CONNECTIONS)
    finally:
        api.kill()
        api.wait()
