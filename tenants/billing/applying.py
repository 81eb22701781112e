"""Stripe's events become the tenants' billing state: in the order of the facts, each once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec
import orjson
import structlog

from tenants.audit.records import SYSTEM
from tenants.billing.facts import (
    Fact,
    fact_of_event,
    fact_of_object,
    facts_of_customer,
    keep,
    known_facts,
    newer,
)
from tenants.billing.state import BillingState, moment, read_state
from tenants.errors import NotFound, PlatformError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from tenants.billing.gateway import Json, StripeGateway
    from tenants.billing.inbox import Inbox, InboxEvent
    from tenants.control import ControlPlane
    from tenants.tenancy import Tenant

log = structlog.get_logger()


@dataclass
class Drained:
    """What one pass over the inbox did."""

    applied: int = 0
    asked: int = 0
    failed: int = 0


class Applier:
    """Folds events into facts and facts into tenants.

    Args:
        control: Holds the facts and the tenants.
        inbox: The events.
        gateway: Asked where two states of one second contradict each other.
    """

    def __init__(self, control: ControlPlane, inbox: Inbox, gateway: StripeGateway) -> None:
        self._control = control
        self._inbox = inbox
        self._gateway = gateway

    def drain(self, limit: int = 500) -> Drained:
        """Apply what waits, in batches, until nothing is left that can be applied."""
        total = Drained()
        while True:
            events = self._inbox.waiting(limit)
            done = self.apply(events)
            total.applied += done.applied
            total.asked += done.asked
            total.failed = done.failed
            if len(events) < limit or not done.applied:
                return total

    def apply(self, events: Sequence[InboxEvent]) -> Drained:
        """Apply a batch of events in one transaction; what cannot be settled stays waiting."""
        told = [(event, fact_of_event(orjson.loads(event.payload))) for event in events]
        with self._control.database.read() as connection:
            held = known_facts(connection, {fact.object_id for _, fact in told if fact})
        report, settled, unsettled = Drained(), dict(held), set[str]()
        for _, fact in told:
            if fact is None or fact.object_id in unsettled:
                continue
            winner = newer(settled.get(fact.object_id), fact) or self._ask(fact, report)
            if winner is None:
                unsettled.add(fact.object_id)
            else:
                settled[fact.object_id] = winner
        done = [event for event, fact in told if fact is None or fact.object_id not in unsettled]
        new = [fact for key, fact in settled.items() if fact is not held.get(key) and key not in unsettled]
        self._inbox.apply(done, lambda connection: self.take_in(connection, new))
        for event, fact in told:
            if fact is not None and fact.object_id in unsettled:
                self._inbox.note_failure(event, "Stripe did not answer")
        report.applied, report.failed = len(done), len(told) - len(done)
        return report

    def learn(self, *bodies: Json) -> None:
        """Take in objects that Stripe has just answered with, before their events arrive.

        Their time stays that of the newest event known, so that any later event still counts.
        """
        with self._control.database.read() as connection:
            held = known_facts(connection, [str(body.get("id")) for body in bodies])
        told = [
            fact_of_object(body, held[body["id"]].fact_at if body["id"] in held else 0, is_asked=True)
            for body in bodies
        ]
        facts = [fact for fact in told if fact is not None]
        self._control.database.write(lambda connection: self.take_in(connection, facts), touches_access=True)

    def take_in(self, connection: Connection, facts: Iterable[Fact]) -> None:
        """Keep facts and bring the tenants that they concern up to date, within a transaction."""
        kept = list(facts)
        keep(connection, kept)
        for customer_id in sorted({fact.customer_id for fact in kept}):
            known = facts_of_customer(connection, customer_id)
            tenant = self._tenant_of(customer_id, known)
            if tenant is not None:
                told_at = {fact.object_id: fact.fact_at for fact in kept if not fact.is_asked}
                self._bring_up_to_date(connection, tenant, customer_id, known, told_at)

    def drift(self, tenant: Tenant) -> dict[str, Any]:
        """Return what a tenant should have by the facts that are known here, by field, where it does not."""
        with self._control.database.read() as connection:
            known = facts_of_customer(connection, str(tenant.stripe_customer_id))
        return self._changed(tenant, str(tenant.stripe_customer_id), known)

    def settle(self, tenant: Tenant) -> None:
        """Bring a tenant in line with the facts that are known here."""
        customer_id = str(tenant.stripe_customer_id)

        def work(connection: Connection) -> None:
            known = facts_of_customer(connection, customer_id)
            self._bring_up_to_date(connection, tenant, customer_id, known, {})

        self._control.database.write(work, touches_access=True)

    def _ask(self, fact: Fact, report: Drained) -> Fact | None:
        report.asked += 1
        try:
            body = self._gateway.retrieve(fact.object_type, fact.object_id)
        except NotFound:
            return replace(fact, is_asked=True)
        except PlatformError as error:
            log.warning("billing_fact_unsettled", object_id=fact.object_id, code=error.code)
            return None
        return fact_of_object(body, fact.fact_at, is_asked=True)

    def _tenant_of(self, customer_id: str, known: Sequence[Fact]) -> Tenant | None:
        tenant = self._control.tenants.by_stripe_customer(customer_id)
        if tenant is not None:
            return tenant
        bodies = [fact.body for fact in known if fact.object_id == customer_id]
        named = (bodies[0].get("metadata") or {}).get("tenant_id") if bodies else None
        try:
            found = self._control.tenants.get(str(named)) if named else None
        except NotFound:
            return None
        return found if found is not None and found.stripe_customer_id is None else None

    def _bring_up_to_date(
        self,
        connection: Connection,
        tenant: Tenant,
        customer_id: str,
        known: Sequence[Fact],
        told_at: Mapping[str, int],
    ) -> None:
        """Change what differs; `told_at` are the seconds at which events showed objects, by their ids."""
        changed = self._changed(tenant, customer_id, known)
        if changed:
            leading = read_state(known, self._control.catalogue).subscription_id
            since = moment(told_at.get(leading or ""))
            self._control.tenants.update_within(
                connection, tenant.tenant_id, SYSTEM, "billing_applied", changed, since=since
            )

    def _changed(self, tenant: Tenant, customer_id: str, known: Sequence[Fact]) -> dict[str, Any]:
        state = read_state(known, self._control.catalogue)
        fields = {"stripe_customer_id": customer_id, **self._fields(tenant, state)}
        return {name: value for name, value in fields.items() if getattr(tenant, name) != value}

    def _fields(self, tenant: Tenant, state: BillingState) -> dict[str, Any]:
        plan = state.plan or tenant.plan
        has = self._control.catalogue.plan(plan).modules
        modules = tenant.modules and tuple(module for module in tenant.modules if module in has)
        fields: dict[str, Any] = {
            "status": state.status or tenant.status,
            "stripe_subscription_id": state.subscription_id or tenant.stripe_subscription_id,
            "cancel_at_period_end": state.cancel_at_period_end,
            "payment_failures": state.payment_failures,
            "plan": plan,
            "modules": modules,
            "overrides": msgspec.structs.replace(tenant.overrides, seats=state.seats),
        }
        if self._control.catalogue.usage_period == "subscription_month" and state.usage_anchor_at:
            fields["usage_anchor_at"] = state.usage_anchor_at
        return fields
