"""`loki billing` on a Stripe account that is served over HTTP."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from orchestration.demo.sandbox import Sandbox
from tests.tenants.factories import CLOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Plain = Callable[..., tuple[int, str, str]]
    Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(run: Plain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    with closing(Sandbox(tmp_path / "stripe", CLOCK)) as sandbox, sandbox.serve():
        monkeypatch.setenv("LOKI_NOW", CLOCK.now().isoformat())
        monkeypatch.setenv("LOKI_STRIPE_API_KEY", sandbox.api_key)
        monkeypatch.setenv("LOKI_STRIPE_API_BASE", sandbox.url)

        def call(*arguments: str) -> tuple[int, str]:
            code, out, err = run(*arguments)
            return code, out + err

        call("tenants", "create", "Acme")
        call("billing", "prices", "--create")
        yield call


def test_whoever_makes_prices_is_told_that_seats_have_none(run: Run) -> None:
    code, told = run("billing", "prices")
    assert (code, "Seats beside a plan's are not sold" in told, "plan=seats" in told) == (0, True, True)
    run("billing", "subscribe", "acme", "professional", "--payment-method", "pm_card_visa")
    code, told = run("billing", "seats", "acme", "2")
    assert (code != 0, "seats are not sold by the month in GBP" in told) == (True, True)


def test_a_tenant_is_billed_from_the_command_line(run: Run) -> None:
    code, page = run("billing", "checkout", "acme", "starter")
    assert (code, page.startswith("http://127.0.0.1")) == (0, True)
    paid = ("--payment-method", "pm_card_visa")
    assert "professional" in run("billing", "subscribe", "acme", "professional", *paid)[1]
    code, told = run("billing", "change", "acme", "professional", "--interval", "year", "--preview")
    assert (code, "2990.00 GBP" in told, "Due now" in told) == (0, True, True)
    assert "month" in run("billing", "show", "acme")[1]
    code, told = run("billing", "change", "acme", "professional", "--interval", "year")
    assert (code, "year" in told) == (0, True)
    assert run("billing", "seats", "acme", "0")[0] == 0
    code, page = run("billing", "portal", "acme")
    assert (code, page.startswith("http://127.0.0.1")) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("change", "acme", "professional", "--preview"), "no running subscription"),
        (("checkout", "acme", "gold"), "no plan 'gold'"),
        (("seats", "acme", "3"), "no running subscription"),
    ],
)
def test_what_cannot_be_billed_is_told_in_one_sentence(
    run: Run, arguments: tuple[str, ...], sentence: str
) -> None:
    code, told = run("billing", *arguments)
    assert (code, sentence in told, told.count("\n")) == (2, True, 1)
