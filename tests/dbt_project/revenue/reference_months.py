"""Months, cohorts and their ratios once more, from the reference's ledger and balances."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.dbt_project.revenue.reference_billing import month_after, month_of
from tests.dbt_project.revenue.reference_price import rounded

if TYPE_CHECKING:
    from tests.dbt_project.revenue.reference_ledger import Reference, Row

TYPES = ["new", "expansion", "contraction", "churn", "reactivation"]
CHANGES = ["expansion", "contraction", "churn"]  # of a customer who was there before; a return is left out
Value = Fraction | int | None


@dataclass
class Month:
    """What happened in a month, in the reporting currency."""

    first: date
    last: date
    moved: dict[str, dict[str, Fraction]] = field(default_factory=lambda: {kind: {} for kind in TYPES})
    closing: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    active: int = 0


def over(above: Fraction | int, below: Fraction | int) -> Fraction | None:
    """Return a ratio, or nothing where there is nothing to divide by."""
    return Fraction(above) / below if below else None


class Months:
    """The months of a reference, as booked or at one rate for the whole report."""

    def __init__(self, reference: Reference, *, constant: bool) -> None:
        self.reference, self.constant = reference, constant
        self.rows = reference.movements()
        self.months = self._calendar()
        for row in self.rows:
            moved = self.months[month_of(row.day)].moved[row.kind]
            moved[row.customer] = moved.get(row.customer, Fraction(0)) + self._change(row)
        for month, customer, currency, amount, active in reference.balances:
            day = reference.today if constant else self.months[month].last
            self.months[month].closing[customer] += reference.reporting(currency, amount, day)
            self.months[month].active += active

    def _calendar(self) -> dict[date, Month]:
        months: dict[date, Month] = {}
        first = month_of(min((row.day for row in self.rows), default=self.reference.today))
        while self.rows and first <= self.reference.today:
            last = min(month_after(first) - timedelta(days=1), self.reference.today)
            months[first] = Month(first, last)
            first = month_after(first)
        return months

    def _change(self, row: Row) -> Fraction:
        if not self.constant:
            return row.worth
        rate = self.reference.rate(row.currency, self.reference.today)
        return rounded(row.after * rate) - rounded((row.after - row.amount) * rate)

    def table(self) -> dict[date, dict[str, Value]]:
        """Return every month's columns."""
        found: dict[date, dict[str, Value]] = {}
        opening: dict[str, Fraction] = {}
        rates: list[Fraction | None] = []
        for month in self.months.values():
            row = self._flows(month, opening)
            row["logo_churn_rate"] = self._logo_churn(month, opening)
            known = [rate for rate in rates[-6:] if rate is not None]
            mean = over(sum(known, Fraction(0)), len(known))
            arpu = row["arpu"]
            row["ltv"] = over(arpu, mean) if arpu is not None and mean else None
            rates.append(row["logo_churn_rate"])  # type: ignore[arg-type]
            opening, found[month.first] = month.closing, row
        return found

    def _flows(self, month: Month, opening: dict[str, Fraction]) -> dict[str, Value]:
        total, opened = sum(month.closing.values(), Fraction(0)), sum(opening.values(), Fraction(0))
        sums: dict[str, Fraction] = {kind: sum(month.moved[kind].values(), Fraction(0)) for kind in TYPES}
        paying = sum(1 for amount in month.closing.values() if amount > 0)
        gained = sums["new"] + sums["expansion"] + sums["reactivation"]
        lost = -(sums["contraction"] + sums["churn"])
        return sums | {
            "opening_mrr": opened,
            "fx": total - opened - sum(sums.values()),
            "closing_mrr": total,
            "arr": 12 * total,
            "paying_customers": paying,
            "active_subscriptions": month.active,
            "arpu": over(total, paying),
            "arpu_per_subscription": over(total, month.active),
            "growth_rate": over(total - opened, opened),
            "gross_revenue_churn": over(lost, opened),
            "quick_ratio": over(gained, lost),
            **self._retention(month, opening, opened),
        }

    def _retention(self, month: Month, opening: dict[str, Fraction], opened: Fraction) -> dict[str, Value]:
        """Return both retentions over the customers that had a balance at the start; rates move neither."""
        held = [customer for customer, amount in opening.items() if amount > 0]

        def moved(customer: str, kinds: list[str]) -> Fraction:
            return sum((month.moved[kind].get(customer, Fraction(0)) for kind in kinds), Fraction(0))

        closing = {c: max(opening[c] + moved(c, TYPES), Fraction(0)) for c in held}
        kept = sum((min(closing[c], opening[c]) for c in held), Fraction(0))
        changed = sum((moved(c, CHANGES) for c in held), Fraction(0))
        return {
            "gross_revenue_retention": over(kept, opened),
            "net_revenue_retention": over(opened + changed, opened),
        }

    def _logo_churn(self, month: Month, opening: dict[str, Fraction]) -> Fraction | None:
        base = self.reference.policy["churn_base"]
        if base == "rolling_30_days":
            since = month.last - timedelta(days=30)
            gone = {
                row.customer for row in self.rows if row.kind == "churn" and since < row.day <= month.last
            }
            return over(len(gone), len(self._paying_on(since)))
        left = {customer for customer, amount in month.moved["churn"].items() if amount}
        before = sum(1 for amount in opening.values() if amount > 0)
        if base == "start_plus_new":
            before += len(month.moved["new"])
        return over(len(left), before)

    def _paying_on(self, day: date) -> set[str]:
        """Return who had a balance at a day's close."""
        balances: dict[tuple[str, str], Fraction] = {}
        for row in sorted(self.rows, key=lambda row: row.day):
            if row.day <= day:
                balances[row.customer, row.currency] = row.after
        return {customer for (customer, _), amount in balances.items() if amount > 0}

    def trailing(self, length: int) -> dict[date, dict[str, Value]]:
        """Return growth, churn and retention over the window of so many months that ends with each month."""
        months = list(self.months.values())
        ends = range(length - 1, len(months))
        return {months[end].first: self._window(months[: end + 1], length) for end in ends}

    def _window(self, until: list[Month], length: int) -> dict[str, Value]:
        window, before = until[-length:], until[: -length or None]
        opening = before[-1].closing if before else {}
        held = {customer: amount for customer, amount in opening.items() if amount > 0}
        opened, closed = sum(opening.values(), Fraction(0)), sum(window[-1].closing.values(), Fraction(0))
        total = {kind: sum((sum(m.moved[kind].values()) for m in window), Fraction(0)) for kind in TYPES}
        lost = -(total["contraction"] + total["churn"])
        kept = sum((min(window[-1].closing.get(c, Fraction(0)), held[c]) for c in held), Fraction(0))
        stayed = [m.moved[kind].get(c, Fraction(0)) for m in window for kind in CHANGES for c in held]
        left = {c for m in window for c, amount in m.moved["churn"].items() if amount}
        there = set(held)
        base = len(held)
        if self.reference.policy["churn_base"] == "start_plus_new":
            base += sum(len(m.moved["new"]) for m in window)
            there |= {c for m in window for c in m.moved["new"]}
        return total | {
            "opening_mrr": opened,
            "closing_mrr": closed,
            "growth_rate": over(closed - opened, opened),
            "logo_churn_rate": over(len(left & there), base),
            "gross_revenue_churn": over(lost, opened),
            "net_revenue_retention": over(opened + sum(stayed, Fraction(0)), opened),
            "gross_revenue_retention": over(kept, opened),
            "quick_ratio": over(total["new"] + total["expansion"] + total["reactivation"], lost),
        }

    def cohorts(self) -> dict[tuple[date, date], tuple[int, Fraction]]:
        """Return how many of each cohort still paid in each month, and how much at today's rates."""
        began: dict[str, date] = {}
        for row in sorted(self.rows, key=lambda row: row.day):
            if row.after > 0:
                began.setdefault(row.customer, month_of(row.day))
        kept: dict[tuple[date, date], tuple[int, Fraction]] = {}
        for month in self.months.values():
            for customer, amount in month.closing.items():
                if amount > 0:
                    count, total = kept.get((began[customer], month.first), (0, Fraction(0)))
                    kept[began[customer], month.first] = count + 1, total + amount
        return kept
