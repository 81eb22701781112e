"""Against localstripe, a fake of others with the shapes of 2017: old accounts are read too."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests

from ingest.settings import IngestSettings
from ingest.streams import open_landing
from ingest.stripe.lists import LISTS
from ingest.stripe.sync import sync
from tenants.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OFFERED = {"customer", "product", "coupon", "tax_rate", "subscription", "invoice", "invoiceitem", "charge"}
KEY = "sk_test_12345"


@pytest.fixture
def localstripe(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=tmp_path, **quiet) as server:  # noqa: S603 - our own command
        url = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                requests.get(f"{url}/v1/customers", auth=(KEY, ""), timeout=5)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield url
        server.terminate()


def post(url: str, path: str, form: dict[str, Any]) -> Any:
    answer = requests.post(f"{url}/v1/{path}", data=form, auth=(KEY, ""), timeout=10)
    answer.raise_for_status()
    return answer.json()


def test_an_account_with_old_shapes_lands(localstripe: str, tmp_path: Path) -> None:
    plan = {"amount": 2500, "currency": "gbp", "interval": "month", "product[name]": "Pro", "id": "pro"}
    post(localstripe, "plans", plan)
    card = {
        "type": "card",
        "card[number]": "4242424242424242",
        "card[exp_month]": 12,
        "card[exp_year]": datetime.now(UTC).year + 1,
        "card[cvc]": 123,
    }
    method = post(localstripe, "payment_methods", card)["id"]
    for number in range(3):
        customer = post(localstripe, "customers", {"name": f"Customer {number}"})["id"]
        post(localstripe, f"payment_methods/{method}/attach", {"customer": customer})
        post(localstripe, f"customers/{customer}", {"invoice_settings[default_payment_method]": method})
        post(localstripe, "subscriptions", {"customer": customer, "items[0][plan]": "pro"})
    settings = IngestSettings(
        _env_file=None,
        home=tmp_path,
        stripe_api_key=KEY,
        stripe_api_base=localstripe,
        stripe_reads_per_second=1000,
        stripe_skip_streams=[entry.object_type for entry in LISTS if entry.object_type not in OFFERED],
    )
    landing = open_landing(settings, SystemClock())

    sync(settings, landing, SystemClock())
    again = sync(settings, landing, SystemClock())

    subscriptions = landing.read("stripe_subscription").to_pylist()
    assert len({row["object_id"] for row in subscriptions}) == 3
    assert {row["status"] for row in subscriptions} == {"active"}
    assert len(set(landing.read("stripe_invoice", ["object_id"])["object_id"].to_pylist())) == 3
    assert landing.read("stripe_events").num_rows > 5
    assert landing.read("quarantine").to_pylist() == []
    assert again.is_empty
