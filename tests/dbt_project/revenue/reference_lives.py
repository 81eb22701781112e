"""What every customer's subscriptions were worth at any instant, from their states in order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import orjson

from tests.dbt_project.revenue.reference_billing import Book
from tests.dbt_project.revenue.reference_price import (
    Moment,
    is_live,
    item_mrr,
    period_end,
    resumes_at,
    rounded,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ingest.stripe.observation import Observation

Json = dict[str, Any]
A_MICROSECOND, A_DAY = timedelta(microseconds=1), timedelta(days=1)


@dataclass
class Life:
    """One subscription: its states in the order of the facts."""

    states: list[tuple[datetime, Json]] = field(default_factory=list)

    def at(self, when: datetime) -> tuple[Json | None, datetime | None]:
        """Return the state at an instant, and since when it has been past due without a break."""
        current, since = None, None
        for begins, body in self.states:
            if begins > when:
                break
            if body["status"] != "past_due":
                since = None
            elif since is None:
                since = begins
            current = body
        return current, since


@dataclass
class Parts:
    """What MRR consists of: billed every month, billed less or more often, prorations as billed."""

    monthly: Fraction = Fraction(0)
    longer: Fraction = Fraction(0)
    billed: Fraction = Fraction(0)
    active: int = 0

    @property
    def total(self) -> Fraction:
        """All of it."""
        return self.monthly + self.longer + self.billed


class Lives:
    """Reads the events of an account, in the order in which they truly happened.

    Args:
        observations: All of them, each object's in the order of the facts.
        policy: The switches.
        now: The moment of the report.
        zone: The reporting time zone.
        rows: The operator's files: exchange rates to the reporting currency, and merged customers.
    """

    def __init__(
        self,
        observations: Iterable[Observation],
        policy: Json,
        now: datetime,
        zone: str = "UTC",
        rows: dict[str, list[Json]] | None = None,
    ) -> None:
        self.policy, self.now, self.zone, files = policy, now, ZoneInfo(zone), rows or {}
        self.merges = {row["customer_id"]: row["merged_into"] for row in files.get("customer_merges", [])}
        self.rates: dict[str, list[tuple[date, Fraction]]] = defaultdict(list)
        for row in sorted(files.get("fx_rates", []), key=lambda row: row["date"]):
            self.rates[row["from_currency"]].append((row["date"], Fraction(row["rate"])))
        self.book = Book(observations, policy, zone)
        self.lives: dict[str, Life] = defaultdict(Life)
        self.owned: dict[str, set[str]] = defaultdict(set)
        self.customers: dict[str, list[tuple[datetime, Json | None, bool]]] = defaultdict(list)
        self.changes: dict[str, set[str]] = defaultdict(set)
        for seen in sorted(observations, key=lambda o: o.occurred_at):
            if seen.object_type in {"subscription", "customer"}:
                body = orjson.loads(seen.body)
                (self._subscription if seen.object_type == "subscription" else self._customer)(seen, body)

    def ledger_customer(self, customer: str) -> str:
        """Return whose ledger a customer's MRR stands in."""
        while customer in self.merges:
            customer = self.merges[customer]
        return customer

    def rate(self, currency: str, day: date) -> Fraction:
        """Return the day's rate: the newest known by then, else the first that is known; 1 where none is."""
        known = self.rates.get(currency, [(day, Fraction(1))])
        return next((rate for since, rate in reversed(known) if since <= day), known[0][1])

    def reporting(self, currency: str, amount: Fraction, day: date) -> Fraction:
        """Return a balance in the reporting currency at a day's rate."""
        return rounded(amount * self.rate(currency, day))

    def _customer(self, seen: Observation, body: Json) -> None:
        known = self.customers[seen.object_id]
        discount = body.get("discount")
        if seen.is_deleted or (known[-1][1] if known else None) != discount:
            self.changes[self.ledger_customer(seen.object_id)].add(seen.event_id or seen.object_id)
        known.append((seen.occurred_at, discount, seen.is_deleted))

    def _subscription(self, seen: Observation, body: Json) -> None:
        begins, life = seen.occurred_at, self.lives[seen.object_id]
        if seen.event_type == "customer.subscription.created":
            begins = min(begins, datetime.fromtimestamp(body["start_date"], UTC))
        elif body["status"] == "canceled":
            begins = min(begins, datetime.fromtimestamp(body["ended_at"], UTC))
        owner = self.ledger_customer(body["customer"])
        if not life.states or life.states[-1][1] != body:
            self.changes[owner].add(seen.event_id or seen.object_id)
        life.states.append((begins, body))
        self.owned[owner].add(seen.object_id)

    def moment(self, subscription: str, customer: str, when: datetime, since: datetime | None) -> Moment:
        """Return all that a subscription's worth depends on at an instant, beside its body."""
        discount, deleted = None, False
        for begins, found, gone in self.customers[customer]:
            if begins <= when:
                discount, deleted = found, deleted or gone
        coupons, once = self.book.objects["coupon"], self.book.once.get(subscription, {})
        return Moment(when, self.policy, since, discount, deleted, coupons, once)

    def billed(self, subscription: str, when: datetime, full: Fraction) -> Fraction:
        """Return the prorations that count at an instant; a credit takes no more than there is."""
        if self.policy["proration"] != "as_billed":
            return Fraction(0)
        counting = [b.amount for b in self.book.billed[subscription] if b.starts <= when < b.ends]
        return max(sum(counting, Fraction(0)), -full)

    def parts(self, customer: str, when: datetime) -> tuple[dict[str, Parts], bool]:
        """Return what a customer's MRR consists of by currency, and whether any subscription is live."""
        found: dict[str, Parts] = defaultdict(Parts)
        live = False
        for name in self.owned[customer]:
            body, since = self.lives[name].at(when)
            if body is None:
                continue
            moment = self.moment(name, body["customer"], when, since)
            part, worth = found[body["currency"]], item_mrr(body, moment)
            for item in body["items"]["data"]:
                recurring = item["price"]["recurring"]
                every = (recurring["interval"], recurring["interval_count"])
                if every == ("month", 1):
                    part.monthly += worth.get(item["id"], 0)
                else:
                    part.longer += worth.get(item["id"], 0)
            if is_live(body, moment):
                live = True
                full = sum(worth.values(), Fraction(0))
                billed = self.billed(name, when, full)
                part.billed += billed
                part.active += full + billed > 0
        return found, live

    def worth(self, customer: str, when: datetime) -> tuple[dict[str, Fraction], bool]:
        """Return a customer's MRR by currency at an instant, and whether any subscription is live."""
        found, live = self.parts(customer, when)
        return {name: part.total for name, part in found.items()}, live

    @property
    def today(self) -> date:
        """The day of the report in the reporting time zone."""
        return self.now.astimezone(self.zone).date()

    def days(self, customer: str) -> list[date]:
        """Return every day on which something could change."""
        instants: set[datetime] = set()
        for name in self.owned[customer]:
            instants |= set(self.instants(name))
        return sorted({at.astimezone(self.zone).date() for at in instants if at <= self.now})

    def instants(self, name: str) -> Iterable[datetime]:
        """Yield every instant at which a subscription's worth may change."""
        for begins, body in self.lives[name].states:
            yield begins
            days = self.policy["past_due_days"]
            if days != "never":
                yield begins + timedelta(days=days)
            of_customer = self.customers[body["customer"]]
            yield from (when for when, _, _ in of_customer)
            ends = (period_end(body), resumes_at(body))
            yield from (datetime.fromtimestamp(end, UTC) for end in ends if end < float("inf"))
            listed = body["discounts"] + [d for item in body["items"]["data"] for d in item["discounts"]]
            for discount in listed + [found for _, found, _ in of_customer if found]:
                for edge in ("start", "end"):
                    if discount[edge]:
                        yield datetime.fromtimestamp(discount[edge], UTC)
        for once in self.book.once.get(name, {}).values():
            yield from (once.starts, once.ends)
        for billed in self.book.billed[name]:
            yield from (billed.starts, billed.ends)

    def close(self, day: date) -> datetime:
        """Return the last instant of a day, or now."""
        ends = datetime.combine(day + timedelta(days=1), datetime.min.time(), self.zone) - A_MICROSECOND
        return min(ends, self.now)
