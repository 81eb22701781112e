"""What became of an invoice's money, part by part, and what of each lies on which line; in minor units."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tests.dbt_project.revenue.reference_price import Json

Shares = dict[str | None, int]


@dataclass(frozen=True)
class Part:
    """A part of what an invoice came to.

    Attributes:
        kind: credit_notes, balance, payment, outside, overpaid, remaining or unexplained.
        minor: How much.
        seconds: When it was paid or credited; none where it counts in the invoice's own month.
    """

    kind: str
    minor: int
    seconds: int | None = None


def parts_of(invoice: Json, own: list[Json], notes: list[Json]) -> list[Part]:
    """Return the parts that make up an invoice's total, in the order in which they are shared out."""
    is_marked = invoice["status"] == "paid" and bool(invoice.get("paid_out_of_band"))
    credited, over = invoice.get("pre_payment_credit_notes_amount") or 0, invoice.get("amount_overpaid") or 0
    balance = invoice["ending_balance"] - invoice["starting_balance"]
    left = 0 if is_marked else invoice["amount_remaining"]
    whole = invoice["total"] - credited - balance + over if is_marked else invoice["amount_paid"]
    paid = sorted(_payments(invoice, own, whole, is_marked=is_marked), key=lambda named: named[0])
    payments = [part for _, part in paid]
    if over:
        payments.append(Part("overpaid", -over, max(part.seconds or 0 for part in payments)))
    explained = credited + balance + sum(part.minor for part in payments) + left
    parts = [*_credits(notes, credited), Part("balance", balance), *payments, Part("remaining", left)]
    return [part for part in [*parts, Part("unexplained", invoice["total"] - explained)] if part.minor]


def _credits(notes: list[Json], credited: int) -> Iterator[Part]:
    """Yield what was credited before payment, note by note; what no note tells is undated."""
    for note in sorted(notes, key=lambda note: (note["created"], note["id"])):
        amount = note["pre_payment_amount"] if note["status"] == "issued" else 0
        part = min(amount, credited)
        yield Part("credit_notes", part, note["created"])
        credited -= part
    yield Part("credit_notes", credited)


def _payments(
    invoice: Json, own: list[Json], whole: int, *, is_marked: bool
) -> Iterator[tuple[tuple[int, str], Part]]:
    """Yield what was paid: by the invoice's payments as they tell it, the rest as the invoice does."""
    told = 0
    for one in own:
        if one["status"] == "paid" and one["amount_paid"]:
            told += one["amount_paid"]
            kind = "payment" if one["payment"]["type"] in {"payment_intent", "charge"} else "outside"
            when = one["status_transitions"]["paid_at"]
            yield (when, one["id"]), Part(kind, one["amount_paid"], when)
    states = {one["status"] for one in own}
    if whole > told:
        is_outside = is_marked or ("canceled" in states and "open" not in states)
        when = invoice["status_transitions"]["paid_at"]
        yield (when, invoice["id"]), Part("outside" if is_outside else "payment", whole - told, when)


def items_of(kind: str, month: date, moved_in: date) -> Iterator[tuple[str, date, int]]:
    """Yield the items of the bridge that a part adds to, each with its month and sign."""
    if kind in {"payment", "outside", "overpaid", "credit_notes"} and moved_in != month:
        yield "uncollected", month, -1
        yield "earlier_invoices", moved_in, 1
    signs = {"payment": ("collected", 1), "outside": ("collected_outside", -1)}
    plain = {"overpaid": "credit_balance", "balance": "credit_balance", "remaining": "uncollected"}
    item, sign = signs.get(kind, (plain.get(kind, kind), -1))
    yield {"unexplained": "unexplained_payment"}.get(item, item), moved_in, sign


def shared_out(parts: list[Part], lines: dict[str, int], total: int) -> Iterator[tuple[Part, Shares]]:
    """Yield each part with what of it lies on each line; without a line: what the lines do not add up to."""
    weights: Shares = {**lines, None: total - sum(lines.values())}
    until_then = [sum(part.minor for part in parts[:count]) for count in range(len(parts) + 1)]
    for part, (before, after) in zip(parts, pairwise(until_then), strict=True):
        first, second = (apportioned(amount, weights, total) for amount in (before, after))
        yield part, {line: second[line] - first[line] for line in weights}


def apportioned(amount: int, weights: Shares, total: int) -> Shares:
    """Share an amount out by weights that add up to a total: whole units, the largest remainders one more."""
    if not total:
        return dict.fromkeys(weights, 0) | {None: amount}
    exact = {line: Fraction(amount * weight, total) for line, weight in weights.items()}
    shares = {line: share.numerator // share.denominator for line, share in exact.items()}
    by_remainder = sorted(weights, key=lambda line: (shares[line] - exact[line], line is None, line or ""))
    for line in by_remainder[: amount - sum(shares.values())]:
        shares[line] += 1
    return shares
