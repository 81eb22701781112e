"""When a company pays its tax and files its return, as tax guidance states it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.registry import CheckResult, Context, Finding, check
from validation_engine.checks.tax_guidance.corporation_tax import is_about_corporation_tax
from validation_engine.checks.tax_guidance.due_days import (
    company_days,
    company_row,
    is_denied,
    only_year_end,
    year_end,
)
from validation_engine.checks.tax_guidance.time_limits import LENGTH, judged
from validation_engine.fields.dates import A_DATE
from validation_engine.fields.periods import A_PERIOD, find_periods
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from validation_engine.checks.tax_guidance.advice import Advice
    from validation_engine.fields.dates import FoundDate
    from validation_engine.fields.periods import Period

_PAY, _FILE = (
    re.compile(
        r"\b(?:pa(?:y|ys|id|yment|yable|ying)|bill|liability|"
        r"tax(?= (?:has to|must|should|needs to|ought to|will|is to) (?:be with|reach|get to|arrive)\b)|"
        r"tax(?= (?:by|on|due|(?:is|falls|becomes) due)\b)|"
        r"(?:wants?|expects?|collects?|takes) (?:the|its|your) (?:corporation )?tax)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:fil\w+|returns?|submit\w*|ct600)\b", re.IGNORECASE),
)
_NOT_CORPORATION = Quick(
    r"\b(?:companies house|instal\w*|large compan\w*|accounts(?! (?:date|year))|amend\w*|enquir\w*|keep|"
    r"records?|loss\w*|claims?|carry|register|"
    r"tell hmrc|starting|loan\w*|s455|penalt\w*|late|vat)\b",
    re.IGNORECASE,
)
_IS_DUE = re.compile(
    r"\b(?:tax|bill|liability|it)\b[^.;]{0,24}\b(?:is|are|falls?|becomes?|comes?) due\b"
    r"(?P<too> (?:with|together with|along with|at the same time as) (?:the|its|"
    r"your) (?:\w+ ){0,3}return)?[^.;]{0,12}$",
    re.IGNORECASE,
)
# A question that only names what is due, such as: And the return?
_QUESTION = 200
_ASKED = re.compile(r"[^.?!]*\b(?:due|pa(?:y|id)|file|returns?)\b[^.?!]*\? *$", re.IGNORECASE)
_EARLIER_THAN = re.compile(
    r"\b(?:before|ahead of|earlier than) (?:the|its|your) (?:\w+ )?returns?\b", re.IGNORECASE
)
_OWN_RETURN = re.compile(
    r"\b(?:own|personal|self[- ]assessment|directors?'?|individual|paye|p11d)\b", re.IGNORECASE
)
_COMPARED = re.compile(r"\b(?:against|compared (?:with|to)|as opposed to|unlike)(?: the)? $", re.IGNORECASE)
_PURPOSE = re.compile(r"[^,;.]{0,60}?\bto (pay|file|submit|send)\b", re.IGNORECASE)
_LATER = re.compile(
    r" (?:later|more|further|extra|after that|earlier|longer|before|left|"
    r"to go|in hand|remaining|apart|between|lie)\b",
    re.IGNORECASE,
)
# "at the twelve month mark": a time limit for all its article.
_MARK = re.compile(r"[ -](?:mark|point|stage)\b", re.IGNORECASE)
_CLAUSE, _TAX = re.compile(r"[;.]"), re.compile(r"\btax\b[^;.]{0,40}$", re.IGNORECASE)
_AND_A_DAY = re.compile(r" (?:and|plus|\+) (?:a|one|1) day\b", re.IGNORECASE)
# What holds for individuals, whose year ends for all of them on the same day.
_OF_TAX_YEAR = Quick(
    r"\b(?:due|pa(?:y|id|yable)|by|on|before|until)\b[^.;]{0,24}\b31 (?:january|july)\b(?: 20\d\d)?"
    r"[^.;]{0,24}\b(?:(?:after|following|from)\b[^.;]{0,16}\btax year|(?:each|every) year|individuals|"
    r"self[- ]assessment)\b",
    re.IGNORECASE,
)
_MONTHS_TO_PAY, _MONTHS_TO_FILE = 9, 12
_COMPANY_TAX = Cue(r"corporation tax|compan|ct600|the tax|months (?:and|plus|\+)")
_TOLD = (A_DATE, A_PERIOD, Cue("31 (?:january|july)"))


@check("corporation_tax_times")
def corporation_tax_times(context: Context) -> CheckResult:
    """Corporation tax is paid nine months and a day after the period, and the return filed in twelve."""
    return judged(context, _COMPANY_TAX, _TOLD, _corporation, "No time limit of corporation tax is stated.")


def _corporation(context: Context, one: Advice) -> Iterator[tuple[Finding, bool]]:
    folded = context.document.folded
    if one.columns and is_about_corporation_tax(one):
        yield from _company_row(folded, one)
    yield from _of_tax_year(one)
    end, periods = year_end(folded, one), find_periods(folded, one.start, one.end)
    if end is None and not periods and not _OWN_RETURN.search(one.text):
        end = only_year_end(context.document)
    if not (end or periods) or not is_about_corporation_tax(one) or _NOT_CORPORATION.search(one.text):
        return
    for day, pays, files in company_days(folded, one, end) if end else ():
        right = _right_months(folded, one, day)
        if right is not None:
            yield Finding(day.start, day.end), _is_same(day, pays if right == _MONTHS_TO_PAY else files)
    yield from _unless_swapped(list(_of_periods(folded, one, periods)))


def _unless_swapped(judged: list[tuple[Finding, bool, Decimal]]) -> Iterator[tuple[Finding, bool]]:
    """Yield what is said of periods; where it names both right ones, only both can be at the wrong end."""
    is_paired = {months for _, _, months in judged} == {_MONTHS_TO_PAY, _MONTHS_TO_FILE}
    is_read = not is_paired or len({right for _, right, _ in judged}) == 1
    for finding, right, _ in judged:
        yield finding, right or not is_read


def _of_periods(folded: str, one: Advice, periods: list[Period]) -> Iterator[tuple[Finding, bool, Decimal]]:
    for period in periods:
        is_later = _LATER.match(folded, period.end)
        if (
            period.unit in ("month", "year")
            and not is_later
            and not _COMPARED.search(folded, one.start, period.start)
            and not is_denied(one, period.start)
            and (_MARK.match(folded, period.end) or not LENGTH.search(folded[one.start : period.start][-16:]))
        ):
            if _is_a_year(folded, one, period):
                continue
            right = _right_months(folded, one, period)
            months = period.number * (12 if period.unit == "year" else 1)
            if right is not None:
                yield Finding(period.start, period.end), months == right, months


def _of_tax_year(one: Advice) -> Iterator[tuple[Finding, bool]]:
    """Yield a day of Self Assessment that corporation tax is said to be due on."""
    found = _OF_TAX_YEAR.search(one.text)
    if found and is_about_corporation_tax(one):
        start = one.start + found.start()
        yield Finding(start, one.start + found.end()), is_denied(one, start)


def _company_row(folded: str, one: Advice) -> Iterator[tuple[Finding, bool]]:
    for day, head, pays, files in company_row(folded, one):
        if _FILE.search(head) or _PAY.search(head):
            due = files if _FILE.search(head) else pays
            yield Finding(day.start, day.end), _is_same(day, due)


def _is_same(day: FoundDate, due: date) -> bool:
    """Whether a day is the one due, whatever its year where it has none."""
    return day.value == due or (
        not day.year_given and (day.value.day, day.value.month) == (due.day, due.month)
    )


def _is_a_year(folded: str, one: Advice, period: Period) -> bool:
    """Whether "a year" names a year, as in "a year ended 31 March", rather than a time limit."""
    if not folded[period.start : period.end].lower().startswith("a"):
        return False
    after = folded[period.end : one.end]
    limits = (
        _PURPOSE.match(after)
        or after.lower().startswith(" after ")
        or folded[: period.start].lower().endswith("within ")
    )
    return not limits


def _months_of(before: str, after: str) -> int | None:
    """Return the months that go with what follows in the clause; a tax with no verb is one that is paid."""
    is_paid = _PAY.search(after) or (not _FILE.search(after) and _TAX.search(before))
    return _MONTHS_TO_PAY if is_paid else _MONTHS_TO_FILE if _FILE.search(after) else None


def _right_months(folded: str, one: Advice, period: Period | FoundDate) -> int | None:
    """Return the months that go with the verb nearest before the period, or nearest after it."""
    before, after = folded[one.start : period.start], folded[period.end : one.end]
    purpose = _PURPOSE.match(after)
    if purpose:
        return _MONTHS_TO_PAY if purpose[1].lower() == "pay" else _MONTHS_TO_FILE
    pay = max((found.end() for found in _PAY.finditer(before)), default=-1)
    file = max((found.end() for found in _FILE.finditer(_EARLIER_THAN.sub("", before))), default=-1)
    due = _IS_DUE.search(before)
    if due and (due["too"] or due.start() > file):
        return _MONTHS_TO_PAY
    if pay == file == -1 and _AND_A_DAY.match(after):
        return _MONTHS_TO_PAY
    if pay == file == -1 and (asked := _ASKED.search(one.subject.removesuffix(one.text)[-_QUESTION:])):
        return _MONTHS_TO_FILE if _FILE.search(asked[0]) else _MONTHS_TO_PAY
    if pay == file == -1:
        return _months_of(before, _CLAUSE.split(after, maxsplit=1)[0])
    return _MONTHS_TO_PAY if pay > file else _MONTHS_TO_FILE
