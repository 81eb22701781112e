"""No form, however odd, makes the server fail or leaves anything half done."""

from __future__ import annotations

import gc
from random import Random
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from orchestration.demo.sandbox import Sandbox, routing
from orchestration.demo.sandbox.errors import ApiError
from orchestration.demo.sandbox.params import Spec
from tenants.clock import FixedClock
from tests.orchestration.demo.sandbox.books import faults_in_books
from tests.orchestration.demo.sandbox.factories import START, Json, Shop

if TYPE_CHECKING:
    from pathlib import Path

_SAMPLES = (
    "",
    "now",
    "-1",
    "0",
    "7",
    "1e9",
    "99999999999999999999",
    "true",
    "ä\ud7ff",
    "pm_card_visa",
    "month",
    "gbp",
)


def _world(home: Path) -> Sandbox:
    """Return a sandbox with one of most things."""
    sandbox = Sandbox(home, FixedClock(START))
    shop = Shop(sandbox)
    coupon = shop.post("coupons", percent_off=10, duration="forever")["id"]
    made = shop.subscribe(discounts=[{"coupon": coupon}])
    shop.subscribe(customer=made["customer"], trial_period_days=9)
    shop.post("subscription_schedules", from_subscription=made["id"])
    shop.post("invoiceitems", customer=made["customer"], currency="gbp", amount=5)
    shop.post("invoices", customer=made["customer"])
    shop.post("promotion_codes", promotion={"type": "coupon", "coupon": coupon})
    shop.post("tax_rates", display_name="VAT", inclusive=True, percentage=20)
    shop.post(
        "billing/meters", display_name="Calls", event_name="calls", default_aggregation={"formula": "last"}
    )
    shop.post("test_helpers/test_clocks", frozen_time=1_700_000_000)
    shop.post("credit_notes", invoice=made["latest_invoice"], amount=5)
    return sandbox


class Asker:
    """Makes odd requests out of what the routes know, reproducibly."""

    def __init__(self, sandbox: Sandbox, seed: int) -> None:
        self._rng, self._sandbox = Random(seed), sandbox
        self.routes = [
            (method, "/" + "/".join(segments))
            for (method, _), known in routing._ROUTES.items()
            for segments, _ in known
        ]
        self.names = sorted(
            {name for spec in gc.get_objects() if isinstance(spec, Spec) for name in spec.readers}
        )

    def _value(self, depth: int = 0) -> Any:
        kind = self._rng.random()
        if kind < 0.15 and depth < 3:
            keys = self._rng.choices([*self.names, "0", "1", "gte", "price", "id"], k=self._rng.randint(0, 3))
            return {key: self._value(depth + 1) for key in keys}
        if kind < 0.25 and depth < 3:
            return [self._value(depth + 1) for _ in range(self._rng.randint(0, 3))]
        return self._rng.choice([*_SAMPLES, *self._ids(), self._rng.randint(-5, 10**6), True])

    def _ids(self) -> list[str]:
        return sorted(self._sandbox.account.store.by_id)

    def request(self) -> tuple[str, str, Json]:
        method, path = self._rng.choice(self.routes)
        for part in [each for each in path.split("/") if each.startswith("{")]:
            kind = path.split("/")[2].rstrip("s")
            fit = [each for each in self._ids() if self._sandbox.account.store.by_id[each]["object"] == kind]
            path = path.replace(part, self._rng.choice(fit or self._ids()), 1)
        return method, path, {name: self._value() for name in self._rng.choices(self.names, k=5)}

    def mended(self, form: Json, error: Json) -> bool:
        """Take out what the route does not know, put in what it misses; False if nothing helps."""
        name = str(error.get("param", "")).split("[")[0]
        match error.get("code"):
            case "parameter_unknown":
                return form.pop(name, None) is not None
            case "parameter_missing" if name not in form:
                items = [{"price": self._rng.choice(self._ids())}]
                form[name] = self._rng.choice([*self._ids(), "gbp", "5", "subscription", items, items])
                return True
            case "resource_missing" if isinstance(form.get(name), str):
                form[name] = self._rng.choice(self._ids())
                return True
        return False


def _state(sandbox: Sandbox) -> bytes:
    return orjson.dumps(sandbox.account.store.by_id, option=orjson.OPT_SORT_KEYS)


def _ask(sandbox: Sandbox, asker: Asker) -> bool:
    """Ask once, mending as far as it goes, and tell whether it was answered."""
    method, path, form = asker.request()
    before = _state(sandbox)
    for _ in range(25):
        try:
            sandbox.call(method, path, form)
        except ApiError as refused:
            untouched = _state(sandbox) == before
            assert refused.keeps or untouched, f"{method} {path} {form}"  # noqa: PT017 - a refusal leaves nothing
            if refused.keeps or not asker.mended(form, refused.error):
                return False
        except Exception as fault:
            message = f"{method} {path} {form}"
            raise AssertionError(message) from fault
        else:
            return True
    return False


@pytest.mark.parametrize(
    "seed", [1, pytest.param(2, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)]
)
def test_any_request_is_answered_or_refused_as_stripe_would(tmp_path: Path, seed: int) -> None:
    sandbox = _world(tmp_path)
    asker = Asker(sandbox, seed)
    assert len(asker.routes) > 130
    assert len(asker.names) > 150
    answered = sum(_ask(sandbox, asker) for _ in range(600))
    assert answered > 100
    Shop(sandbox).wait(days=70)
    assert faults_in_books(sandbox.account) == []
    sandbox.close()
