"""The ledger once more: every customer at the close of every day on which anything could have changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from tests.dbt_project.revenue.reference_billing import month_after, month_of
from tests.dbt_project.revenue.reference_lives import A_DAY, Lives, Parts

if TYPE_CHECKING:
    from collections.abc import Iterable


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


class Reference(Lives):
    """The lives of an account's customers, and the ledger that they make."""

    @cached_property
    def month_ends(self) -> list[tuple[date, str, str, Parts]]:
        """Month, customer, currency and the parts of MRR at the close of each month up to now."""
        return [row for customer in self.owned for row in self._month_ends(customer)]

    def _month_ends(self, customer: str) -> Iterable[tuple[date, str, str, Parts]]:
        day = month_of(min(self.days(customer), default=self.today))
        while day <= self.today:
            for currency, part in self.parts(customer, self.close(month_after(day) - A_DAY))[0].items():
                if part.total:
                    yield day, customer, currency, part
            day = month_after(day)

    @property
    def balances(self) -> Iterable[tuple[date, str, str, Fraction, int]]:
        """Month, customer, currency, MRR and subscriptions that bear any, at the close of each month."""
        for month, customer, currency, part in self.month_ends:
            yield month, customer, currency, part.total, part.active

    def movements(self) -> list[Row]:
        """Return the ledger of all customers, without rows of exchange rates."""
        return self._movements

    @cached_property
    def _movements(self) -> list[Row]:
        return [row for customer in sorted(self.owned) for row in self._ledger(customer)]

    def _ledger(self, customer: str) -> Iterable[Row]:
        before: dict[str, Fraction] = {}
        paid, gone_on = False, None
        for day in self.days(customer):
            after, live = self.worth(customer, self.close(day))
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
