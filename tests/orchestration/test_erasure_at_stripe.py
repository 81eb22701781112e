"""Who is erased is charged no more: what could charge ends at Stripe before anything else goes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from orchestration import erasure
from orchestration.commands import erase
from tenants.billing.ending_records import StillCharged
from tenants.errors import Conflict
from tenants.protection.erasure import Erasures
from tests.orchestration.stripe_firm import Firm, at_stripe, stripe_firm
from tests.tenants import factories as make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Firm]:
    # No build was published; how builds are replaced is tested with the rest of an erasure.
    monkeypatch.setattr(erasure, "_replace_builds", lambda _: None)
    with stripe_firm(tmp_path) as made:
        yield made


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
