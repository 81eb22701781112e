"""Checks on the terms of an employment: holiday and pay against the statutory minimum."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.documents.model import Block
from validation_engine.fields.periods import NUMBERS
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document, Sentence
    from validation_engine.fields.amounts import Money
    from validation_engine.fields.periods import Period

_HOLIDAY = re.compile(r"\b(?:holidays?|annual leave|paid leave|leave)\b", re.IGNORECASE)
# Longer than a label with its number.
_LABEL = 24
_HOLIDAY_CUE = Cue("holiday|leave")
_ENTITLED = re.compile(
    r"\b(?:entitle\w*|may take|receive|have|get|is|are|be|allow\w*|of|to|take|"
    r":|gives?|granted)(?: \w+){0,4}:? $",
    re.IGNORECASE,
)
_NOT_ENTITLEMENT = Quick(
    r"\b(?:notice|carry|carried|carry over|sick\w*|sell|buy|purchase|bereavement|"
    r"compassionate|parental|maternity|paternity|unpaid|at (?:any )?one time|"
    r"consecutive|in a row|rising|increas\w*|after|up to|more than|advance|request|"
    r"shut|reserve|christmas)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_PUBLIC = (
    r"(?:public|bank|statutory|local|customary)(?:(?: and|,| or|/) (?:public|"
    r"bank|statutory|local|customary))*(?: or \w+)? holidays?"
)
_INCLUSIVE = Quick(
    rf"\b(?:inclu\w+|of which|tak(?:ing|es) in|count(?:ing|s)|cover(?:ing|s)|comprising|made up of)"
    rf"(?: [\w,]+){{0,8}} "
    rf"{_PUBLIC}|{_PUBLIC}(?: [\w,]+){{0,8}} (?:included|are part|count towards|among (?:them|these))",
    re.IGNORECASE,
)
_ON_TOP = Quick(_PUBLIC, re.IGNORECASE)
_NUMBER = r"(?P<{}>[1-6]|one|two|three|four|five|six)[ -]days?"
_DAYS_A_WEEK = Quick(
    rf"\b{_NUMBER.format('number')}(?:[ ,]+(?:a|per|each|every|in each|in the|of the))?[ -]week"
    rf"|\b(?:hours?|week|weekly)\b[^.;]{{0,40}}\b(?:over|across|on) {_NUMBER.format('over')}",
    re.IGNORECASE,
)
_FULL_TIME = 35
_WEEKDAYS = re.compile(
    r"\bmonday(?:s)? (?:to|until|-|through) (?P<last>friday|saturday|thursday|wednesday|sunday)",
    re.IGNORECASE,
)
_LAST_DAY = {"wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 7}
_STATUTORY_WEEKS = Decimal("5.6")
_MOST_DAYS = Decimal(28)
_PUBLIC_DAYS = Decimal(8)
_SLACK = Decimal("0.3")


@check("contract_holiday")
def contract_holiday(context: Context) -> CheckResult:
    """The holiday, with public holidays where they are on top, comes to 5.6 weeks of the days worked."""
    stated = next(_entitlements(context), None)
    if stated is None:
        return not_applicable("No holiday entitlement is stated in days or weeks.")
    week = _days_a_week(context.document.folded)
    if week is None:
        return not_applicable("The work is part-time and its days a week are not stated.")
    needed = min(_STATUTORY_WEEKS * week, _MOST_DAYS)
    total = stated.number * week if stated.unit == "week" else stated.number
    if not _is_inclusive(context.document, stated):
        total += _public_days(context.document)
    if total >= needed - _SLACK:
        return passed()
    message = (
        f"The holiday comes to {total.normalize():f} days; 5.6 weeks of {week} days "
        f"are {needed.normalize():f} days."
    )
    return failed(message, Finding(stated.start, stated.end))


def _entitlements(context: Context) -> Iterator[Period]:
    document = context.document
    if not _HOLIDAY_CUE.within(document.folded):
        return
    for period in context.fields.periods:
        if period.unit not in ("day", "working_day", "week"):
            continue
        index = document.sentence_at(period.start)
        sentence = document.sentences[index]
        before, after = (
            document.folded[sentence.start : period.start],
            document.folded[period.end : sentence.end],
        )
        heading = document.sections[sentence.block]
        headed = [document.blocks[heading]] if heading >= 0 else []
        places: list[Block | Sentence] = [sentence, _label(document, sentence.block), *headed]
        about = any(
            _HOLIDAY_CUE.within(document.folded, one.start, one.end)
            and _HOLIDAY.search(document.folded[one.start : one.end])
            for one in places
        )
        if not about or _NOT_ENTITLEMENT.search(before):
            continue
        near = re.match(
            r"(?i)'? (?:paid |of |working |annual |days |holiday )*(?:holidays?|leave|"
            r"annual|plus|in addition|inclu\w+|together|in each|a year|per)",
            after,
        )
        if near or _ENTITLED.search(before):
            yield period


def _label(document: Document, index: int) -> Block:
    """Return the beginning of a block, where its label stands: "Holidays: the leave year …"."""
    block = document.blocks[index]
    return Block(block.kind, block.start, min(block.start + _LABEL, block.end))


def _is_inclusive(document: Document, stated: Period) -> bool:
    index = document.sentence_at(stated.start)
    block = document.blocks[document.sentences[index].block]
    return _INCLUSIVE.search(document.folded, block.start, block.end) is not None


def _public_days(document: Document) -> Decimal:
    """Return the public holidays given on top; eight where they are named without a number."""
    found = _ON_TOP.search(document.folded)
    if found is None:
        return Decimal(0)
    before = re.search(r"(\d+|\w+) (?:\w+ )?$", document.folded[max(found.start() - 30, 0) : found.start()])
    number = before.group(1).lower() if before else ""
    if number.isdigit():
        return Decimal(number)
    return Decimal(NUMBERS[number]) if NUMBERS.get(number, 0) > 1 else _PUBLIC_DAYS


def _days_a_week(folded: str) -> int | None:
    """Return the days worked a week; None for part-time work whose days are not stated."""
    found = _DAYS_A_WEEK.search(folded)
    if found:
        number = (found["number"] or found["over"]).lower()
        return min(int(number) if number.isdigit() else NUMBERS[number], 5)
    span = _WEEKDAYS.search(folded)
    hours = _weekly_hours(folded)
    if span:
        return min(_LAST_DAY[span["last"].lower()], 5)
    return None if hours is not None and hours < _FULL_TIME else 5


# First day, rate from 21, rate from 18, rate of apprentices: gov.uk/national-minimum-wage-rates.
_RATES = (
    (date(2026, 4, 1), Decimal("12.71"), Decimal("10.85"), Decimal("8.00")),
    (date(2025, 4, 1), Decimal("12.21"), Decimal("10.00"), Decimal("7.55")),
    (date(2024, 4, 1), Decimal("11.44"), Decimal("8.60"), Decimal("6.40")),
)
_WEEKS_A_YEAR = 52
_MONTHS_A_YEAR = 12
_PAY = Quick(r"\b(?:salary|wage|pay|paid|wages?|remuneration|earn|rate|basic|receive|get)\b", re.IGNORECASE)
_NOT_PAY = Quick(
    r"\b(?:bonus|commission|allowance|overtime|expenses|mileage|deduct\w*|sick|"
    r"premium|supplement|tips|benefit)\b[^.;]{0,50}$",
    re.IGNORECASE,
)
_EACH = (
    (
        "hour",
        re.compile(
            r"^(?: gross)?,?(?: an| per| each| a| every| for (?:each|every)) (?:hour|hr)\b|"
            r"^ ?/ ?(?:hour|hr)\b|^ ?ph\b|^ hourly",
            re.IGNORECASE,
        ),
    ),
    ("week", re.compile(r"^(?: gross)?,?(?: a| per| each) week\b|^ weekly", re.IGNORECASE)),
    ("month", re.compile(r"^(?: gross)?,?(?: a| per| each| calendar)* month\b|^ monthly", re.IGNORECASE)),
    (
        "year",
        re.compile(
            r"^(?: gross)?,?(?: a| per| each) (?:year|annum)\b|^ p\.?a\b|^ annual(?:ly)?|^ gross annual",
            re.IGNORECASE,
        ),
    ),
)
_BY_LABEL = re.compile(
    r"\b(?:annual|yearly|basic annual|gross annual) (?:\w+ )?(?:salary|pay|wage)\b[^.;]{0,40}$|"
    r"\bsalary\b[^.;]{0,30}$",
    re.IGNORECASE,
)
_HOURLY_LABEL = re.compile(r"\bhourly (?:rate|pay|wage)\b[^.;]{0,30}$", re.IGNORECASE)
_HOURS = Quick(
    r"(?P<number>\d{1,2}(?:\.\d{1,2})?|(?:twenty|thirty|forty)(?:-\w+)?)(?: "
    r"\(\d+\))?[ -]hours?,?(?: \w+){0,3}?(?: (?:a|per|each|every|in each|in any|"
    r"in the))? ?(?:working )?week(?:ly)?\b"
    r"|\b(?:week|weekly hours|hours of work|working hours|contracted hours|normal "
    r"hours)(?: [\w,()]+){0,6}?:? (?P<other>\d{1,2}(?:\.\d{1,2})?)(?: hours?)\b",
    re.IGNORECASE,
)
_NOT_HOURS = Quick(
    r"\b(?:up to|average|exceed|more than|over|limit|maximum|opt\w*|overtime|"
    r"additional|extra|least)\b[^.;]{0,25}$",
    re.IGNORECASE,
)


@check("minimum_wage")
def minimum_wage(context: Context) -> CheckResult:
    """Pay divided by hours is at least the minimum wage of the document's date."""
    rate = _rate(context)
    pay = next(_pays(context), None)
    if rate is None or pay is None:
        return not_applicable("No pay is stated whose hourly rate could be compared.")
    money, each = pay
    hours = _weekly_hours(context.document.folded)
    if each != "hour" and hours is None:
        return not_applicable("No weekly hours are stated to divide the pay by.")
    hourly = _hourly(money.amount, each, hours or Decimal(1))
    if hourly >= rate:
        return passed()
    message = (
        f"The pay comes to £{hourly:.2f} an hour; the minimum on {context.as_of.isoformat()} is £{rate:.2f}."
    )
    return failed(message, Finding(money.start, money.end))


def _hourly(amount: Decimal, each: str, hours: Decimal) -> Decimal:
    if each == "hour":
        return amount
    weekly = {
        "week": amount,
        "month": amount * _MONTHS_A_YEAR / _WEEKS_A_YEAR,
        "year": amount / _WEEKS_A_YEAR,
    }[each]
    return (weekly / hours).quantize(Decimal("0.01"))


def _rate(context: Context) -> Decimal | None:
    folded = context.document.folded
    for since, adult, young, apprentice in _RATES:
        if context.as_of >= since:
            if re.search(r"\bapprentice", folded, re.IGNORECASE):
                return apprentice
            return (
                young if re.search(r"\b(?:aged? (?:18|19|20)\b|under 21)", folded, re.IGNORECASE) else adult
            )
    return None


def _pays(context: Context) -> Iterator[tuple[Money, str]]:
    document = context.document
    for money in context.fields.money:
        index = document.sentence_at(money.start)
        before = document.folded[document.sentences[index].start : money.start]
        after = document.folded[money.end : money.end + 30]
        if (
            money.currency != "GBP"
            or not _PAY.search(document.sentence_text(index))
            or _NOT_PAY.search(before)
        ):
            continue
        each = next((name for name, pattern in _EACH if pattern.search(after)), None)
        if each is None and _BY_LABEL.search(before):
            each = "year"
        if each is None and _HOURLY_LABEL.search(before):
            each = "hour"
        if each and not (each == "year" and money.amount < 1_000):  # noqa: PLR2004 - no annual salary is so small
            yield money, each


def _weekly_hours(folded: str) -> Decimal | None:
    for found in _HOURS.finditer(folded):
        if _NOT_HOURS.search(folded[max(found.start() - 50, 0) : found.start()]):
            continue
        number = (found["number"] or found["other"]).lower()
        hours = Decimal(number) if number[0].isdigit() else Decimal(NUMBERS.get(number, 0))
        if hours:
            return hours
    return None
