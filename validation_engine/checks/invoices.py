"""Arithmetic of invoices, to the penny."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Edit,
    Finding,
    check,
    failed,
    needs_review,
    not_applicable,
    passed,
)
from validation_engine.fields.invoice import pennies, sums_of
from validation_engine.fields.invoice_totals import amounts_in
from validation_engine.fields.vat_shares import vat_shares
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document
    from validation_engine.fields.invoice import Invoice
    from validation_engine.fields.invoice_totals import Total

_PENNY = Decimal("0.01")
_EXTRAS = Quick(
    r"\b(?:carriage|delivery|postage|shipping|freight|p&p|discount|rebate|surcharge|less)\b", re.IGNORECASE
)
_TAKEN_OFF = Quick(r"\b(?:discount|rebate|less)\b", re.IGNORECASE)
_REACH = 200
_VAT_WORD = re.compile(r"\bvat\b", re.IGNORECASE)
_RATES = (Decimal(20), Decimal(5))
_THOUSAND = 1_000
_SEVERAL, _MOST = 2, 12
_PRICED_WITHOUT_VAT = ("vat_invoice", "credit_note")


def written(context: Context, start: int, end: int, amount: Decimal) -> Edit:
    """Return the edit that writes an amount the way the old one was written."""
    old = context.document.text[start:end]
    lead = "".join(character for character in old[: len(old) - len(old.lstrip("£$€ GBPEUROSD"))])
    number = f"{amount:,.2f}" if "," in old or amount < _THOUSAND else f"{amount:.2f}"
    return Edit(start, end, f"{lead}{number}", "review")


def _wrong(context: Context, message: str, total: Total, right: Decimal) -> CheckResult:
    edit = written(context, total.start, total.end, right)
    return failed(message, Finding(total.start, total.end, edit))


@check("net_sum")
def net_sum(context: Context) -> CheckResult:
    """The lines' amounts add up to the net total."""
    invoice = context.fields.invoice
    amounts = [line.amount for line in invoice.lines if line.amount is not None]
    net = invoice.one("net") or (None if invoice.one("vat") else invoice.one("gross"))
    if len(amounts) < _SEVERAL or net is None:
        return not_applicable("There are not two lines and a net total to add up.")
    total = sum(amounts, Decimal(0))
    extras = _extras(context, net)
    sums = {total} | {total + one for one in sums_of([one for one, _ in extras])}
    shown = set(_shown_as_sum(invoice, net, extras))
    if any(abs(one - other) <= _PENNY for one in sums for other in shown):
        return passed()
    told = f"The lines add up to {total:,.2f}, not {net.amount:,.2f}."
    if any(not is_known for _, is_known in extras):
        return needs_review(told, Finding(net.start, net.end))
    return _wrong(context, told, net, total)


def _shown_as_sum(invoice: Invoice, net: Total, extras: list[tuple[Decimal, bool]]) -> Iterator[Decimal]:
    """Yield what the lines may add up to: the net, a total before a discount, or prices with VAT."""
    yield from (abs(one) for one in invoice.sums(net.kind))
    for one in invoice.totals:
        if one.kind == net.kind == "gross" or (extras and one.kind != "vat"):
            yield abs(one.amount)
    gross, vat = invoice.one("gross"), invoice.one("vat")
    if gross is not None and net.kind == "net" and (vat is None or vat.amount):
        yield abs(gross.amount)


def _first_row(invoice: Invoice, document: Document) -> int:
    """Return where the rows with amounts begin that the first line stands among or under."""
    blocks, amounts = document.blocks, amounts_in(document)
    at = document.sentences[document.sentence_at(invoice.lines[0].start)].block
    while at and amounts[at - 1] and blocks[at - 1].kind == "row":
        at -= 1
    return blocks[at].start


def _extras(context: Context, net: Total) -> list[tuple[Decimal, bool]]:
    """Return the amounts among the lines that are in none, and whether it is plain what they are."""
    invoice, folded = context.fields.invoice, context.document.folded
    document = context.document
    own = {line.amount for line in invoice.lines} | {line.unit_price for line in invoice.lines}
    rows, known = {line.start for line in invoice.lines}, {one.start for one in invoice.totals}
    found, first = [], _first_row(invoice, document)
    for one in invoice.listed:
        if not first < one.start < net.start or one.start in known or one.amount in own:
            continue
        block = document.blocks[document.sentences[document.sentence_at(one.start)].block]
        if block.start in rows and block.kind in ("row", "item"):
            continue
        label = folded[max(block.start, one.start - _REACH) : one.start]
        sign = -1 if _TAKEN_OFF.search(label) else 1
        ends_line = not folded[one.end : block.end].strip(" |)") and block.end - block.start <= _REACH
        found.append((abs(one.amount) * sign, ends_line or _EXTRAS.search(label) is not None))
    return found


@check("vat_arithmetic")
def vat_arithmetic(context: Context) -> CheckResult:
    """VAT is net times rate, within a penny a line; several rates are compared line by line."""
    invoice = context.fields.invoice
    net, vat = _base(context), invoice.one("vat")
    if net is None or vat is None:
        return not_applicable("There are not both a net total and VAT to compare.")
    expected = _expected_vat(context, net, vat)
    is_told_apart = any(one.vat.start == vat.start for one in vat_shares(context.document))
    if expected is None or is_told_apart:
        return _by_rates(context)
    if not vat.amount and context.document_type == "reverse_charge_invoice":
        return not_applicable("The customer accounts for the VAT: none is charged.")
    slack = _PENNY * max(len(invoice.lines), 1)
    total = sum((one.amount for one in _distinct_vat(invoice)), Decimal(0))
    elsewhere = [one.amount for one in invoice.all("vat") if one.currency != vat.currency]
    if any(abs(expected - shown) <= slack for shown in (vat.amount, total, *elsewhere)):
        return passed()
    if vat.rate and any(pennies(one * vat.rate / 100) == vat.amount for one in invoice.sums("net")):
        return passed()
    return _wrong(
        context, f"VAT on {net:,.2f} comes to {expected:,.2f}, not {vat.amount:,.2f}.", vat, expected
    )


def _base(context: Context) -> Decimal | None:
    """Return the net total; one that is not named is only looked for where prices are without VAT."""
    invoice = context.fields.invoice
    net = invoice.one("net")
    if net is not None:
        return net.amount
    return invoice.base() if context.document_type in _PRICED_WITHOUT_VAT else None


def _is_unclear(invoice: Invoice, vat: Total, gross: Total) -> bool:
    """Whether more than the VAT is added, or an amount shown without a name is what it is added to."""
    between = any(vat.end <= one.start and one.end <= gross.start for one in invoice.listed)
    return between or gross.amount - vat.amount in invoice.amounts


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


@check("gross_sum")
def gross_sum(context: Context) -> CheckResult:
    """Net plus VAT equals the amount due."""
    invoice = context.fields.invoice
    net, vat, gross = _base(context), invoice.one("vat"), invoice.one("gross")
    if net is None or vat is None or gross is None:
        return not_applicable("There are not all of net, VAT and total to compare.")
    vats = invoice.sums("vat")
    added = {one + other for one in invoice.sums("net") | {net} for other in vats}
    between = sums_of(
        [one.amount for one in invoice.listed if vat.end <= one.start and one.end <= gross.start][-_MOST:]
    )
    shown = {one.amount for one in invoice.all("gross")}
    if added & shown or any(gross.amount + one in added or gross.amount - one in added for one in between):
        return passed()
    if invoice.one("net") is None and _is_unclear(invoice, vat, gross):
        return not_applicable("What the total is made of is not shown.")
    right = net + vat.amount
    message = f"{net:,.2f} + {vat.amount:,.2f} is {right:,.2f}, not {gross.amount:,.2f}."
    return _wrong(context, message, gross, right)
