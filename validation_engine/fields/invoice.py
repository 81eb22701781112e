"""Invoices: lines with quantity and price, and the totals, by label, place or arithmetic."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import msgspec

from validation_engine.fields.invoice_lines import InvoiceLine, find_lines
from validation_engine.fields.invoice_totals import Total, TotalKind, amounts_in, find_totals

if TYPE_CHECKING:
    from validation_engine.documents.model import Document
    from validation_engine.fields.amounts import Money

_PENNY = Decimal("0.01")
_RATES = (Decimal(20), Decimal(5))
# VAT is a fifth of its base at most; more than a third of it is not what it is on.
_LEAST_TIMES = 3


class Invoice(msgspec.Struct, frozen=True):
    """Lines, totals and all amounts as the document shows them; `amounts` are those listed, each once."""

    lines: list[InvoiceLine]
    totals: list[Total]
    listed: list[Money]
    amounts: frozenset[Decimal]

    def all(self, kind: TotalKind) -> list[Total]:
        """Return the totals of a kind in reading order."""
        return [total for total in self.totals if total.kind == kind]

    def one(self, kind: TotalKind) -> Total | None:
        """Return the total of a kind: the last where it is repeated, in the currency that is to be paid."""
        found, gross = self.all(kind), self.all("gross")
        payable = [one for one in found if gross and one.currency == gross[-1].currency]
        return (payable or found)[-1] if found else None

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
        """Whether amounts shown, labelled or not, are a net sum, VAT on it and both together."""
        return any(
            vat in self.amounts and amount + vat in self.amounts
            for amount in self.amounts
            if amount > 0
            for vat in (pennies(amount * rate / 100) for rate in _RATES)
        )


def read_invoice(document: Document) -> Invoice:
    """Return the lines and totals of an invoice or credit note."""
    amounts = amounts_in(document)
    return Invoice(
        find_lines(document),
        find_totals(document, amounts),
        [one for found in amounts for one in found],
        frozenset(abs(one.amount) for found in amounts for one in found),
    )


def pennies(value: Decimal) -> Decimal:
    """Round to the penny, half up."""
    return value.quantize(_PENNY, ROUND_HALF_UP)


def _is_vat_on(amount: Decimal, vat: Decimal) -> bool:
    """Whether VAT is at most a fifth of what it is charged on, or a mixed invoice's part of it."""
    return 0 < vat <= amount / 5 + _PENNY
