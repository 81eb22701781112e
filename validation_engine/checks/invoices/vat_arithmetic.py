"""Whether an invoice's VAT is what its net total comes to at the rate, or at the rates of its lines."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from validation_engine.checks.invoices.sums import base_of, names_other_rates, sums_of_some, wrong
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    needs_review,
    not_applicable,
    passed,
)
from validation_engine.fields.amounts import PENNY
from validation_engine.fields.invoice import pennies
from validation_engine.fields.vat_shares import vat_shares

if TYPE_CHECKING:
    from validation_engine.fields.invoice import Invoice
    from validation_engine.fields.invoice_totals import Total

_VAT_WORD = re.compile(r"\bvat\b", re.IGNORECASE)
_RATES = (Decimal(20), Decimal(5))


@check("vat_arithmetic")
def vat_arithmetic(context: Context) -> CheckResult:
    """VAT is net times rate, within a penny a line; several rates are compared line by line."""
    invoice = context.fields.invoice
    net, vat = base_of(context), invoice.one("vat")
    if net is None or vat is None:
        return not_applicable("There are not both a net total and VAT to compare.")
    expected = _expected_vat(context, net, vat)
    is_told_apart = any(one.vat.start == vat.start for one in vat_shares(context.document))
    if expected is None or is_told_apart:
        return _by_rates(context)
    if not vat.amount and context.document_type == "reverse_charge_invoice":
        return not_applicable("The customer accounts for the VAT: none is charged.")
    if _is_right(context, vat, expected):
        return passed()
    told = f"VAT on {net:,.2f} comes to {expected:,.2f}, not {vat.amount:,.2f}."
    if vat.amount < expected and _has_other_rates(context):
        return needs_review(told, Finding(vat.start, vat.end))
    # However far off, what the total adds to this net is the VAT on it.
    added = {one.amount - net for one in invoice.all("gross")} & {vat.amount}
    return wrong(context, told, vat, expected, *added)


def _is_right(context: Context, vat: Total, expected: Decimal) -> bool:
    """Whether it is what was expected, or right on any other reading of what the invoice shows."""
    invoice = context.fields.invoice
    slack = PENNY * max(len(invoice.lines), 1)
    total = sum((one.amount for one in _distinct_vat(invoice)), Decimal(0))
    elsewhere = [one.amount for one in invoice.all("vat") if one.currency != vat.currency]
    if any(abs(expected - shown) <= slack for shown in (vat.amount, total, *elsewhere)):
        return True
    if vat.rate and any(pennies(one * vat.rate / 100) == vat.amount for one in invoice.sums("net")):
        return True
    return _is_sum_of_parts(context, vat) or _is_on_some_lines(context, vat)


def _is_sum_of_parts(context: Context, vat: Total) -> bool:
    """Whether the VAT is what is told item by item before it, or rate by rate, comes to."""
    invoice = context.fields.invoice
    before = [one.amount for one in invoice.all("vat") if one.start < vat.start and one.amount]
    shares = [one.vat.amount for one in vat_shares(context.document) if one.is_right()]
    return any(parts and sum(parts, Decimal(0)) == vat.amount for parts in (before[1:] and before, shares))


def _is_on_some_lines(context: Context, vat: Total) -> bool:
    """Whether the VAT is that on some amounts, where others are said to bear another rate or none."""
    if not names_other_rates(context.document):
        return False
    invoice = context.fields.invoice
    amounts = [line.amount for line in invoice.lines if line.amount]
    sums = sums_of_some(amounts or [one.amount for one in invoice.listed if one.end <= vat.start])
    return any(pennies(one * rate / 100) == vat.amount for one in sums for rate in _RATES)


def _has_other_rates(context: Context) -> bool:
    """Whether a part may be charged at another rate, which is not told line by line."""
    lines = context.fields.invoice.lines
    is_told = bool(lines) and all(line.rate is not None for line in lines)
    return not is_told and names_other_rates(context.document)


def _distinct_vat(invoice: Invoice) -> list[Total]:
    return [one for one in invoice.all("vat") if one.rate is not None]


def _expected_vat(context: Context, net: Decimal, vat: Total) -> Decimal | None:
    invoice = context.fields.invoice
    rates = {line.rate for line in invoice.lines if line.rate is not None}
    rated = [line for line in invoice.lines if line.rate is not None and line.amount is not None]
    if len(rates) > 1 and len(rated) == len(invoice.lines):
        return _by_line(invoice, Decimal(0))
    named = {one.rate for one in invoice.all("vat") if one.rate is not None}
    if rated and len(rated) < len(invoice.lines) and not named:
        return None
    if rated and len(named) == 1 and rates != named and len(rates) == 1:
        return _by_line(invoice, next(iter(named)))
    if len(named) > 1 or len(rates) > 1:
        return None
    rate = vat.rate or next(iter(named), None) or next(iter(rates), None) or _told_rate(context)
    return None if rate is None else pennies(net * rate / 100)


def _by_line(invoice: Invoice, usual: Decimal) -> Decimal:
    """Return the VAT of all lines, each at its own rate, else at the usual one."""
    rated = [(line.amount or Decimal(0), usual if line.rate is None else line.rate) for line in invoice.lines]
    return sum((pennies(amount * rate / 100) for amount, rate in rated), Decimal(0))


def _by_rates(context: Context) -> CheckResult:
    """Answer for an invoice of several rates by what it tells of each."""
    shares = vat_shares(context.document)
    if not shares:
        return not_applicable("The rate that belongs to the VAT is not shown.")
    wrong = next((one for one in shares if not one.is_right()), None)
    if wrong is None:
        return passed()
    told = f"VAT at {wrong.rate} % comes to {wrong.right():,.2f}, not {wrong.vat.amount:,.2f}."
    return failed(told, Finding(wrong.vat.start, wrong.vat.end))


def _told_rate(context: Context) -> Decimal | None:
    """Return the rate that is told apart from the VAT, where it is the only one: "VAT rate: 20%"."""
    document = context.document
    told = {
        one.value
        for one in context.fields.percentages
        if one.value in _RATES and _VAT_WORD.search(document.sentence_text(document.sentence_at(one.start)))
    }
    return told.pop() if len(told) == 1 else None
