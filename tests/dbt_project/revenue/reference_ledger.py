"""The ledger once more: every customer at the close of every day on which anything could have changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import orjson

from tests.dbt_project.revenue.reference_billing import Book, month_after, month_of
from tests.dbt_project.revenue.reference_price import Moment, is_live, item_mrr, period_end, rounded

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


@dataclass(frozen=True)
class Row:
    """One movement."""

    customer: str
    day: date
    currency: str
    kind: str
    amount: Fraction
    after: Fraction
    worth: Fraction


class Reference:
    """Reads the events of an account, in the order in which they truly happened, and keeps the ledger.

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

    def _moment(self, subscription: str, customer: str, when: datetime, since: datetime | None) -> Moment:
        discount, deleted = None, False
        for begins, found, gone in self.customers[customer]:
            if begins <= when:
                discount, deleted = found, deleted or gone
        return Moment(when, self.policy, since, discount, deleted, self.book.once.get(subscription, {}))

    def _billed(self, subscription: str, when: datetime, full: Fraction) -> Fraction:
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
            moment = self._moment(name, body["customer"], when, since)
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
                billed = self._billed(name, when, full)
                part.billed += billed
                part.active += full + billed > 0
        return found, live

    def worth(self, customer: str, when: datetime) -> tuple[dict[str, Fraction], bool]:
        """Return a customer's MRR by currency at an instant, and whether any subscription is live."""
        found, live = self.parts(customer, when)
        return {name: part.total for name, part in found.items()}, live

    @cached_property
    def month_ends(self) -> list[tuple[date, str, str, Parts]]:
        """Month, customer, currency and the parts of MRR at the close of each month up to now."""
        return [row for customer in self.owned for row in self._month_ends(customer)]

    def _month_ends(self, customer: str) -> Iterable[tuple[date, str, str, Parts]]:
        day = month_of(min(self._days(customer), default=self.today))
        while day <= self.today:
            for currency, part in self.parts(customer, self._close(month_after(day) - A_DAY))[0].items():
                if part.total:
                    yield day, customer, currency, part
            day = month_after(day)

    @property
    def balances(self) -> Iterable[tuple[date, str, str, Fraction, int]]:
        """Month, customer, currency, MRR and subscriptions that bear any, at the close of each month."""
        return ((*key, part.total, part.active) for *key, part in self.month_ends)

    @property
    def today(self) -> date:
        """The day of the report in the reporting time zone."""
        return self.now.astimezone(self.zone).date()

    def _days(self, customer: str) -> list[date]:
        """Return every day on which something could change."""
        instants: set[datetime] = set()
        for name in self.owned[customer]:
            instants |= set(self._instants(name))
        return sorted({at.astimezone(self.zone).date() for at in instants if at <= self.now})

    def _instants(self, name: str) -> Iterable[datetime]:
        for begins, body in self.lives[name].states:
            yield begins
            days = self.policy["past_due_days"]
            if days != "never":
                yield begins + timedelta(days=days)
            of_customer = self.customers[body["customer"]]
            yield from (when for when, _, _ in of_customer)
            if period_end(body) < float("inf"):
                yield datetime.fromtimestamp(period_end(body), UTC)
            listed = body["discounts"] + [d for item in body["items"]["data"] for d in item["discounts"]]
            for discount in listed + [found for _, found, _ in of_customer if found]:
                for edge in ("start", "end"):
                    if discount[edge]:
                        yield datetime.fromtimestamp(discount[edge], UTC)
        for span in [*self.book.once.get(name, {}).values(), *self.book.billed[name]]:
            yield from (span.starts, span.ends)

    def _close(self, day: date) -> datetime:
        ends = datetime.combine(day + timedelta(days=1), datetime.min.time(), self.zone) - A_MICROSECOND
        return min(ends, self.now)

    def movements(self) -> list[Row]:
        """Return the ledger of all customers, without rows of exchange rates."""
        return self._movements

    @cached_property
    def _movements(self) -> list[Row]:
        return [row for customer in sorted(self.owned) for row in self._ledger(customer)]

    def _ledger(self, customer: str) -> Iterable[Row]:
        before: dict[str, Fraction] = {}
        paid, gone_on = False, None
        for day in self._days(customer):
            after, live = self.worth(customer, self._close(day))
            changes = {
                name: after.get(name, Fraction(0)) - before.get(name, Fraction(0))
                for name in {*after, *before}
            }
            was, now = sum(before.values()) > 0, sum(after.values()) > 0
            gone = not now and (not live or self.policy["full_discount"] == "churn")
            kind = self._kind(was=was, now=now, gone=gone, paid=paid, gone_on=gone_on, day=day)
            worth = {
                name: self.reporting(name, after.get(name, Fraction(0)), day)
                - self.reporting(name, before.get(name, Fraction(0)), day)
                for name in changes
            }
            fallback = "expansion" if sum(worth.values()) > 0 else "contraction"
            for name, amount in changes.items():
                if amount:
                    balance = after.get(name, Fraction(0))
                    yield Row(customer, day, name, kind or fallback, amount, balance, worth[name])
            if now:
                paid, gone_on = True, None
            elif gone and paid and gone_on is None:
                gone_on = day
            before = dict(after)

    def _kind(
        self, *, was: bool, now: bool, gone: bool, paid: bool, gone_on: date | None, day: date
    ) -> str | None:
        if now and not was:
            if not paid:
                return "new"
            return "expansion" if gone_on is None else self._return(gone_on, day)
        if was and not now:
            return "churn" if gone else "contraction"
        return None

    def _return(self, gone_on: date, day: date) -> str:
        gap = self.policy["reactivation_gap"]
        if gap == "one_month":
            enough = day >= _month_later(gone_on)
        else:
            enough = gap == "any" or (day - gone_on).days <= 90
        return "reactivation" if enough else "new"


def _month_later(day: date) -> date:
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    return date(year, month, day.day)
