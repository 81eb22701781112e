"""The totals an invoice must show, and the rate of its VAT."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from validation_engine.checks.layout import lined
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.fields.invoice import Invoice
    from validation_engine.fields.invoice_totals import Total

_SMALL = Decimal(250)
_RATE_CONTEXT = re.compile(r"\b(?:vat|tax|rated?|standard|reduced|zero)\b", re.IGNORECASE)
_OTHER_RATE = Quick(
    r"\b(?:interest|discount|deposit|cis|deduct\w*|retention|surcharge|commission|apr|base rate|"
    r"per (?:month|week|annum))\b",
    re.IGNORECASE,
)
_RATE_WORDS = Quick(r"\b(?:zero|standard|reduced|lower)[- ]rated?\b|\bvat rate\b[^\n]*\d", re.IGNORECASE)
_NO_VAT = re.compile(
    r"\b(?:zero[- ]rated?|exempt\w*|outside the scope|no vat|reverse[- ]charge|not subject to vat|"
    r"margin scheme)\b",
    re.IGNORECASE,
)


@check("vat_rate_stated")
def vat_rate_stated(context: Context) -> CheckResult:
    """A rate stands by the VAT or by the lines."""
    invoice = context.fields.invoice
    charged = [one for one in invoice.all("vat") if one.amount]
    if not charged:
        return not_applicable("No VAT is charged.")
    if any(line.rate is not None for line in invoice.lines):
        return passed()
    for rate in context.fields.percentages:
        sentence = context.document.sentences[context.document.sentence_at(rate.start)]
        text = context.document.sentence_text(context.document.sentence_at(rate.start))
        block = context.document.blocks[sentence.block]
        is_row = block.kind == "row"
        # A line of a receipt explains its letter in a sentence of its own: "A = 20%."
        is_beside = any(block.start <= one.start < block.end for one in charged)
        if (is_row or is_beside or _RATE_CONTEXT.search(text)) and not _OTHER_RATE.search(text):
            return passed()
    if _RATE_WORDS.search(lined(context.document)):
        return passed()
    return failed(None, *(Finding(one.start, one.end) for one in charged[:1]))


@check("net_total")
def net_total(context: Context) -> CheckResult:
    """A total without VAT is shown, unless the invoice is small or charges no VAT."""
    invoice = context.fields.invoice
    charged = [one for one in invoice.all("vat") if one.amount]
    totals = sorted({one.amount for one in invoice.all("gross")})
    if not invoice.one("net") and not totals and not charged:
        return not_applicable("There are no totals to look at.")
    is_small = bool(totals) and totals[-1] <= _SMALL
    is_named = invoice.one("net") is not None or len(totals) > 1 or is_small
    if is_named or context.document_type == "reverse_charge_invoice" or _is_seen(invoice, charged):
        return passed()
    if not charged and _NO_VAT.search(context.document.folded):
        return passed()
    return failed(None, *(Finding(one.start, one.end) for one in invoice.all("gross")[-1:]))


def _is_seen(invoice: Invoice, charged: list[Total]) -> bool:
    """Whether the net sum stands there without a name: as the only line, or in the arithmetic."""
    if not charged:
        return invoice.shows_split()
    is_only_line = len(invoice.lines) <= 1 and invoice.base() is not None
    return is_only_line or any(invoice.shows_net_of(one) for one in charged)


@check("vat_total")
def vat_total(context: Context) -> CheckResult:
    """The VAT is shown as an amount."""
    invoice = context.fields.invoice
    if invoice.all("vat") or invoice.shows_split():
        return passed()
    gross = invoice.all("gross")
    if _NO_VAT.search(context.document.folded) or not (gross or invoice.one("net")):
        return not_applicable("No VAT is due, or there are no totals.")
    return failed(None, *(Finding(one.start, one.end) for one in gross[-1:]))
