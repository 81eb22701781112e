"""Deductions under the Construction Industry Scheme: rate, base, and the day of the statement."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

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
from validation_engine.fields.amounts import find_percentages
from validation_engine.fields.invoice import pennies
from validation_engine.fields.invoice_totals import money_in
from validation_engine.scan.cues import HISTORY
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.fields.amounts import Money, Percentage
    from validation_engine.fields.dates import FoundDate

_GENERAL = Quick(
    r"\b(?:first thought|mistake|people|those|anyone|somebody) |"
    r"^(?:an? |any |some |if |where |when |keep |unless |subcontractors? (?:who|whom|that|with)|"
    r"contractors )|\bsubcontractors (?:who|whom|"
    r"that)\b|\bwhom hmrc\b",
    re.IGNORECASE,
)
_DEDUCTION = re.compile(
    r"\b(?:cis|deduct(?:ed|ion|ions)?|tax (?:\w+ ){0,4}(?:withheld|retained|kept|held back|taken|stopped))\b",
    re.IGNORECASE,
)
_NOT_DEDUCTION = Quick(
    r"\b(?:liable to|subject to|before|after|net of|vat)\b[^\n]{0,20}\bdeduct|\bno deduction|\bgross amount",
    re.IGNORECASE,
)
_UNVERIFIED = re.compile(
    r"\b(?:unverified|not (?:been )?verified|unmatched|(?:could|can)(?: ?not|n't) (?:be )?(?:verif\w+|"
    r"match\w*)|no match|no record (?:was )?found|not found|verification (?:\w+ )?failed|failed verification|"
    r"not registered (?:for|with|under|in)(?! (?:the )?(?:vat|value added|paye))|unregistered|higher rate)\b",
    re.IGNORECASE,
)
_GROSS_STATUS = re.compile(
    r"\bgross (?:payment )?status|\bgross payment\b|\bpaid gross\b|"
    r"\b(?:verif\w+|status)(?: (?:result|outcome|status|as))?[:,]? gross\b",
    re.IGNORECASE,
)
_REGISTERED = Quick(
    r"\b(?:verified|matched|payment under deduction|verification(?: result| outcome)?:? net|status:? net|"
    r"verification (?:no|number|ref|reference)\.?:? ?v\d{10}(?!/?\w)|"
    r"net payment|standard rate|cis[- ]registered|registered (?:for|under|with|"
    r"in) (?:the )?(?:cis|"
    r"scheme|net)|registered subcontractor|status[\w ]{0,30}:? registered)\b",
    re.IGNORECASE,
)
# "(C) On which a deduction must be made": the labour by what is done with it.
_DEDUCTED_FROM = (
    r"|(?:on|from) which (?:a |the |any |cis |tax |we )*(?:deduction|deduct|tax)|"
    r"(?:amount|sum|figure|balance|part|remainder|payment) (?:left )?(?:for|bearing|open to|chargeable to|"
    r"attracting) (?:the |cis )?deduction|deductible (?:amount|part|payment)|taxable (?:amount|part|payment)"
)
_LABOUR = re.compile(
    r"\b(?:labour|wages part|amount (?:liable|subject)(?: to)?(?: cis)?(?: deduction)?|liable to deduction|"
    r"subject to (?:cis )?deduction|"
    r"net of materials|excluding materials|less materials" + _DEDUCTED_FROM + r")\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\b(?:if|unless|should you|were you|had you|until|in case|where|whenever|once you)\b[^.;,:]*",
    re.IGNORECASE,
)
_MATERIALS = re.compile(r"\bmaterials?\b", re.IGNORECASE)
_GROSS = re.compile(
    r"\b(?:gross(?! (?:payment )?status)|total (?:payment|of invoices?|invoiced)|amount invoiced)\b",
    re.IGNORECASE,
)
_TAX_MONTH = re.compile(
    r"\b(?:tax month|month) (?:end(?:ed|ing|s)|to)[: |]{0,40}|\bperiod end(?:ed|ing)[: |]{0,40}|"
    r"\btax month[: |]{1,40}"
    r"(?:[\w ]{1,24} (?:to|-) )?",
    re.IGNORECASE,
)
# A tax month ends on the 5th: "payments made 6 April to 5 May".
_MONTH_RUNS_TO = re.compile(
    r"\b(?:month|period|payments)\b[^\n]{0,60}(?: to| -| until|\bend(?:ing|ed)(?: on)?)[: ]{1,2}$",
    re.IGNORECASE,
)
_LAST_DAY = 5
_RATES = (Decimal(0), Decimal(20), Decimal(30))
_DAYS = 14
_SLACK = Decimal("1.00")
_REACH = 6


class Deduction(msgspec.Struct, frozen=True, gc=False):
    """A deduction as shown: the amount, its rate, and the base named beside it."""

    amount: Money | None
    rate: Percentage
    base: Money | None


def _sentences(context: Context) -> Iterator[tuple[int, int, str]]:
    document = context.document
    for index, sentence in enumerate(document.sentences):
        text = document.sentence_text(index)
        if not _GENERAL.search(text):
            yield sentence.start, sentence.end, text


def _deduction(context: Context) -> Deduction | None:
    """Return the deduction: the last that has an amount, else the first rate named."""
    best: Deduction | None = None
    for start, end, text in _sentences(context):
        rates = find_percentages(context.document.folded, start, end)
        if not rates or not _DEDUCTION.search(text) or "vat at" in text.lower():
            continue
        money = money_in(context.document.folded, start, end)
        found = Deduction(money[-1] if money else None, rates[0], money[0] if len(money) > 1 else None)
        if best is None or (found.amount is not None and not _NOT_DEDUCTION.search(text)):
            best = found
    return best


@check("cis_rate")
def cis_rate(context: Context) -> CheckResult:
    """The rate is 0, 20 or 30 per cent, and the one that the subcontractor's status asks for."""
    found = _deduction(context)
    if found is None:
        return not_applicable("No rate of deduction is shown.")
    shown = Finding(found.rate.start, found.rate.end)
    if found.rate.value not in _RATES:
        return failed(f"A deduction is at 0, 20 or 30 per cent, never at {found.rate.value}.", shown)
    expected = _expected(context)
    if expected is None or found.rate.value == expected:
        return passed()
    edit = Edit(found.rate.start, found.rate.end, f"{expected}%", "review")
    message = f"The status shown asks for {expected} per cent, not {found.rate.value}."
    return failed(message, Finding(found.rate.start, found.rate.end, edit))


def _expected(context: Context) -> Decimal | None:
    """Return the rate that the status told asks for; None where none or more than one is told."""
    told = "\n".join(
        _SUPPOSED.sub("", text) for _, _, text in _sentences(context) if not HISTORY.search(text)
    )
    if _GROSS_STATUS.search(told):
        return Decimal(0)
    rest, unverified = _UNVERIFIED.subn("", told)
    registered = _REGISTERED.search(rest) is not None
    return None if bool(unverified) == registered else Decimal(30 if unverified else 20)


@check("cis_base")
def cis_base(context: Context) -> CheckResult:
    """The deduction is the rate of labour alone."""
    found = _deduction(context)
    if found is None or found.amount is None:
        return not_applicable("No amount of deduction is shown with its rate.")
    labour, materials, gross = (_labelled(context, pattern) for pattern in (_LABOUR, _MATERIALS, _GROSS))
    if labour is None and gross is not None and materials is not None:
        labour = gross - materials
    if labour is not None and gross is not None and not materials:
        materials = gross - labour
    if labour is None or not materials:
        return not_applicable("Labour and materials are not shown apart.")
    right = pennies(labour * found.rate.value / 100)
    if abs(abs(found.amount.amount) - right) <= _SLACK:
        return passed()
    told = f"{found.rate.value} per cent of the labour of {labour:,.2f} is {right:,.2f}"
    message = f"{told}, not {found.amount.amount:,.2f}."
    start, end = found.amount.start, found.amount.end
    return failed(message, Finding(start, end, Edit(start, end, f"\xa3{right:,.2f}", "review")))


def _labelled(context: Context, pattern: re.Pattern[str]) -> Decimal | None:
    """Return the sum of the line amounts whose own label is of one kind, else of those in prose."""
    listed: Decimal | None = None
    told: Decimal | None = None
    for start, end, text in _sentences(context):
        if (
            not pattern.search(text)
            or (pattern is not _LABOUR and _LABOUR.search(text))
            or _is_deduction(text)
        ):
            continue
        money = money_in(context.document.folded, start, end)
        if not money:
            continue
        amount = abs(money[-1].amount)
        if context.document.folded[money[-1].end : end].strip(" |*)-"):
            told = amount if told is None or pattern is _GROSS else told + amount
        else:
            listed = amount if listed is None or pattern is _GROSS else listed + amount
    return told if listed is None else listed


def _is_deduction(text: str) -> bool:
    return (bool(_DEDUCTION.search(text)) and not _LABOUR.search(text)) or "%" in text


def _ends_month(context: Context, day: FoundDate) -> bool:
    before = context.document.folded[max(day.start - 90, 0) : day.start]
    return day.value.day == _LAST_DAY and _MONTH_RUNS_TO.search(before) is not None


@check("cis_statement_deadline")
def cis_statement_deadline(context: Context) -> CheckResult:
    """The statement is dated no later than 14 days after the end of its tax month."""
    folded, dates = context.document.folded, context.fields.dates
    month: FoundDate | None = None
    for label in _TAX_MONTH.finditer(folded):
        month = next((one for one in dates if 0 <= one.start - label.end() <= _REACH), None)
        if month is not None:
            break
    month = month or next((one for one in dates if _ends_month(context, one)), None)
    if month is None:
        return not_applicable("The end of the tax month is not given.")
    own = context.fields.date
    if own is None or own.start == month.start:
        own = next((one for one in dates if one.value > month.value), None)
    if own is None:
        return not_applicable("The day of the statement is not given.")
    last = month.value + timedelta(days=_DAYS)
    if own.value <= last:
        return passed()
    message = (
        f"The tax month ended on {month.value.isoformat()}: the statement was due by {last.isoformat()}."
    )
    return failed(message, Finding(own.start, own.end))
