"""Invoices: lines with quantity and price, and the totals, by label, place or arithmetic."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import msgspec

from validation_engine.fields.amounts import PENNY
from validation_engine.fields.invoice_lines import all_lines
from validation_engine.fields.invoice_totals import Total, amounts_in, totals_in
from validation_engine.lazy import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validation_engine.documents.model import Document
    from validation_engine.fields.amounts import Money
    from validation_engine.fields.invoice_labels import TotalKind
    from validation_engine.fields.invoice_table import InvoiceLine

_LONGEST_AMOUNT = 25
_MOST = 12
_RATES = (Decimal(20), Decimal(5))
# VAT is a fifth of its base at most; more than a third of it is not what it is on.
_LEAST_TIMES = 3
_MOST_TOGETHER = 5


class Invoice(msgspec.Struct, frozen=True, dict=True):
    """Lines, totals and all amounts as the document shows them."""

    lines: list[InvoiceLine]
    totals: list[Total]
    listed: list[Money]

    @lazy
    def amounts(self) -> frozenset[Decimal]:
        """All amounts, each once, without their signs."""
        return frozenset(abs(one.amount) for one in self.listed)

    def all(self, kind: TotalKind) -> list[Total]:
        """Return the totals of a kind in reading order."""
        return [total for total in self.totals if total.kind == kind]

    def one(self, kind: TotalKind) -> Total | None:
        """Return the total of a kind: the last where it is repeated, in the currency that is to be paid."""
        found, gross = self.all(kind), self.all("gross")
        payable = [one for one in found if gross and one.currency == gross[-1].currency]
        adding_up = self._adding_up(payable) if kind == "net" else None
        return adding_up or next(reversed(payable or found), None)

    def _adding_up(self, nets: list[Total]) -> Total | None:
        """Return the last that with some VAT is some total, and so no estimate and no earlier sum."""
        totals = {one.amount for one in self.all("gross")}
        vats = {one.amount for one in self.all("vat")[-_MOST:]}
        adding_up = (one for one in reversed(nets) if any(one.amount + vat in totals for vat in vats))
        return next(adding_up, None)

    def sums(self, kind: TotalKind) -> set[Decimal]:
        """Return what the last totals of a kind come to: each, and several together, as of several rates."""
        return sums_of(list(dict.fromkeys(one.amount for one in self.all(kind)))[-_MOST:])

    def base(self) -> Decimal | None:
        """Return what the VAT is on: the net total, else what the lines come to, or the amount before it."""
        net, vat, gross = self.one("net"), self.one("vat"), self.one("gross")
        if net is not None or vat is None:
            return None if net is None else net.amount
        lines = [line.amount for line in self.lines if line.amount is not None]
        before = [one.amount for one in self.listed if one.end <= vat.start and one.currency == vat.currency]
        guess = sum(lines, Decimal(0)) if lines else next(reversed(before), None)
        is_with_vat = gross is not None and guess == gross.amount
        return None if guess is None or is_with_vat or guess < vat.amount * _LEAST_TIMES else guess

    def shows_net_of(self, vat: Total) -> bool:
        """Whether an amount shown, labelled or not, is what this VAT is on, by its rate or by their sum."""
        if any(one + vat.amount in self.amounts for one in self.amounts if _is_vat_on(one, vat.amount)):
            return True
        of_lines = {line.amount for line in self.lines if line.amount is not None}
        return vat.rate is not None and any(
            pennies(one * vat.rate / 100) == vat.amount for one in self.amounts - of_lines
        )

    def shows_split(self) -> bool:
        """Whether amounts shown, labelled or not, are a net sum, after it VAT on it, and both together."""
        last = {abs(one.amount): one.start for one in self.listed}
        firsts = {abs(one.amount): one.start for one in reversed(self.listed)}
        return any(
            last.get(vat, -1) > first and amount + vat in firsts
            for amount, first in firsts.items()
            if amount > 0
            for vat in (pennies(amount * rate / 100) for rate in _RATES)
        )


def read_invoice(document: Document) -> Invoice:
    """Return the lines and totals of an invoice or credit note."""
    amounts = amounts_in(document)
    named = [one for one in totals_in(document) if not _is_quoted(document, one.start)]
    lines, totals = _settled(all_lines(document), named)
    if lines and not totals:
        totals = list(_alone(document, amounts, lines[-1].end))
    return Invoice(lines, totals, [one for found in amounts for one in found])


def _is_quoted(document: Document, at: int) -> bool:
    """Whether an amount stands in what somebody else wrote: BBJ-1119 had "VAT at 20%: £412.00" below."""
    start = document.sentences[document.sentence_at(at)].start
    return document.folded.count('"', start, at) % 2 == 1


def _alone(document: Document, amounts: list[list[Money]], end: int) -> Iterator[Total]:
    """Yield the amount that stands alone under the lines: what is to be paid, where no total has a name."""
    below = (
        (block, found) for block, found in zip(document.blocks, amounts, strict=True) if block.start >= end
    )
    block, found = next(((block, found) for block, found in below if found), (None, []))
    if block is not None and not document.folded[block.start : block.end].strip(" \xa3$\xa4.,|*-=0123456789"):
        yield Total(
            "gross", found[0].amount, found[0].currency, None, found[0].start, found[0].end, is_weak=True
        )


def _settled(lines: list[InvoiceLine], totals: list[Total]) -> tuple[list[InvoiceLine], list[Total]]:
    """Return lines and totals, with the sum that stands between the lines and the VAT as the net total.

    It may have no name, or only that of a total, where another follows the VAT.
    """
    own = [line for line in lines if not line.is_subtotal]
    before = [one for one in totals if lines and one.start > lines[0].start]
    vat = next((one for one in before if one.kind == "vat" and one.amount), None)
    if vat is None or any(one.kind == "net" and not one.is_weak for one in totals):
        return own, totals
    parts = [line for line in lines if line.is_subtotal and line.start < vat.start]
    if len(parts) > 1:
        nets = [_as_net(line, vat) for line in parts]
        return own, sorted([*totals, *nets], key=lambda one: one.start)
    last = [line for line in lines if line.start < vat.start][-1]
    others = [line for line in own if line is not last]
    if (
        last.is_subtotal and last.amount == sum((one.amount or Decimal(0) for one in others), Decimal(0))
    ) or (last.quantity is None and others and _is_sum_of(last.amount, others, vat, totals)):
        return others, sorted([*totals, _as_net(last, vat)], key=lambda one: one.start)
    named = [one for one in before if one.kind == "gross" and last.start < one.start < vat.start][-1:]
    is_twice = any(one.kind == "gross" and one.start > vat.start for one in totals)
    if named and is_twice and _is_sum_of(named[0].amount, own, vat, totals):
        net = msgspec.structs.replace(named[0], kind="net")
        return own, [net if one is named[0] else one for one in totals]
    return own, totals


def _as_net(line: InvoiceLine, vat: Total) -> Total:
    return Total("net", line.amount or Decimal(0), vat.currency, None, line.amount_start, line.amount_end)


def _is_sum_of(shown: Decimal | None, lines: list[InvoiceLine], vat: Total, totals: list[Total]) -> bool:
    """Whether rate or total show that an amount is what the VAT is on, and no line beside the others."""
    amount, before = shown or Decimal(0), sum((line.amount or Decimal(0) for line in lines), Decimal(0))
    gross = {one.amount for one in totals if one.kind == "gross" and one.start > vat.start}

    def is_base(base: Decimal) -> bool:
        by_rate = vat.rate is not None and abs(pennies(base * vat.rate / 100) - vat.amount) <= PENNY
        return by_rate or base + vat.amount in gross

    return not is_base(amount + before) and (is_base(amount) or is_base(before))


def sums_of(amounts: Sequence[Decimal]) -> set[Decimal]:
    """Return the sums of one or more of some amounts; of many only the last are put together."""
    found = set[Decimal]()
    for one in amounts[-_MOST_TOGETHER:]:
        found |= {one} | {one + other for other in found}
    return found | set(amounts)


def pennies(value: Decimal) -> Decimal:
    """Round to the penny, half up; what is longer than any account has no pennies to round to."""
    return value if value.adjusted() > _LONGEST_AMOUNT else value.quantize(PENNY, ROUND_HALF_UP)


def _is_vat_on(amount: Decimal, vat: Decimal) -> bool:
    """Whether VAT is at most a fifth of what it is charged on, or a mixed invoice's part of it."""
    return 0 < vat <= amount / 5 + PENNY
