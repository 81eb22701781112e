"""Webhooks late, twice, forged and of one second: drained, the state is that of the facts in order."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from tenants.billing.applying import Applier
from tenants.billing.facts import facts_of_customer
from tenants.billing.inbox import Inbox, RejectedWebhook
from tenants.billing.state import read_state
from tenants.control import ControlPlane
from tenants.control.tables import webhook_inbox
from tenants.settings import PlatformSettings
from tenants.tenancy import NewTenant
from tests.tenants.billing.webhook_load import SECRET, Load, load
from tests.tenants.factories import BY, CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenants.billing.gateway import StripeGateway
    from tests.tenants.billing.webhook_load import Delivery


@pytest.fixture
def control(tmp_path: Path) -> Iterator[ControlPlane]:
    settings = PlatformSettings(home=tmp_path, stripe_webhook_secret=SecretStr(SECRET))
    opened = ControlPlane.open(settings, CLOCK)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("size", "seed"),
    [(1_000, 1), pytest.param(100_000, 2, marks=[pytest.mark.long, pytest.mark.timeout(1800)])],
)
def test_once_the_inbox_is_drained_the_state_is_that_of_the_facts_in_order(
    control: ControlPlane, size: int, seed: int
) -> None:
    made = load(size, seed)
    control.database.write(lambda _: [_tenant(control, customer) for customer in made.customers])
    inbox = Inbox(control)
    applier = Applier(control, inbox, cast("StripeGateway", made))
    _deliver(inbox, applier, made.deliveries)

    assert inbox.rejections() == dict(made.rejected)
    assert _kept(control) == made.event_ids
    assert inbox.waiting() == []
    for customer in made.customers:
        _assert_true(control, customer, made)


def _tenant(control: ControlPlane, customer: str) -> None:
    tenant = control.tenants.create(NewTenant(name=f"Tenant of {customer}", plan="starter"), BY)
    control.tenants.update(tenant.tenant_id, BY, stripe_customer_id=customer)


def _deliver(inbox: Inbox, applier: Applier, deliveries: list[Delivery]) -> None:
    """Deliver by many at a time, applying in between, so that late events meet later facts."""

    def receive(delivery: Delivery) -> None:
        with contextlib.suppress(RejectedWebhook):
            inbox.receive(*delivery)

    step = len(deliveries) // 10
    with ThreadPoolExecutor(32) as threads:
        for start in range(0, len(deliveries), step):
            list(threads.map(receive, deliveries[start : start + step]))
            applier.drain()


def _kept(control: ControlPlane) -> set[str]:
    with control.database.read() as connection:
        return set(connection.scalars(sa.select(webhook_inbox.c.event_id)))


def _assert_true(control: ControlPlane, customer: str, made: Load) -> None:
    with control.database.read() as connection:
        facts = facts_of_customer(connection, customer)
    told = {fact.object_id: (fact.fact_at, fact.body) for fact in facts}
    assert told == {key: of for key, of in made.truth.items() if of[1]["customer"] == customer}
    tenant, state = control.tenants.by_stripe_customer(customer), read_state(facts, control.catalogue)
    fields: dict[str, Any] = msgspec.structs.asdict(tenant)  # type: ignore[arg-type]
    assert (fields["payment_failures"], fields["cancel_at_period_end"]) == (
        state.payment_failures,
        state.cancel_at_period_end,
    )
    assert fields["status"] == (state.status or "active")
    assert fields["plan"] == (state.plan or "starter")
