"""What invoices say, once more in exact arithmetic: their lines, the bridge from MRR to cash."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import orjson

from tests.dbt_project.revenue.reference_price import COUNTED, Json, Once, digits
from tests.dbt_project.revenue.reference_shares import items_of, parts_of, shared_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ingest.stripe.observation import Observation
    from tests.dbt_project.revenue.reference_ledger import Reference


def moment_of(seconds: float) -> datetime:
    """Return Stripe's seconds as a moment."""
    return datetime.fromtimestamp(seconds, UTC)


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def month_after(day: date) -> date:
    """Return the first day of the month after a day's."""
    return month_of(month_of(day) + timedelta(days=31))


@dataclass(frozen=True)
class Line:
    """A line of a finalised invoice in major units.

    Attributes:
        kind: monthly, longer, proration, usage or one_off.
        net: Without tax and without the discounts that the policy's MRR knows.
        tax: Inside the amount and on top of it.
        uncounted: Discounts that the policy's MRR does not know.
        total: What it adds to the invoice's total.
    """

    kind: str
    net: Fraction
    tax: Fraction
    uncounted: Fraction
    total: Fraction


@dataclass(frozen=True)
class Billed:
    """A proration that counts in the month it was billed in."""

    starts: datetime
    ends: datetime
    currency: str
    amount: Fraction


class Book:
    """All invoices of an account in their last state, and the money that moved on them."""

    def __init__(self, observations: Iterable[Observation], policy: Json, zone: str = "UTC") -> None:
        self.policy, self.zone = policy, ZoneInfo(zone)
        self.objects: dict[str, dict[str, Json]] = defaultdict(dict)
        self.discounts: dict[str, Json] = {}
        for seen in sorted(observations, key=lambda o: o.occurred_at):
            body = orjson.loads(seen.body)
            self.objects[seen.object_type][seen.object_id] = body
            for place in self._places(body):
                self.discounts |= {d["id"]: d for d in place.get("discounts") or []}
        self.payments: dict[str, list[Json]] = defaultdict(list)
        for payment in self.objects["invoice_payment"].values():
            self.payments[payment["invoice"]].append(payment)
        self.notes: dict[str, list[Json]] = defaultdict(list)
        for note in self.objects["credit_note"].values():
            self.notes[note["invoice"]].append(note)
        self.once: dict[str, dict[str, Once]] = defaultdict(dict)
        self.billed: dict[str, list[Billed]] = defaultdict(list)
        for invoice in self.objects["invoice"].values():
            self._note(invoice)

    @staticmethod
    def _places(body: Json) -> list[Json]:
        items = body["items"]["data"] if body["object"] == "subscription" else []
        return [body, *items] if body["object"] == "subscription" else []

    def _note(self, invoice: Json) -> None:
        when = self._invoiced(invoice)
        for line in invoice["lines"]["data"]:
            details = line["parent"].get("subscription_item_details") or {}
            subscription = details.get("subscription")
            if details.get("proration"):
                ends = datetime.combine(month_after(when.astimezone(self.zone).date()), datetime.min.time())
                net = self.line(invoice, line).net
                self.billed[str(subscription)].append(
                    Billed(when, ends.replace(tzinfo=self.zone), invoice["currency"], net)
                )
                continue
            for part in line["discount_amounts"]:
                discount = self.discounts[part["discount"]]
                if discount["source"]["coupon"]["duration"] == "once" and part["amount"] > 0 and subscription:
                    self._note_once(subscription, discount, line["period"])

    def _note_once(self, subscription: str, discount: Json, period: Json) -> None:
        starts, ends = moment_of(period["start"]), moment_of(period["end"])
        known = self.once[subscription].get(discount["id"])
        if known:
            starts, ends = min(starts, known.starts), max(ends, known.ends)
        self.once[subscription][discount["id"]] = Once(discount, starts, ends)

    def _invoiced(self, invoice: Json) -> datetime:
        return moment_of(invoice["status_transitions"]["finalized_at"])

    def month(self, seconds: float) -> date:
        """Return the month of a moment in the reporting time zone."""
        return month_of(moment_of(seconds).astimezone(self.zone).date())

    def _kind(self, line: Json) -> str:
        details = line["parent"].get("subscription_item_details")
        if details is None:
            return "one_off"
        if details["proration"]:
            return "proration"
        recurring = self.objects["price"][line["pricing"]["price_details"]["price"]]["recurring"]
        if recurring["usage_type"] == "metered":
            return "usage"
        return "monthly" if (recurring["interval"], recurring["interval_count"]) == ("month", 1) else "longer"

    def line(self, invoice: Json, line: Json) -> Line:
        """Return what one line says."""
        unit = 10 ** digits(invoice["currency"])
        counted = COUNTED[self.policy["discounts"]]
        off = [(part["amount"], self.discounts[part["discount"]]) for part in line["discount_amounts"]]
        known = sum(a for a, d in off if d["source"]["coupon"]["duration"] in counted)
        unknown = sum(a for a, d in off if d["source"]["coupon"]["duration"] not in counted)
        inside = sum(t["amount"] for t in line["taxes"] if t["tax_behavior"] == "inclusive")
        inside *= self.policy["tax"] == "exclude"
        left = line["amount"] - known - unknown
        lowered = int(Fraction(unknown * (left - inside), left) + Fraction(1, 2)) if left else unknown
        on_top = sum(t["amount"] for t in line["taxes"] if t["tax_behavior"] == "exclusive")
        return Line(
            self._kind(line),
            Fraction(left - inside + lowered, unit),
            Fraction(inside + on_top, unit),
            Fraction(lowered, unit),
            Fraction(line["amount"] + on_top - known - unknown, unit),
        )

    def entries(self) -> Iterator[tuple[date, str, str, str, Fraction]]:
        """Return month, customer, currency, item and amount of everything that invoices add to the bridge."""
        for invoice in self.objects["invoice"].values():
            for month, item, amount in self._of_invoice(invoice):
                yield month, invoice["customer"], invoice["currency"], item, amount
        for kind in ("refund", "dispute"):
            for body in self.objects[kind].values():
                if body["status"] in {"succeeded", "lost"}:
                    amount = -Fraction(body["amount"], 10 ** digits(body["currency"]))
                    for item in ("refunds", "collected"):
                        yield self.month(body["created"]), body["customer"], body["currency"], item, amount

    def _of_invoice(self, invoice: Json) -> Iterator[tuple[date, str, Fraction]]:
        unit = 10 ** digits(invoice["currency"])
        month = self.month(invoice["status_transitions"]["finalized_at"])
        place = {"monthly": "unbilled", "longer": "term_spread"}
        shipping = invoice["shipping_cost"] or {"amount_total": 0, "amount_tax": 0}
        explained = Fraction(shipping["amount_total"], unit)
        shipping_tax = Fraction(shipping["amount_tax"], unit)
        yield month, "one_off", explained - shipping_tax
        yield month, "tax", shipping_tax
        for told in invoice["lines"]["data"]:
            line = self.line(invoice, told)
            explained += line.total
            yield month, place.get(line.kind, line.kind), line.net
            yield month, "once_coupons", -line.uncounted
            yield month, "tax", line.tax
        total = Fraction(invoice["total"], unit)
        yield month, "invoiced", total
        yield month, "unexplained", total - explained
        for item, moved_in, amount, _ in self.collected(invoice):
            yield moved_in, item, amount

    def collected(self, invoice: Json) -> Iterator[tuple[str, date, Fraction, str | None]]:
        """Return item, month, amount and line of all that became of an invoice's money but refunds."""
        unit = 10 ** digits(invoice["currency"])
        month = self.month(invoice["status_transitions"]["finalized_at"])
        lines = {told["id"]: int(self.line(invoice, told).total * unit) for told in invoice["lines"]["data"]}
        parts = parts_of(invoice, self.payments[invoice["id"]], self.notes[invoice["id"]])
        for part, shares in shared_out(parts, lines, invoice["total"]):
            moved_in = month if part.seconds is None else self.month(part.seconds)
            for item, where, sign in items_of(part.kind, month, moved_in):
                for line, minor in shares.items():
                    yield item, where, sign * Fraction(minor, unit), line


def bridge(reference: Reference) -> dict[tuple[date, str, str, str], Fraction]:
    """Return the whole bridge: amount by month, ledger customer, currency and item, without zeros."""
    sums: dict[tuple[date, str, str, str], Fraction] = defaultdict(Fraction)
    for month, customer, currency, item, amount in reference.book.entries():
        sums[month, reference.ledger_customer(customer), currency, item] += amount
    for month, customer, currency, part in reference.month_ends:
        sums[month, customer, currency, "mrr"] += part.total
        sums[month, customer, currency, "unbilled"] -= part.monthly
        sums[month, customer, currency, "term_spread"] -= part.longer
        sums[month, customer, currency, "proration"] -= part.billed
    return {key: amount for key, amount in sums.items() if amount}
