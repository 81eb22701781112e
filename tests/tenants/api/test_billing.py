"""Billing over HTTP, as a tenant's people use it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from orchestration.demo.sandbox import Sandbox
from tenants.billing import prices
from tenants.billing.gateway import StripeGateway
from tenants.control.tables import domains, idempotency_keys
from tenants.settings import PlatformSettings
from tests.tenants.factories import BY, CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from tenants.api.deps import Deps
    from tests.tenants.api.conftest import Callers
    from tests.tenants.api.serving import Client


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[PlatformSettings]:
    sandbox = Sandbox(tmp_path / "stripe", CLOCK)
    with sandbox.serve():
        yield PlatformSettings(
            home=tmp_path / "state",
            base_domain="loki.test",
            stripe_api_key=SecretStr(sandbox.api_key),
            stripe_api_base=sandbox.url,
        )
    sandbox.close()


def test_an_admin_subscribes_changes_and_cancels(callers: Callers) -> None:
    deps = callers.deps
    prices.create_prices(StripeGateway(deps.settings), deps.control.catalogue)
    tenant = callers.tenant(plan="starter")
    admin = callers.person(tenant, "admin")
    begun = admin.post("/v1/billing/subscribe", json={"plan": "starter", "payment_method": "pm_card_visa"})
    assert (begun.status_code, begun.json()["status"]) == (200, "trial")
    preview = admin.post("/v1/billing/preview", json={"plan": "professional"})
    assert preview.json()["lines"]
    changed = admin.post("/v1/billing/change", json={"plan": "professional", "interval": "year"})
    assert (changed.json()["plan"], changed.json()["next_payment"]["amount"]) == ("professional", "2990.00")
    canceled = admin.post("/v1/billing/cancel", json={"at": "now"})
    assert canceled.json()["status"] == "canceled"
    # Canceled: everything is closed but billing and taking along what is one's own.
    assert admin.get("/v1/usage").status_code == 402
    assert admin.get("/v1/billing").status_code == 200
    assert callers.person(tenant, "owner").get("/v1/export").status_code == 200


def test_an_owner_cancels_and_closes(callers: Callers) -> None:
    deps, tenant = callers.deps, callers.tenant(plan="starter")
    prices.create_prices(StripeGateway(deps.settings), deps.control.catalogue)
    owner, close = callers.person(tenant, "owner"), f"/v1/tenants/{tenant.tenant_id}/close"
    begun = owner.post("/v1/billing/subscribe", json={"plan": "starter", "payment_method": "pm_card_visa"})
    assert begun.status_code == 200
    assert (owner.post(close).status_code, owner.post(close).json()["code"]) == (409, "subscription_running")
    owner.post("/v1/billing/cancel", json={"at": "period_end"})
    assert owner.post(close).json()["code"] == "subscription_ending"
    owner.post("/v1/billing/cancel", json={"at": "now"})
    assert owner.post(close).json()["closed_at"] is not None


def test_an_agent_may_not_see_billing(callers: Callers) -> None:
    agent = callers.person(callers.tenant(), "agent")
    assert agent.get("/v1/billing").status_code == 403


def test_a_plan_that_is_not_sold_is_told_in_one_sentence(callers: Callers) -> None:
    admin = callers.person(callers.tenant(), "admin")
    answer = admin.post("/v1/billing/subscribe", json={"plan": "gold", "payment_method": "pm_card_visa"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_plan")


@pytest.fixture
def admin(callers: Callers) -> Client:
    """Return an admin whose tenant has subscribed to Starter."""
    deps = callers.deps
    prices.create_prices(StripeGateway(deps.settings), deps.control.catalogue)
    person = callers.person(callers.tenant(plan="starter"), "admin")
    body = {"plan": "starter", "payment_method": "pm_card_visa"}
    person.post("/v1/billing/subscribe", json=body).raise_for_status()
    return person


def test_a_retried_subscription_is_made_once_and_answered_alike(callers: Callers) -> None:
    deps = callers.deps
    prices.create_prices(StripeGateway(deps.settings), deps.control.catalogue)
    tenant = callers.tenant(plan="starter")
    admin = callers.person(tenant, "admin")
    body, key = {"plan": "starter", "payment_method": "pm_card_visa"}, {"Idempotency-Key": "one"}
    first = admin.post("/v1/billing/subscribe", json=body, headers=key)
    again = admin.post("/v1/billing/subscribe", json=body, headers=key)
    assert (first.status_code, first.headers.get("idempotent-replayed")) == (200, None)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert again.content == first.content
    customer = deps.control.tenants.get(tenant.tenant_id).stripe_customer_id
    assert len(list(StripeGateway(deps.settings).subscriptions(str(customer)))) == 1


@pytest.mark.parametrize(
    ("path", "body", "other"),
    [
        ("change", {"plan": "professional"}, {"plan": "enterprise"}),
        ("cancel", {"at": "period_end"}, {"at": "now"}),
        ("portal", {"return_url": "https://loki.test/a"}, {"return_url": "https://loki.test/b"}),
    ],
)
def test_a_key_repeats_its_answer_and_refuses_another_body(
    admin: Client, path: str, body: dict[str, object], other: dict[str, object]
) -> None:
    key = {"Idempotency-Key": "one"}
    first, again, refused = (
        admin.post(f"/v1/billing/{path}", json=each, headers=key) for each in (body, body, other)
    )
    assert (first.status_code, again.status_code) == (200, 200), first.text
    assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_reused")


def test_stripe_sends_people_back_to_us_and_to_their_own_domains_only(callers: Callers) -> None:
    deps, tenant = callers.deps, callers.tenant(plan="enterprise")
    callers.tenant("Other", plan="enterprise")
    prices.create_prices(StripeGateway(deps.settings), deps.control.catalogue)
    for name in ("proved.acme.com", "claimed.acme.com"):
        deps.control.domains.claim(tenant.tenant_id, name, BY)
    proved = sa.update(domains).where(domains.c.domain == "proved.acme.com").values(verified_at=CLOCK.now())
    deps.control.database.write(lambda connection: connection.execute(proved), touches_access=True)
    owner = callers.person(tenant, "owner")

    def answers(url: str) -> list[tuple[int, str | None]]:
        bodies = {"portal": {"return_url": url}, "checkout": {"plan": "starter", "return_url": url}}
        told = [owner.post(f"/v1/billing/{path}", json=body) for path, body in bodies.items()]
        return [(answer.status_code, answer.json().get("code")) for answer in told]

    for own in (
        "https://loki.test",
        "https://acme.loki.test",
        "http://localhost:8501",
        "https://proved.acme.com",
    ):
        assert answers(f"{own}/billing") == [(200, None)] * 2, own
    for elsewhere in (
        "https://other.loki.test",
        "https://claimed.acme.com",
        "https://evil.test",
        "https://loki.test.evil.test",
        "https://loki.test@evil.test",
        "https://evil@loki.test",
        "https://loki.test:8443",
    ):
        assert answers(f"{elsewhere}/billing") == [(422, "return_url_elsewhere")] * 2, elsewhere


def test_what_was_refused_gives_its_key_free(admin: Client) -> None:
    key = {"Idempotency-Key": "one"}
    assert admin.post("/v1/billing/resume", headers=key).json()["code"] == "nothing_to_resume"
    admin.post("/v1/billing/cancel", json={"at": "period_end"}).raise_for_status()
    assert admin.post("/v1/billing/resume", headers=key).json()["cancel_at_period_end"] is False


def test_a_request_still_at_work_is_not_begun_again(callers: Callers, admin: Client) -> None:
    deps, key, body = callers.deps, {"Idempotency-Key": "one"}, {"plan": "professional"}
    admin.post("/v1/billing/change", json=body, headers=key).raise_for_status()
    _unanswer(deps, CLOCK.now())
    answer = admin.post("/v1/billing/change", json=body, headers=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "request_in_progress")
    assert answer.headers["retry-after"] == "120"


def test_a_retry_after_a_crash_repeats_nothing_at_stripe(callers: Callers, admin: Client) -> None:
    deps, key, body = callers.deps, {"Idempotency-Key": "one"}, {"plan": "professional"}
    body["proration"] = "always_invoice"
    first = admin.post("/v1/billing/change", json=body, headers=key)
    invoices = _invoices(deps)
    _unanswer(deps, CLOCK.now() - timedelta(minutes=3))
    again = admin.post("/v1/billing/change", json=body, headers=key)
    assert (again.status_code, "idempotent-replayed" in again.headers) == (200, False)
    assert (again.content, _invoices(deps)) == (first.content, invoices)


def _unanswer(deps: Deps, begun_at: datetime) -> None:
    """Leave the keys as a crash between Stripe's answer and ours does."""
    lost = sa.update(idempotency_keys).values(status_code=0, response=b"", created_at=begun_at)
    deps.control.database.write(lambda connection: connection.execute(lost))


def _invoices(deps: Deps) -> list[str]:
    (tenant,) = deps.control.tenants.all()
    return [body["id"] for body in StripeGateway(deps.settings).invoices(str(tenant.stripe_customer_id))]
