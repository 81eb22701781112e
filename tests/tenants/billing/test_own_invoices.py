"""Overage is invoiced by itself where no renewal takes it along soon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tenants.billing.using import charges, overage, use, using
from tests.tenants.factories import BY

if TYPE_CHECKING:
    from tenants.tenancy import Tenant
    from tests.tenants.billing.conftest import Desk

pytestmark = pytest.mark.parametrize("desk", ["iris"], indirect=True)


def of_year(desk: Desk, units: str = "1100") -> Tenant:
    """A tenant that pays by the year and used conversations in its first month."""
    tenant = desk.tenant()
    desk.billing.subscribe(tenant, "starter", "year", BY, "pm_card_visa")
    desk.pass_time(days=15)  # the trial
    tenant = desk.again(tenant)
    use(desk, tenant, "a", "conversations", units)
    return tenant


def charge(desk: Desk) -> tuple[int, int]:
    billing = overage(desk)
    return billing.queue(), billing.send()


def totals(desk: Desk, tenant: Tenant) -> list[int]:
    """Totals of the invoices that bear overage."""
    customer = str(tenant.stripe_customer_id)
    of_overage = {item["invoice"] for item in desk.gateway.invoice_items(customer)}
    return [each["total"] for each in desk.gateway.invoices(customer) if each["id"] in of_overage]


@pytest.mark.parametrize("is_canceled", [True, False])
def test_who_pays_by_the_year_is_charged_when_the_month_has_ended(
    desk: Desk,
    is_canceled: bool,  # noqa: FBT001 - a case
) -> None:
    tenant = of_year(desk)
    if is_canceled:
        desk.billing.cancel(tenant, BY)
    for sent in (1, 0, 0):
        desk.pass_time(days=32)
        assert charge(desk) == (sent, sent)
    assert totals(desk, tenant) == [1000]
    (of_month,) = [
        each for each in desk.gateway.invoices(str(tenant.stripe_customer_id)) if each["total"] == 1000
    ]
    assert of_month["status"] == "paid"


def test_what_waited_for_a_renewal_is_invoiced_when_the_subscription_ends_before_it(desk: Desk) -> None:
    tenant = using(desk, "a", "conversations", "1100")
    desk.pass_time(days=32)
    assert charge(desk) == (1, 1)
    assert totals(desk, tenant) == []
    assert charges(desk, tenant) == [1000]
    desk.billing.cancel(desk.again(tenant), BY, now=True)
    for _ in range(3):
        desk.pass_time(days=2)
        assert charge(desk) == (0, 0)
    assert totals(desk, tenant) == [1000]


def test_an_own_invoice_takes_nothing_else_along_that_waits_for_the_customer(desk: Desk) -> None:
    tenant = of_year(desk)
    other = {"customer": str(tenant.stripe_customer_id), "currency": "usd", "amount": 70000}
    waiting = desk.sandbox.call("POST", "/v1/invoiceitems", other)
    desk.pass_time(days=32)
    assert charge(desk) == (1, 1)
    of_month = [each for each in desk.gateway.invoices(other["customer"]) if each["total"] == 1000]
    assert len(of_month) == 1
    (kept,) = [each for each in desk.gateway.invoice_items(other["customer"]) if each["id"] == waiting["id"]]
    assert kept["invoice"] is None


def test_what_a_renewal_takes_along_gets_no_invoice_of_its_own(desk: Desk) -> None:
    tenant = using(desk, "a", "conversations", "1100")
    for _ in range(4):
        desk.pass_time(days=32)
        charge(desk)
    assert totals(desk, tenant) == [9900 + 1000]
