"""Who is erased is charged no more: what could charge ends at Stripe before anything else goes."""

from __future__ import annotations

from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from ingest.landing import upkeep
from orchestration import erasure
from orchestration.commands import erase
from orchestration.demo.sandbox import Sandbox
from tenants.audit import AuditLog
from tenants.billing import prices
from tenants.billing.ending_records import StillCharged
from tenants.billing.gateway import StripeGateway
from tenants.billing.inbox import Inbox
from tenants.billing.service import Billing
from tenants.control import ControlPlane
from tenants.control.database import ControlDatabase
from tenants.errors import Conflict
from tenants.protection.erasure import Erasures
from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tenants.tenancy import NewTenant
from tenants.tenancy.provisioning import provision
from tests.orchestration.small_job import small_job
from tests.tenants import factories as make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from orchestration.context import MainJob
    from tenants.tenancy import Tenant


@dataclass
class Firm:
    """A platform with a Stripe account, and tenants that wait for their erasure."""

    job: MainJob
    sandbox: Sandbox

    @contextmanager
    def opened(self) -> Iterator[tuple[ControlPlane, TenantStores]]:
        with (
            closing(ControlPlane.open(self.job.settings, self.job.clock)) as control,
            closing(TenantStores(self.job.settings, self.job.clock)) as stores,
        ):
            yield control, stores

    def tenant(self, name: str, *, is_subscribed: bool, is_due: bool = True) -> Tenant:
        with self.opened() as (control, stores):
            made = provision(control, stores, NewTenant(name=name, plan="starter"), make.BY)
            if is_subscribed:
                billing = Billing(control, Inbox(control), StripeGateway(self.job.settings))
                billing.subscribe(made, "starter", "month", make.BY, "pm_card_visa")
            if is_due:
                Erasures(control, stores).request(made, make.BY)
                Erasures(control, stores).hasten(made, make.BY)
            return control.tenants.get(made.tenant_id)

    def tenant_ids(self) -> set[str]:
        with self.opened() as (control, stores):
            assert set(stores.tenant_ids()) == {each.tenant_id for each in control.tenants.all()}
            return set(stores.tenant_ids())

    def subscriptions(self, tenant: Tenant) -> dict[str, str]:
        asked = {"customer": tenant.stripe_customer_id, "status": "all"}
        found = self.sandbox.call("GET", "/v1/subscriptions", asked)["data"]
        return {each["id"]: each["status"] for each in found}

    def second_subscription(self, tenant: Tenant) -> None:
        (known,) = self.sandbox.call("GET", "/v1/subscriptions", {"customer": tenant.stripe_customer_id})[
            "data"
        ]
        items = [{"price": known["items"]["data"][0]["price"]["id"]}]
        bought = {"customer": tenant.stripe_customer_id, "items": items}
        self.sandbox.call("POST", "/v1/subscriptions", bought)

    def with_settings(self, **changed: Any) -> MainJob:
        return replace(self.job, settings=self.job.settings.model_copy(update=changed))


@pytest.fixture
def firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Firm]:
    # No build was published; how builds are replaced is tested with the rest of an erasure.
    monkeypatch.setattr(erasure, "_replace_builds", lambda _: None)
    job = small_job(tmp_path / "state")
    sandbox = Sandbox(tmp_path / "stripe", job.clock)
    with sandbox.serve():
        settings = PlatformSettings(
            _env_file=None,
            home=tmp_path / "state",
            stripe_api_key=SecretStr(sandbox.api_key),
            stripe_api_base=sandbox.url,
        )
        made = Firm(replace(job, settings=settings), sandbox)
        with made.opened() as (control, _):
            prices.create_prices(StripeGateway(settings), control.catalogue)
        yield made
    sandbox.close()


def at_stripe(done: erasure.Erasure) -> dict[str, Any]:
    assert done.certificate is not None
    told: dict[str, Any] = done.certificate["stripe"]
    return told


def test_whatever_charges_an_erased_tenant_is_canceled_and_certified_and_others_go_on(firm: Firm) -> None:
    gone, stays = (
        firm.tenant("Gone", is_subscribed=True),
        firm.tenant("Stays", is_subscribed=True, is_due=False),
    )
    firm.second_subscription(gone)
    assert erasure.plan(firm.job, gone.slug)["stripe: subscriptions to cancel"] == 1  # the one we know of
    planned = erasure.plan_at_stripe(firm.job, gone.slug)
    assert Counter(line.split(":")[0] for line in planned) == {
        "cancel subscription": 2,
        "detach payment method": 1,
        "take names off customer": 1,
    }
    (done,) = erasure.erase_due(firm.job, make.BY)
    assert at_stripe(done)["done"]["subscriptions"] == sorted(firm.subscriptions(gone))
    assert set(firm.subscriptions(gone).values()) == {"canceled"}
    assert len(firm.subscriptions(gone)) == 2
    assert set(firm.subscriptions(stays).values()) == {"trialing"}
    assert firm.tenant_ids() == {stays.tenant_id}
    customer = firm.sandbox.call("GET", f"/v1/customers/{gone.stripe_customer_id}")
    assert customer["metadata"] == {"tenant_id": done.anonymous_id}
    assert (customer["name"], customer["email"]) == (done.anonymous_id, None)


def test_while_stripe_does_not_answer_who_is_charged_stays_and_others_are_erased(firm: Firm) -> None:
    gone, free = firm.tenant("Gone", is_subscribed=True), firm.tenant("Free", is_subscribed=False)
    cut_off = firm.with_settings(stripe_api_base="http://127.0.0.1:9")
    assert "an erasure would wait" in erasure.plan_at_stripe(cut_off, gone.slug)[0]
    with pytest.raises(
        StillCharged, match=r"^1 of 2 tenants were erased; erased_\w+ is not erased yet"
    ) as told:
        erasure.erase_due(cut_off, make.BY)
    assert "Stripe does not answer" in told.value.message
    assert firm.tenant_ids() == {gone.tenant_id}
    assert set(firm.subscriptions(gone).values()) == {"trialing"}
    (done,) = erasure.erase_due(firm.job, make.BY)
    assert at_stripe(done)["done"]["subscriptions"] == list(firm.subscriptions(gone))
    assert set(firm.subscriptions(gone).values()) == {"canceled"}
    assert firm.tenant_ids() == set()
    (other,) = [each for each in erasure.requests(firm.job) if each.anonymous_id != done.anonymous_id]
    assert "no customer at Stripe" in at_stripe(other)["note"]
    assert free.stripe_customer_id is None


def test_without_a_stripe_key_the_erasure_goes_on_and_says_that_nothing_was_ended(firm: Firm) -> None:
    gone = firm.tenant("Gone", is_subscribed=True)
    without = firm.with_settings(stripe_api_key=None)
    assert erasure.plan(without, gone.slug)["stripe: subscriptions left running, as no key is set"] == 1
    (done,) = erasure.erase_due(without, make.BY)
    assert not any(at_stripe(done)["done"].values())
    assert "No Stripe key is set: nothing was ended" in at_stripe(done)["note"]
    assert set(firm.subscriptions(gone).values()) == {"trialing"}


def test_an_erasure_that_has_begun_cannot_be_taken_back(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = firm.tenant("Gone", is_subscribed=True)

    def crash(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Erasures, "note_subjects", crash)
        with pytest.raises(KeyboardInterrupt):
            erasure.erase_due(firm.job, make.BY)
    with pytest.raises(Conflict, match="has begun"):
        erasure.withdrawn(firm.job, gone.slug, make.BY)
    assert len(erasure.erase_due(firm.job, make.BY)) == 1


def test_the_command_lists_what_would_be_ended(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = firm.tenant("Gone", is_subscribed=True, is_due=False)
    monkeypatch.setattr(erase, "_job", lambda *_: firm.job)
    (subscription,) = firm.subscriptions(gone)
    for command in ("request", "plan"):
        told = CliRunner().invoke(erase.app, [command, gone.slug])
        assert told.exit_code == 0
        assert f"cancel subscription: {subscription}" in told.output


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
