"""An erasure that is killed, wherever, is finished and certified by the next run, at Stripe too."""

from __future__ import annotations

import subprocess
import sys
import time
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from ingest.landing import upkeep
from orchestration import erasure
from tenants.audit import AuditLog
from tenants.billing.gateway import StripeGateway
from tenants.control.database import ControlDatabase
from tenants.stores import TenantStores
from tests.orchestration import erasing
from tests.orchestration.stripe_firm import Firm, at_stripe, stripe_firm
from tests.tenants import factories as make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from tenants.tenancy import Tenant

pytestmark = pytest.mark.early

# Whatever an erasure changes, here or at Stripe, goes through one of these.
_STEPS = (
    (StripeGateway, "_do"),
    (ControlDatabase, "write"),
    (ControlDatabase, "compact"),
    (AuditLog, "record"),
    (TenantStores, "drop"),
    (upkeep, "rewrite"),
    (erasure, "_replace_builds"),
)


@pytest.fixture
def firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Firm]:
    # No build was published; how builds are replaced is tested with the rest of an erasure.
    monkeypatch.setattr(erasure, "_replace_builds", lambda _: None)
    with stripe_firm(tmp_path) as made:
        yield made


class Kill(BaseException):
    """The process ends here."""


class Killing:
    """Counts the steps of an erasure, and ends it before its n-th; it never does for 0."""

    def __init__(self, patch: pytest.MonkeyPatch, at: int = 0) -> None:
        self.at, self.steps = at, 0
        for owner, name in _STEPS:
            patch.setattr(owner, name, self._counted(getattr(owner, name)))

    def _counted(self, step: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any, **named: Any) -> Any:
            self.steps += 1
            if self.steps == self.at:
                raise Kill
            return step(*given, **named)

        return counted


def busy_tenant(firm: Firm, name: str) -> Tenant:
    """A tenant that is due, with two subscriptions, a card and a page that can still be paid."""
    gone = firm.tenant(name, is_subscribed=True)
    firm.second_subscription(gone)
    gateway = StripeGateway(firm.job.settings)
    items = [{"price": next(gateway.prices({}))["id"], "quantity": 1}]
    gateway.checkout({"mode": "subscription", "customer": gone.stripe_customer_id, "line_items": items})
    return gone


def require_finished(firm: Firm, gone: Tenant, done: erasure.Erasure) -> None:
    """Require everything of a tenant to be gone, and the certificate to name it."""
    told = at_stripe(done)["done"]
    assert told["subscriptions"] == sorted(firm.subscriptions(gone))
    assert set(firm.subscriptions(gone).values()) == {"canceled"}
    counted = {kind: len(ids) for kind, ids in told.items()}
    assert counted["pages"] == counted["payment_methods"] == counted["customers"] == 1
    assert done.certificate is not None
    assert done.certificate["places"]["control: tenants"] == 1
    with firm.opened() as (control, stores):
        assert control.tenants.all() == []
        assert stores.tenant_ids() == []
        told_of = control.audit.entries(action="tenant_erased")
        assert done.anonymous_id in {each.object_id for each in told_of}


def kill_at(firm: Firm, monkeypatch: pytest.MonkeyPatch, steps: Iterable[int]) -> None:
    for at in steps:
        gone = busy_tenant(firm, f"Gone {at}")
        before = {each.anonymous_id for each in erasure.requests(firm.job) if each.erased_at is not None}
        with monkeypatch.context() as patch:
            Killing(patch, at)
            with pytest.raises(Kill):
                erasure.erase_due(firm.job, make.BY)
        erasure.erase_due(firm.job, make.BY)
        (done,) = [each for each in erasure.requests(firm.job) if each.anonymous_id not in before]
        require_finished(firm, gone, done)


def steps_of(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> int:
    gone = busy_tenant(firm, "Gone at once")
    with monkeypatch.context() as patch:
        killing = Killing(patch)
        (done,) = erasure.erase_due(firm.job, make.BY)
    require_finished(firm, gone, done)
    return killing.steps


def test_killed_at_any_of_six_steps_the_next_run_finishes_and_certifies_it(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = range(1, steps_of(firm, monkeypatch) + 1)
    kill_at(firm, monkeypatch, Random(20261126).sample(steps, 6))


@pytest.mark.long
def test_killed_at_each_of_its_steps_the_next_run_finishes_and_certifies_it(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_at(firm, monkeypatch, range(1, steps_of(firm, monkeypatch) + 1))


def kill_after(firm: Firm, seconds: float) -> None:
    """Erase what is due in a process of its own and end it with SIGKILL, unless it is quicker."""
    home, account = firm.job.settings.state(), (firm.sandbox.url, firm.sandbox.api_key)
    process = subprocess.Popen([sys.executable, erasing.__file__, str(home), *account])  # noqa: S603 - ours
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_killed_at_twenty_moments_the_next_run_finishes_and_certifies_it(firm: Firm) -> None:
    busy_tenant(firm, "Gone first")
    started = time.monotonic()
    kill_after(firm, 600)
    usual, moments = time.monotonic() - started, Random(20261126)
    for number in range(20):
        gone = busy_tenant(firm, f"Gone {number}")
        before = {each.anonymous_id for each in erasure.requests(firm.job) if each.erased_at is not None}
        kill_after(firm, usual * moments.uniform(0.3, 1))
        erasure.erase_due(firm.job, make.BY)
        (done,) = [each for each in erasure.requests(firm.job) if each.anonymous_id not in before]
        require_finished(firm, gone, done)
