"""Checks a contract's holiday against the statutory minimum."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from validation_engine.checks.employment.terms.holiday_wording import (
    HOLIDAY,
    HOLIDAY_CUE,
    NOT_ENTITLEMENT,
    entitlements,
)
from validation_engine.checks.employment.terms.working_hours import weekly_hours
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
from validation_engine.fields.periods import NUMBERS, find_periods
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document
    from validation_engine.fields.periods import Period

_PUBLIC = (
    r"(?:public|bank|statutory|local|customary)(?:(?: and|,| or|/) (?:public|"
    r"bank|statutory|local|customary))*(?: or \w+)? holidays?"
)
_INCLUSIVE = Quick(
    rf"\b(?:incl?\b\.?|inclu\w+|of which|tak(?:ing|es) in|count(?:ing|s)|cover(?:ing|s)|comprising|"
    rf"made up of)"
    rf"(?: [\w,]+){{0,8}} "
    rf"{_PUBLIC}|{_PUBLIC}[^.;]{{0,120}} (?:included|counted|"
    rf"in (?:it|that|them)\b|are part|count towards|among (?:them|these)|"
    rf"(?:come|comes|taken) out of)",
    re.IGNORECASE,
)
_ON_TOP = Quick(_PUBLIC, re.IGNORECASE)
_NUMBER = r"(?P<{}>[1-6]|one|two|three|four|five|six)[ -](?:working )?days?"
_DAYS_A_WEEK = Quick(
    rf"\b{_NUMBER.format('number')}(?:[ ,]+(?:a|per|each|every|in each|in the|of the))?[ -]week"
    rf"|\bweek (?:has|is|of|runs to|consists of|comprises|lasts)(?: (?:only|just))? {_NUMBER.format('has')}"
    rf"|\bdays (?:worked )?(?:a|per|each) week ?[:|] ?(?P<label>[1-6])\b"
    rf"|\b(?:hours?|week|weekly)\b[^.;]{{0,40}}\b(?:over|across|on) (?:each of |any |the same )?"
    rf"{_NUMBER.format('over')}",
    re.IGNORECASE,
)
_MORE_DAYS = re.compile(
    r"(?:,|\band|\bplus|\balong with|\+) (\d{1,2}|[a-z]{3,8}) (?:[a-z]+ ){0,2}(?:days|ones)\b"
    r"(?! (?:in all|in total|altogether|(?:a|per|each|every) week))",
    re.IGNORECASE,
)
_UNPAID = re.compile(r"[^.;]{0,40}\b(?:unpaid|not paid|without pay|aren't paid|no pay)\b", re.IGNORECASE)
_NONE = re.compile(r"\b(?:no|not|without|nor)\b", re.IGNORECASE)
_FULL_TIME = 35
_WEEKDAYS = re.compile(
    r"\bmonday(?:s)? (?:to|until|-|through) (?P<last>friday|saturday|thursday|wednesday|sunday)"
    r"|\b(?:work\w*|hours|shifts?|days)\b[^.;]{0,60}?\b(?P<first>tuesday|wednesday|thursday|friday)s? "
    r"(?:to|until|-|through) (?P<until>wednesday|thursday|friday|saturday|sunday)",
    re.IGNORECASE,
)
_EACH_DAY = re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b", re.IGNORECASE)
_HOURS_A_WEEK = re.compile(
    r"\b(?:hours?|\d{1,2}(?:\.\d{1,2})?),? (?:a|per|each|every) week\b([^.;]{0,120})", re.IGNORECASE
)
_LAST_DAY = {"tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 7}
_STATUTORY_WEEKS = Decimal("5.6")
_MOST_DAYS = Decimal(28)
_PUBLIC_DAYS = Decimal(8)
_SLACK = Decimal("0.3")
_FULL_WEEK = 5
# Fewer hours are no year's holiday, not even of one day a week.
_LEAST_HOURS = 40


@check("contract_holiday")
def contract_holiday(context: Context) -> CheckResult:
    """The holiday, with public holidays where they are on top, comes to 5.6 weeks of the days worked."""
    stated = list(entitlements(context.document, context.fields.periods))
    if not stated and (hours := next(_in_hours(context.document), None)) is not None:
        return _compared_in_hours(context.document, hours)
    if not stated and (none := _unpaid(context.document)) is not None:
        return failed("No paid holiday is given; 5.6 weeks a year are due from the first day.", none)
    if not stated:
        return not_applicable("No holiday entitlement is stated in days or weeks.")
    week = _days_a_week(context.document.folded)
    if week is None:
        return not_applicable("The work is part-time and its days a week are not stated.")
    return _compared_in_days(context.document, stated, week)


def _compared_in_days(document: Document, stated: list[Period], week: int) -> CheckResult:
    """Compare the largest of the entitlements: the others are parts of it, or of another year.

    What is enough for another week that is told of or with other days told beside it, or not half of what is
    due, may have been read wrongly.
    """
    needed = min(_STATUTORY_WEEKS * week, _MOST_DAYS)
    totals = [_in_days(document, one, week) for one in stated]
    total = max(totals)
    if total >= needed - _SLACK:
        return passed()
    largest = stated[totals.index(total)]
    message = (
        f"The holiday comes to {total.normalize():f} days; 5.6 weeks of {week} days "
        f"are {needed.normalize():f} days."
    )
    shortest = min([week, *_weeks_told(document.folded)])
    is_unsure = total >= _STATUTORY_WEEKS * shortest - _SLACK or total * 2 < needed
    is_unsure = is_unsure or total + _days_beside(document, largest) >= needed - _SLACK
    return (needs_review if is_unsure else failed)(message, Finding(largest.start, largest.end))


def _days_beside(document: Document, stated: Period) -> int:
    """Return how many days else are told of right after an entitlement: "20 days and nine fixed ones"."""
    block = document.blocks[document.sentences[document.sentence_at(stated.start)].block]
    told = (found[1].lower() for found in _MORE_DAYS.finditer(document.folded, stated.end, block.end))
    return sum(int(one) if one.isdigit() else NUMBERS.get(one, 0) for one in told)


def _in_days(document: Document, stated: Period, week: int) -> Decimal:
    """Return the days of an entitlement, with the public holidays where they come on top."""
    days = stated.number * week if stated.unit == "week" else stated.number
    return days if _is_inclusive(document, stated) else days + _public_days(document)


_NO_HOLIDAY = Quick(
    r"\b(?:(?:no|without(?: any)?) (?:\w+ )?(?:paid |annual )+(?:holidays?|leave)|(?:holidays?|"
    r"annual leave) (?:is|are) "
    r"(?:\w+ )?(?:unpaid|not paid|without pay)|(?:holidays?|annual leave|paid leave) ?[:|] ?(?:none|nil|no|"
    r"unpaid|0)\b|"
    r"(?:not|n't|never) (?:be )?(?:entitled to|get|given|receive|have|paid for|earn|accrue|"
    r"qualify for) (?:any |your |a )?"
    r"(?:paid |annual |paid annual )?(?:holidays?|annual leave|paid leave)|"
    r"(?:not|n't|never) (?:get |be )?paid for (?:any |your )?(?:holidays?|annual leave)|"
    r"no (?:right|entitlement) to (?:any )?(?:paid |annual )*(?:holidays?|leave)|there (?:is|"
    r"are) no holidays?)\b"
    r"(?! (?:pay\b|(?:is|are|may be|can be|will be) (?:carried|lost|added|due on)|"
    r"(?:entitlement )?(?:on|beyond|above|in (?:excess|addition)|other than|except|in your notice|carried|"
    r"during (?:your |any )?(?:notice|sick|suspension|strike|unpaid)|over|for (?:days|more)|as well|"
    r"not taken|"
    r"until (?:it|they)|unless|you did)))",
    re.IGNORECASE,
)
_PUBLIC_BEFORE = re.compile(
    r"\b(?:public|bank|local|extra|additional|further|more|other|untaken|unused)\b[^.;]{0,30}$", re.IGNORECASE
)


def _unpaid(document: Document) -> Finding | None:
    """Return where a contract that states no holiday says that there is none, or none with pay."""
    for found in _NO_HOLIDAY.finditer(document.folded):
        if not _PUBLIC_BEFORE.search(document.folded[max(found.start() - 40, 0) : found.start() + 30]):
            return Finding(found.start(), found.end())
    return None


_IN_HOURS = re.compile(
    r"^'?s?'? (?:(?:of|paid|annual) )*(?:holidays?|leave|a (?:leave |holiday )?year|per (?:year|annum)|"
    r"each year|"
    r"inclu\w+|plus)",
    re.IGNORECASE,
)


def _in_hours(document: Document) -> Iterator[Period]:
    """Yield the holiday where it is given in hours a year."""
    for index in HOLIDAY_CUE.sentences(document):
        sentence = document.sentences[index]
        if not HOLIDAY.search(document.sentence_text(index)):
            continue
        for period in find_periods(document.folded, sentence.start, sentence.end):
            before = document.folded[sentence.start : period.start]
            after = document.folded[period.end : sentence.end]
            is_year = period.unit == "hour" and period.number >= _LEAST_HOURS
            if is_year and _IN_HOURS.match(after) and not NOT_ENTITLEMENT.search(before):
                yield period


def _compared_in_hours(document: Document, stated: Period) -> CheckResult:
    week = weekly_hours(document.folded)
    if week is None:
        return not_applicable("The hours a week are not stated.")
    public = 0 if _is_inclusive(document, stated) else _public_days(document) * week / _FULL_WEEK
    needed = _STATUTORY_WEEKS * week
    if stated.number + public >= needed - 1:
        return passed()
    message = f"The holiday comes to {stated.number + public:.0f} hours; 5.6 weeks are {needed:.0f} hours."
    return failed(message, Finding(stated.start, stated.end))


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
    if (before and _NONE.search(before.group())) or _UNPAID.match(document.folded, found.end()):
        return Decimal(0)
    if number.isdigit():
        return Decimal(number)
    return Decimal(NUMBERS[number]) if NUMBERS.get(number, 0) > 1 else _PUBLIC_DAYS


def _days_listed(folded: str) -> int:
    """Return how many days a week's hours are given for by name: "24 hours a week: Tuesdays and Fridays"."""
    for found in _HOURS_A_WEEK.finditer(folded):
        named = {day.lower() for day in _EACH_DAY.findall(found[1])}
        if len(named) > 1 and not _WEEKDAYS.search(found[1]):
            return min(len(named), _FULL_WEEK)
    return 0


def _weeks_told(folded: str) -> Iterator[int]:
    """Yield the days of each week that the text tells of: "three days a week"."""
    for found in _DAYS_A_WEEK.finditer(folded):
        number = next(filter(None, found.groups())).lower()
        yield min(int(number) if number.isdigit() else NUMBERS[number], _FULL_WEEK)


def _days_a_week(folded: str) -> int | None:
    """Return the days worked a week; None for part-time work whose days are not stated."""
    listed = _days_listed(folded)
    if listed:
        return listed
    told = next(_weeks_told(folded), None)
    if told:
        return told
    span = _WEEKDAYS.search(folded)
    hours = weekly_hours(folded)
    if span:
        first = _LAST_DAY[span["first"].lower()] - 1 if span["first"] else 0
        return min(_LAST_DAY[(span["last"] or span["until"]).lower()] - first, 5)
    return None if hours is not None and hours < _FULL_TIME else 5
