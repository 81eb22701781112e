"""Deductions under the Construction Industry Scheme: rate, base, and the day of the statement."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING

from msgspec import structs

from validation_engine.checks.cis.columns import labour_table
from validation_engine.checks.cis.deduction import (
    concerns_scheme,
    deductions,
    sentences,
    shown,
)
from validation_engine.checks.cis.labour import labour_and_materials
from validation_engine.checks.cis.status import expected_rate
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
from validation_engine.fields.dates import find_dates
from validation_engine.fields.invoice import pennies

if TYPE_CHECKING:
    from validation_engine.checks.cis.columns import Table
    from validation_engine.checks.cis.deduction import Deduction
    from validation_engine.fields.dates import FoundDate

_TAX_MONTH = re.compile(
    r"\b(?:tax month|month) (?:end(?:ed|ing|s)|to)[: |]{0,40}|\bperiod end(?:ed|ing)[: |]{0,40}|"
    r"\btax month[: |]{1,40}"
    r"(?:[\w ]{1,24} (?:to|-) )?",
    re.IGNORECASE,
)
# A tax month ends on the 5th: "payments made 6 April to 5 May".
_MONTH_RUNS_TO = re.compile(
    r"\b(?:month|period|payments)\b[^\n]{0,60}(?: to| -| until| and|including|\bend(?:ing|"
    r"ed)(?: on)?)[: ]{1,2}$",
    re.IGNORECASE,
)
_OWN_DAY = re.compile(
    r"\b(?:statement|issued?|prepared|made (?:out|up)|given|sent|dated?|written|drawn up|posted|"
    r"produced)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_OTHER_DAY = re.compile(
    r"\b(?:pa(?:y|id|yment)s?|return|next|verif\w+|checked|keep|week|invoices?|follow)\b[^.;]{0,24}$|"
    r"\b(?:until|till|by|from|to|and|between)[: ]+$",
    re.IGNORECASE,
)
_COPY = re.compile(r"\b(?:copy|copies|duplicate|re-?issued?|replacement|replaces)\b", re.IGNORECASE)
_FAR = 60
_LAST_DAY = 5
_RATES = (Decimal(0), Decimal(20), Decimal(30))
_DAYS = 14
_SLACK = Decimal("1.00")
_WORST = ("FAIL", "NEEDS_REVIEW", "PASS")
_REACH = 6


@check("cis_rate")
def cis_rate(context: Context) -> CheckResult:
    """The rate is 0, 20 or 30 per cent, and the one that the subcontractor's status asks for."""
    every = deductions(context) if concerns_scheme(context) else []
    found = shown(every)
    if found is None:
        return not_applicable("No rate of deduction is shown.")
    if found.rate.value not in _RATES:
        message = f"A deduction is at 0, 20 or 30 per cent, never at {found.rate.value}."
        return failed(message, Finding(found.rate.start, found.rate.end))
    expected = expected_rate(text for _, _, text in sentences(context))
    rates = {one.rate.value for one in every if one.amount}
    if expected is None or found.rate.value == expected or len(rates) > 1:
        return passed()
    edit = Edit(found.rate.start, found.rate.end, f"{expected}%", "review")
    message = f"The status shown asks for {expected} per cent, not {found.rate.value}."
    return failed(message, Finding(found.rate.start, found.rate.end, edit))


@check("cis_base")
def cis_base(context: Context) -> CheckResult:
    """The deduction is the rate of labour alone."""
    found = shown(deductions(context)) if concerns_scheme(context) else None
    table = labour_table(context.document)
    by_row = _by_row(table, found) if table else None
    if by_row is not None:
        return by_row
    if found is None or found.amount is None:
        return not_applicable("No amount of deduction is shown with its rate.")
    labour, materials = labour_and_materials(context)
    if labour is None or not (materials or _is_of_more(context, labour, found)):
        return not_applicable("Labour and materials are not shown apart.")
    return _compared(found.amount.amount, labour, found.rate.value, found.amount.start, found.amount.end)


def _compared(amount: Decimal, labour: Decimal, rate: Decimal, start: int, end: int) -> CheckResult:
    """Judge a deduction: on materials too it is too much; where it is less, a person must look for why."""
    right = pennies(labour * rate / 100)
    if abs(abs(amount) - right) <= _SLACK:
        return passed()
    told = f"{rate} per cent of the labour of {labour:,.2f} is {right:,.2f}, not {amount:,.2f}."
    found = Finding(start, end, Edit(start, end, f"\xa3{right:,.2f}", "review"))
    return (failed if abs(amount) > right else needs_review)(told, found)


def _is_of_more(context: Context, labour: Decimal, found: Deduction) -> bool:
    """Whether what is deducted is the rate of an amount shown beyond the labour: of materials too."""
    taken = Decimal(0) if found.amount is None else found.amount.amount
    return any(
        one.amount > labour and pennies(one.amount * found.rate.value / 100) == taken > 0
        for one in context.fields.money
    )


def _by_row(table: Table, found: Deduction | None) -> CheckResult | None:
    """Judge a table's own column of deductions; None where it has none, or their rate is not named."""
    judged: list[CheckResult] = []
    for row in table.rows:
        labour, taken = row.cells.get("labour"), row.cells.get("deduction")
        own = row.cells["rate"].rate if "rate" in row.cells else None
        rate = own or table.rate or (found.rate.value if found else None)
        if labour is None or taken is None or rate is None or row.is_total:
            continue
        if labour.amount is not None and taken.amount is not None:
            judged.append(_compared(taken.amount, labour.amount, rate, taken.start, taken.end))
    return min(judged, key=lambda one: _WORST.index(one.verdict), default=None)


def _ends_month(context: Context, before: FoundDate | None, day: FoundDate) -> bool:
    """Whether a day is the end of a tax month by what leads to it; `before` is the date before it."""
    if day.value.day != _LAST_DAY:
        return False
    if before and before.value.day == _LAST_DAY + 1 and day.start - before.end <= _REACH:
        return True
    return _MONTH_RUNS_TO.search(context.document.folded[max(day.start - 90, 0) : day.start]) is not None


def _told_day(context: Context, month: FoundDate) -> FoundDate | None:
    """Return the day that words call the statement's own, else the first later one that is no other's."""
    dates = [one for one in context.fields.dates if one.value > month.value]
    later = [one for one in dates if not _OTHER_DAY.search(_lead(context, one))]
    named = [one for one in later if _OWN_DAY.search(_lead(context, one))]
    return next(iter(named or later), None)


def _lead(context: Context, day: FoundDate) -> str:
    """Return what leads to a day: only its own line where that alone calls it the statement's."""
    document, far = context.document, max(day.start - _FAR, 0)
    line = document.folded[max(document.text.rfind("\n", far, day.start), far) : day.start]
    return line if _OWN_DAY.search(line) else document.folded[far : day.start]


@check("cis_statement_deadline")
def cis_statement_deadline(context: Context) -> CheckResult:
    """The statement is dated no later than 14 days after the end of its tax month."""
    month = _month_end(context)
    if month is None:
        return not_applicable("The end of the tax month is not given.")
    own = context.fields.date
    if own is None or own.start == month.start:
        own = _told_day(context, month)
    if own is None:
        return not_applicable("The day of the statement is not given.")
    last = month.value + timedelta(days=_DAYS)
    if own.value <= last:
        return passed()
    if _COPY.search(context.document.folded, max(own.start - _FAR, 0), own.end + _FAR):
        return needs_review("A copy is dated later than the statement was due.", Finding(own.start, own.end))
    message = (
        f"The tax month ended on {month.value.isoformat()}: the statement was due by {last.isoformat()}."
    )
    return failed(message, Finding(own.start, own.end))


def _month_end(context: Context) -> FoundDate | None:
    """Return the end of the tax month; where it has no year, that of the statement's day."""
    folded, own = context.document.folded, context.fields.date
    near = own or next(iter(context.fields.dates), None)
    dates = find_dates(folded, year=near.value.year) if near else []
    starts = [one.start for one in dates]
    nearest = ((label.end(), bisect_left(starts, label.end())) for label in _TAX_MONTH.finditer(folded))
    labelled = [dates[at] for end, at in nearest if at < len(dates) and starts[at] - end <= _REACH]
    named = [one for one in labelled if one.value.day == _LAST_DAY]
    pairs = zip([None, *dates], dates, strict=False)
    ends = (day for before, day in pairs if _ends_month(context, before, day))
    found = next(chain(named, ends, labelled), None)
    return _in_the_past(found, near) if found else None


def _in_the_past(day: FoundDate, own: FoundDate | None) -> FoundDate:
    """Return a day that was given no year as one before the statement: "5 December" in January."""
    if day.year_given or own is None or day.value <= own.value:
        return day
    return structs.replace(day, value=day.value.replace(year=day.value.year - 1))
