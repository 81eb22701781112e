"""With `LOKI_NOW` set, every process of an installation goes by that clock."""

from __future__ import annotations

import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import stripe
from pydantic import SecretStr

from orchestration.demo.sandbox import Sandbox
from orchestration.serve import create_app
from orchestration.services import services
from tenants.settings import PlatformSettings
from tests.orchestration.test_supervisor import free_port
from tests.tenants.api.serving import serving

if TYPE_CHECKING:
    from pathlib import Path

LONG_AGO = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
_PATIENCE_SECONDS = 30


def test_the_sandboxs_webhooks_are_taken_however_far_the_clock_stands_from_the_machines(
    tmp_path: Path,
) -> None:
    settings = PlatformSettings(home=tmp_path, now=LONG_AGO)
    with closing(Sandbox(settings.state() / "sandbox", settings.clock())) as sandbox:
        key, secret = sandbox.api_key, SecretStr(sandbox.webhook_secret)
    base = f"http://127.0.0.1:{free_port()}"
    settings = settings.model_copy(update={"stripe_api_base": base, "stripe_webhook_secret": secret})
    app = create_app(settings, settings.clock())
    inbox = app.state.deps.inbox
    with serving(app) as api:
        told = settings.model_copy(update={"api_port": int(api.rpartition(":")[2])})
        (service,) = [each for each in services(told, 0) if each.name == "sandbox"]
        with subprocess.Popen(service.command, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own module
            assert process.stdout is not None
            assert process.stdout.readline()
            client = stripe.StripeClient(key, base_addresses={"api": base})
            customer = client.v1.customers.create({"name": "Acme"})
            end = time.monotonic() + _PATIENCE_SECONDS
            while not inbox.waiting() and time.monotonic() < end:
                time.sleep(0.02)
            process.terminate()
    (event,) = inbox.waiting()
    assert customer.id.encode() in event.payload
    assert (event.created_at, event.received_at, inbox.rejections()) == (LONG_AGO, LONG_AGO, {})
    app.state.deps.close()
