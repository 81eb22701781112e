"""What staff has done with billing."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from tenants.billing import comparison, prices
from tenants.billing.applying import Applier
from tenants.billing.gateway import StripeGateway
from tenants.billing.inbox import Inbox
from tenants.billing.overage import OverageBilling

if TYPE_CHECKING:
    from tenants.tasks.records import Outcome, Work


def compare_with_stripe(work: Work) -> Outcome:
    """Compare one tenant's billing, or everyone's, with Stripe; unless told not to, take in what it says."""
    differing: set[str] = set()
    found = comparison.compare(
        work.control,
        _applier(work),
        StripeGateway(work.control.settings),
        repair=work.task.parameters.get("repair", True),
        only=work.task.tenant_id,
        tell=work.tell,
    )
    for each in found:
        told = asdict(each)
        differing.add(told.pop("tenant_id"))
        work.find(each.tenant_id, told)
    return {"differences": len(found), "tenants": len(differing)}


def take_in(work: Work) -> Outcome:
    """Take in what Stripe knows of customers that were there before this installation."""
    return {"objects": comparison.adopt(_applier(work), StripeGateway(work.control.settings))}


def charge(work: Work) -> Outcome:
    """Charge use above quotas in periods that have ended, once."""
    overage = OverageBilling(work.control, work.stores, StripeGateway(work.control.settings))
    return {"queued": overage.queue(), "sent": overage.send()}


def make_prices(work: Work) -> Outcome:
    """Make in Stripe the catalogue's prices that it lacks."""
    return {"made": len(prices.create_prices(StripeGateway(work.control.settings), work.control.catalogue))}


def apply_events(work: Work) -> Outcome:
    """Apply Stripe's events that wait in the inbox."""
    return asdict(_applier(work).drain())


def _applier(work: Work) -> Applier:
    return Applier(work.control, Inbox(work.control), StripeGateway(work.control.settings))
