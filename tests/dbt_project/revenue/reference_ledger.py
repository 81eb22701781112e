"""The ledger once more: every customer at the close of every day on which anything could have changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import orjson

from tests.dbt_project.revenue.reference_price import Moment, is_live, mrr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ingest.stripe.observation import Observation

Json = dict[str, Any]
A_MICROSECOND = timedelta(microseconds=1)


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


@dataclass(frozen=True)
class Row:
    """One movement."""

    customer: str
    day: date
    currency: str
    kind: str
    amount: Fraction
    after: Fraction


class Reference:
    """Reads the events of an account, in the order in which they truly happened, and keeps the ledger."""

    def __init__(
        self, observations: Iterable[Observation], policy: Json, now: datetime, zone: str = "UTC"
    ) -> None:
        self.policy, self.now, self.zone = policy, now, ZoneInfo(zone)
        self.lives: dict[str, Life] = defaultdict(Life)
        self.owned: dict[str, set[str]] = defaultdict(set)
        self.customers: dict[str, list[tuple[datetime, Json | None, bool]]] = defaultdict(list)
        for seen in sorted(observations, key=lambda o: o.occurred_at):
            body = orjson.loads(seen.body)
            if seen.object_type == "subscription":
                self._subscription(seen, body)
            elif seen.object_type == "customer":
                self.customers[seen.object_id].append(
                    (seen.occurred_at, body.get("discount"), seen.is_deleted)
                )

    def _subscription(self, seen: Observation, body: Json) -> None:
        begins = seen.occurred_at
        if seen.event_type == "customer.subscription.created":
            begins = min(begins, datetime.fromtimestamp(body["start_date"], UTC))
        elif body["status"] == "canceled":
            begins = min(begins, datetime.fromtimestamp(body["ended_at"], UTC))
        self.lives[seen.object_id].states.append((begins, body))
        self.owned[body["customer"]].add(seen.object_id)

    def _moment(self, customer: str, when: datetime, since: datetime | None) -> Moment:
        discount, deleted = None, False
        for begins, found, gone in self.customers[customer]:
            if begins <= when:
                discount, deleted = found, deleted or gone
        return Moment(when, self.policy, since, discount, deleted)

    def worth(self, customer: str, when: datetime) -> tuple[dict[str, Fraction], bool]:
        """Return a customer's MRR by currency at an instant, and whether any subscription is live."""
        totals: dict[str, Fraction] = defaultdict(Fraction)
        live = False
        for name in self.owned[customer]:
            body, since = self.lives[name].at(when)
            if body is not None:
                moment = self._moment(customer, when, since)
                totals[body["currency"]] += mrr(body, moment)
                live = live or is_live(body, moment)
        return totals, live

    def _days(self, customer: str) -> list[date]:
        """Return every day on which something could change."""
        instants: set[datetime] = {begins for begins, _, _ in self.customers[customer]}
        for name in self.owned[customer]:
            for begins, body in self.lives[name].states:
                instants.add(begins)
                days = self.policy["past_due_days"]
                if days != "never":
                    instants.add(begins + timedelta(days=days))
                listed = body["discounts"] + [d for item in body["items"]["data"] for d in item["discounts"]]
                listed += [found for _, found, _ in self.customers[customer] if found]
                for discount in listed:
                    instants |= {
                        datetime.fromtimestamp(discount[edge], UTC)
                        for edge in ("start", "end")
                        if discount[edge]
                    }
        return sorted({moment.astimezone(self.zone).date() for moment in instants if moment <= self.now})

    def _close(self, day: date) -> datetime:
        ends = datetime.combine(day + timedelta(days=1), datetime.min.time(), self.zone) - A_MICROSECOND
        return min(ends, self.now)

    def movements(self) -> list[Row]:
        """Return the ledger of all customers, without rows of exchange rates."""
        rows: list[Row] = []
        for customer in sorted(self.owned):
            rows += self._customer(customer)
        return rows

    def _customer(self, customer: str) -> Iterable[Row]:
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
            for name, amount in changes.items():
                if amount:
                    fallback = "expansion" if sum(changes.values()) > 0 else "contraction"
                    yield Row(customer, day, name, kind or fallback, amount, after.get(name, Fraction(0)))
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
