"""Time: test clocks, restarts, the process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
import urllib.request
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import stripe

from orchestration.demo.sandbox import Sandbox
from orchestration.demo.sandbox.errors import ApiError
from tests.orchestration.demo.sandbox.factories import DAY, START, Shop, at

if TYPE_CHECKING:
    from pathlib import Path

    from tenants.clock import FixedClock


def test_a_test_clock_moves_only_its_own_customers(shop: Shop) -> None:
    clock = shop.post("test_helpers/test_clocks", frozen_time=at(START), name="far")["id"]
    ahead, still = shop.subscribe(customer=shop.customer(test_clock=clock)), shop.subscribe()
    shop.post(f"test_helpers/test_clocks/{clock}/advance", frozen_time=at(START + 100 * DAY))
    assert len(shop.invoices(ahead)) == 4
    assert len(shop.invoices(still)) == 1
    assert shop.get(f"test_helpers/test_clocks/{clock}")["status"] == "ready"
    assert shop.get("subscriptions", test_clock=clock)["data"][0]["id"] == ahead["id"]
    with pytest.raises(ApiError, match="forward"):
        shop.post(f"test_helpers/test_clocks/{clock}/advance", frozen_time=at(START))
    shop.delete(f"test_helpers/test_clocks/{clock}")
    assert shop.get(f"customers/{ahead['customer']}")["deleted"]
    assert shop.subscription(still)["status"] == "active"


def test_the_account_follows_its_clock(client: stripe.StripeClient, shop: Shop, clock: FixedClock) -> None:
    made = shop.subscribe()
    clock.set(START + timedelta(days=29))
    assert len(client.v1.invoices.list({"subscription": made["id"]}).data) == 2


def test_a_restart_goes_on_where_it_was(tmp_path: Path, clock: FixedClock) -> None:
    first = Sandbox(tmp_path, clock)
    shop = Shop(first)
    coupon = shop.post("coupons", percent_off=10, duration="forever")["id"]
    frozen = shop.post("test_helpers/test_clocks", frozen_time=at(START))["id"]
    made = shop.subscribe(shop.price(1000), discounts=[{"coupon": coupon}])
    shop.subscribe(customer=shop.customer(test_clock=frozen))
    shop.wait(days=10)
    paths = (
        "customers",
        "subscriptions",
        "invoices",
        "events",
        "charges",
        "prices",
        "coupons",
        "invoice_payments",
    )
    before = {path: shop.get(path, limit=100) for path in paths}
    key = first.api_key
    first.close()
    again = Sandbox(tmp_path, clock)
    shop = Shop(again)
    assert {path: shop.get(path, limit=100) for path in paths} == before
    assert again.api_key == key
    shop.wait(days=19)
    assert [invoice["total"] for invoice in shop.invoices(made)] == [900, 900]
    shop.post(f"test_helpers/test_clocks/{frozen}/advance", frozen_time=at(START + 40 * DAY))
    assert len(shop.get("invoices", limit=100)["data"]) == 4
    again.close()


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    module = ["-m", "orchestration.demo.sandbox", "--port", "0", "--now", START.isoformat()]
    command = [sys.executable, *module, "--home", str(tmp_path)]
    known = ""
    for _ in range(2):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
            assert process.stdout is not None
            line = process.stdout.readline()
            url, key = line.split(" at ")[1].split(", key ")
            client = stripe.StripeClient(key.strip(), base_addresses={"api": url}, max_network_retries=0)
            if known:
                assert client.v1.customers.retrieve(known).email == "kept@example.com"
            known = client.v1.customers.create({"email": "kept@example.com"}).id
            process.send_signal(signal.SIGKILL)


def test_the_clock_is_moved_over_http_with_clear_refusals(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    def advance(to: str) -> int:
        try:
            with urllib.request.urlopen(f"{sandbox.url}/_sandbox/advance", f"to={to}".encode()) as answer:  # noqa: S310 - loopback
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    assert advance("2026-03-01T00:00:00Z") == 200
    assert sandbox.now.isoformat() == "2026-03-01T00:00:00+00:00"
    assert (advance("tomorrow"), advance("2026-04-01T00:00:00")) == (400, 400)
    assert sandbox.now.isoformat() == "2026-03-01T00:00:00+00:00"
    assert client.v1.customers.list().data == []
