"""Rules of VAT on an invoice: rates in force, the VAT fraction, sterling, the reverse charge."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from validation_engine.checks.invoices.parties import addresses_in, pieces, text_of
from validation_engine.checks.layout import cells, lined, separated
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Edit,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.fields.amounts import PENNY
from validation_engine.fields.invoice import pennies
from validation_engine.fields.invoice_lines import find_lines
from validation_engine.fields.vat_shares import vat_shares
from validation_engine.scan.cue import Cue
from validation_engine.scan.cues import HISTORY
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.checks.layout import Cell
    from validation_engine.documents.model import Document
    from validation_engine.fields.amounts import Money
    from validation_engine.fields.invoice_totals import Total

_RATE = Quick(
    r"\b(?:vat|value added tax)\b(?: on (?:\w+ ){1,6}?(?=is\b|at\b))?"
    r"(?: ?(?:is|was|charged|due|payable|added|rate))*(?: (?:at|@|of|rate|rate of|to|charged at)|:|"
    r"@)? ?\(?(?:the (?:standard|"
    r"reduced) rate of )?(?P<after>\d{1,2}(?:\.\d{1,2})?) ?(?:%|per ?cent)|"
    r"(?<![\d.])(?P<before>\d{1,2}(?:\.\d{1,2})?) ?(?:%|"
    r"per ?cent) (?:uk )?vat\b",
    re.IGNORECASE,
)
_OTHER_SCHEME = Quick(
    r"\b(?:flat[- ]rate|farmers?|irish|ireland|german|germany|french|france|dutch|eu|european|spain|"
    r"spanish|italian|"
    r"before|until|old|previous\w*|example|norway|swedish|polish|temporar\w+|hospitality|no longer|wrong|"
    r"not)\b",
    re.IGNORECASE,
)
_STANDARD_RATES = (
    (date(2011, 1, 4), Decimal(20)),
    (date(2010, 1, 1), Decimal("17.5")),
    (date(2008, 12, 1), Decimal(15)),
    (date(1991, 4, 1), Decimal("17.5")),
)
_HOSPITALITY = (date(2021, 10, 1), date(2022, 3, 31), Decimal("12.5"))
_FRACTIONS = {Decimal(20): Decimal(6), Decimal(5): Decimal(21)}
_ZERO = Quick(r"\bzero[- ]rate|\bexempt\b|(?<![\d.])0 ?%|\boutside the scope", re.IGNORECASE)
_LIMIT = Decimal(250)
_REVERSE_STATEMENT = re.compile(
    r"\breverse[- ]charge\b[^\n]{0,200}?\b(?:customer|you|recipient|55a|account|appl(?:y|ies)|hmrc)\b|"
    r"\b(?:55a|customer|recipient|you|hmrc)\b[^\n]{0,200}?\breverse[- ]charge|"
    r"\b(?:customer|recipient|you) (?:[\w']+ ){0,6}(?:account|pay|appl)[^\n]{0,60}?\b(?:vat|hmrc|reverse)",
    re.IGNORECASE,
)
_REVERSE_LINE = re.compile(
    r"\breverse|\bcustomer (?:to|must|should|will|accounts?)|\bhmrc\b|\bnot charged\b", re.IGNORECASE
)
_STERLING = Quick(r"\xa3 ?\d|\b(?:gbp|sterling) ?\d|\d ?(?:gbp|sterling)\b", re.IGNORECASE)
_VAT_CUE = Cue("vat|value added tax")
_REACH, _LABEL = 120, 24
_NOT_PAID = re.compile(
    r"\b(?:cash|tendered|given|change|sav(?:e|ed|ing)|was|rrp|limit|voucher|points|over|above|under|up to|"
    r"more than)\b[^.\n\d]*$",
    re.IGNORECASE,
)
_VAT_WORD = re.compile(r"\bvat\b", re.IGNORECASE)


def _rates_on(day: date) -> set[Decimal]:
    standard = next((rate for since, rate in _STANDARD_RATES if day >= since), Decimal(20))
    rates = {standard, Decimal(5), Decimal(0)}
    since, until, rate = _HOSPITALITY
    return rates | {rate} if since <= day <= until else rates


def _stated_rates(context: Context) -> Iterator[re.Match[str]]:
    text = lined(context.document)
    for near, far in _VAT_CUE.windows(text, 0, len(text), _REACH, _REACH):
        yield from _RATE.finditer(text, near, far)


@check("vat_rate_valid")
def vat_rate_valid(context: Context) -> CheckResult:
    """Every UK VAT rate stated is one of those in force on the document's day."""
    allowed = _rates_on(context.as_of)
    seen, wrong = 0, []
    for found in _stated_rates(context):
        is_right = Decimal(found["after"] or found["before"]) in allowed
        if seen and is_right:  # whether it is of the present only matters if it is the only one
            continue
        sentence = context.document.sentence_text(context.document.sentence_at(found.start()))
        if HISTORY.search(sentence) or _OTHER_SCHEME.search(sentence):
            continue
        seen += 1
        if not is_right:
            wrong.append(Finding(found.start(), found.end()))
    for line in find_lines(context.document):
        if line.rate is not None:
            seen += 1
            if line.rate not in allowed and not wrong:
                wrong.append(Finding(line.start, line.end))
    if not seen:
        return not_applicable("The document states no UK VAT rate.")
    return failed(None, *wrong) if wrong else passed()


@check("vat_fraction")
def vat_fraction(context: Context) -> CheckResult:
    """The VAT in a VAT-inclusive total is its VAT fraction; at mixed rates it is at most a sixth."""
    invoice = context.fields.invoice
    vat, paid = invoice.one("vat"), _paid(context)
    if vat is None and (shares := vat_shares(context.document)):
        wrong = [Finding(one.vat.start, one.vat.end) for one in shares if not one.is_right()]
        return failed(None, *wrong) if wrong else passed()
    if paid is None or vat is None or invoice.one("net"):
        return not_applicable("There are not just a VAT-inclusive total and the VAT in it.")
    rates = {one.rate for one in invoice.all("vat")} | {line.rate for line in invoice.lines}
    rates |= {Decimal(found["after"] or found["before"]) for found in _stated_rates(context)}
    known = {rate for rate in rates if rate is not None and rate in _FRACTIONS}
    total = paid.amount
    right = pennies(total / _FRACTIONS[known.pop()]) if len(known) == 1 else None
    most = pennies(total / 6)
    too_much = vat.amount > most + PENNY
    is_mixed = len(rates - {None}) > 1 or _ZERO.search(context.document.folded) is not None
    differs = right is not None and not is_mixed and abs(vat.amount - right) > PENNY
    if not too_much and not differs:
        return passed()
    told = right if right is not None else most
    message = f"The VAT in {total:,.2f} is {told:,.2f}, not {vat.amount:,.2f}."
    return failed(
        message, Finding(vat.start, vat.end, Edit(vat.start, vat.end, f"\xa3{told:,.2f}", "review"))
    )


def _paid(context: Context) -> Total | Money | None:
    """Return the largest total with VAT; where none has a name, the largest amount but cash and savings."""
    invoice, folded = context.fields.invoice, context.document.folded
    named: list[Total | Money] = list(invoice.all("gross"))
    others = (one for one in invoice.listed if not _NOT_PAID.search(folded, one.start - _LABEL, one.start))
    return max(named or others, key=lambda one: one.amount, default=None)


@check("simplified_invoice_limit")
def simplified_invoice_limit(context: Context) -> CheckResult:
    """An invoice without customer or net total is for £250 at most."""
    invoice, largest = context.fields.invoice, _paid(context)
    if largest is None or largest.currency not in ("GBP", ""):
        return not_applicable("No VAT-inclusive total is shown.")
    if largest.amount <= _LIMIT:
        return passed()
    customer = text_of(pieces(context.document), "customer")
    if invoice.one("net") and addresses_in(customer):
        return not_applicable("The invoice gives customer and net total, as a full VAT invoice does.")
    message = f"A simplified invoice is for £250 at most; this one is for {largest.amount:,.2f}."
    return failed(message, Finding(largest.start, largest.end))


@check("foreign_currency_sterling")
def foreign_currency_sterling(context: Context) -> CheckResult:
    """Where the totals are in another currency, the VAT is shown in sterling too."""
    invoice = context.fields.invoice
    foreign = [one for one in invoice.totals if one.currency not in ("GBP", "")]
    charged = [one for one in invoice.all("vat") if one.amount]
    if not foreign or not charged:
        return not_applicable("The amounts are in sterling, or there is no VAT.")
    if any(one.currency == "GBP" for one in charged) or _vat_in_sterling(context):
        return passed()
    return failed(None, Finding(charged[-1].start, charged[-1].end))


def _vat_in_sterling(context: Context) -> bool:
    document = context.document
    return any(
        _VAT_WORD.search(text) and _STERLING.search(text)
        for index in range(len(document.sentences))
        if (text := document.sentence_text(index))
    )


@check("reverse_charge")
def reverse_charge(context: Context) -> CheckResult:
    """The reverse charge is stated, and no VAT is in the amount payable."""
    invoice = context.fields.invoice
    charged = [one for one in invoice.all("vat") if one.amount and not _in_reverse_line(context, one.start)]
    gross, net = invoice.all("gross"), invoice.one("net")
    for one in charged:
        base = net.amount if net else min((total.amount for total in gross), default=None)
        others = invoice.amounts - {one.amount}
        befores = [total.amount - one.amount for total in gross]
        is_added = base is not None and any(abs(base - before) <= PENNY for before in befores)
        if is_added or any(before in others for before in befores):
            return failed(
                "VAT is added to the amount payable on a reverse-charge supply.", Finding(one.start, one.end)
            )
    if _REVERSE_STATEMENT.search(separated(context.document)):
        return passed()
    return failed("The invoice does not say that the customer accounts for the VAT to HMRC.")


def _in_reverse_line(context: Context, at: int) -> bool:
    return _REVERSE_LINE.search(context.document.sentence_text(context.document.sentence_at(at))) is not None


_NOTHING = Cue(r"0\.00")
_VAT_HEAD = re.compile(r"(?:vat|tax)(?: (?:amount|due|charged))?(?: ?\(?\xa3\)?)?", re.IGNORECASE)
_ZERO_AMOUNT = re.compile(r"\xa3? ?0\.00")
_VAT_OF_NOTHING = re.compile(
    r"(?<!for )\bno vat\b(?! (?:number|no|registration|reg))|"
    r"\bvat(?: (?:at|amount|total|charged))?[ :|]{1,3}(?:nil|none|n/a|-(?!\d)(?=\W|$))|"
    r"\|\s*vat\s*\|[^\n]{0,200}?\|\s*\xa3?0\.00\s*\|",
    re.IGNORECASE,
)


def _zero_cells(document: Document) -> Iterator[Cell]:
    """Yield the cells of nothing in a table's column of VAT."""
    for block in dict.fromkeys(document.sentences[index].block for index in _NOTHING.sentences(document)):
        for cell in cells(document, block):
            if _VAT_HEAD.fullmatch(cell.column) and _ZERO_AMOUNT.fullmatch(cell.text):
                yield cell


@check("zero_reason")
def zero_reason(context: Context) -> CheckResult:
    """VAT of nothing is explained; the wording itself is looked for by the gate."""
    invoice = context.fields.invoice
    zero: list[Total | Cell] = [one for one in invoice.all("vat") if one.amount == 0]
    is_told = not any(one.amount for one in invoice.all("vat")) and _VAT_OF_NOTHING.search(
        context.document.folded
    )
    zero += _zero_cells(context.document)
    if not zero and not is_told and not any(line.rate == 0 for line in invoice.lines):
        return not_applicable("No line is without VAT.")
    if re.search(
        r"\b(?:zero[- ]rat\w+|exempt\w*|outside the scope|sch(?:edule|ed)?\.? ?[89]|group \d|export\w*|"
        r"reverse[- ]charge|"
        r"margin scheme|not subject to)\b",
        context.document.folded,
        re.IGNORECASE,
    ):
        return passed()
    return failed(None, *(Finding(one.start, one.end) for one in zero[:1]))
