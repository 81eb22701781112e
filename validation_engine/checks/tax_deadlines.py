"""Dates and time limits that tax guidance states."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.corporation_tax import is_about_corporation_tax
from validation_engine.checks.guidance import Statement, statements
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.checks.tax_due_days import (
    company_days,
    company_row,
    is_denied,
    is_for_us,
    vat_days,
    year_end,
)
from validation_engine.fields.dates import FoundDate, find_dates
from validation_engine.fields.periods import Period, find_periods
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

_SELF_ASSESSMENT = Quick(
    r"\b(?:self[- ]assessment|returns? for 20\d\d|file on the web|"
    r"fil(?:e|ed|ing) (?:\w+ ){0,3}online|personal tax return|tax returns?|"
    r"online returns?|paper returns?|"
    r"balancing payment|payments? on account)\b",
    re.IGNORECASE,
)
_OTHER_TAX = Quick(
    r"\b(?:vat|quarters?|corporation tax|company (?:tax )?returns?|companies house|p11d|p60|p45|paye|"
    r"payroll|cis|quarterly|making tax digital|"
    r"mtd|budget|capital gains|"
    r"property disposal|confirmation statement|penalt\w*|fines?|late|surcharge|interest|inheritance|"
    r"tax credits?|register\w*|"
    r"published|updated|dated|office|closed|appointment|records? by|send us|tell us|let us|to us|"
    r"your papers)\b",
    re.IGNORECASE,
)
# Words that speak of Self Assessment only where nothing names another tax, here or in what leads here.
_RETURN_ALONE = Quick(
    r"\b(?:(?:your|a|the|their|\d\d) (?:paper |online )?returns?(?! (?:of|to|from|journey|visit)\b)|"
    r"(?:online|paper) deadline|sole traders?|self[- ]employed)\b",
    re.IGNORECASE,
)
_DO_IT = re.compile(r"\b(?:do|file|send|submit) it (?:online|on paper)\b", re.IGNORECASE)
_NAMES_OTHER = Quick(r"\b(?:vat|corporation|compan(?:y|ies)|paye|payroll|cis|trust|estate)\b", re.IGNORECASE)
_FILING = Quick(
    r"\b(?:fil(?:e|ed|ing)|submit\w*|send|sent|returns?|pay(?:s|ment|ments|able)?|paid|due|deadlines?|"
    r"balance|owe|by|before)\b",
    re.IGNORECASE,
)
_ALLOWED = {(31, 1), (31, 10), (31, 7), (5, 10), (30, 12), (5, 4), (6, 4)}
_END_OF_MONTH = re.compile(
    r"\b(?:by|until|till|before) the (?:last day|end) of (january|february|march|april|may|june|july|"
    r"august|september|"
    r"october|november|december)\b",
    re.IGNORECASE,
)
_YEAR_ENDS = ((5, 4), (6, 4))
_BY = re.compile(
    r"\b(?:by|before|until|till|no later than|due(?: on)?|deadline(?: is)?)(?: the)? $", re.IGNORECASE
)
_PAPER, _ONLINE = (
    re.compile(r"\b(?:on )?paper\b", re.IGNORECASE),
    re.compile(r"\b(?:online|on the web|electronic\w*|balance|balancing)\b", re.IGNORECASE),
)
_SPLIT = re.compile(r"[;,.(]| and | but | while | whereas ")
_DENIED_BEFORE = re.compile(r"\b(?:not|never|no|nor|rather than|instead of)\b[^,.;]{0,24}$", re.IGNORECASE)
_DENIED_AFTER = re.compile(
    r"[^,.;]{0,40}\b(?:nowhere|is not|isn't|is wrong|is too late|was never|is no|does not|never)\b",
    re.IGNORECASE,
)
_OCTOBER, _JANUARY = (31, 10), (31, 1)

_PAY, _FILE = (
    re.compile(r"\b(?:pa(?:y|ys|id|yment|yable|ying)|bill|liability)\b", re.IGNORECASE),
    re.compile(r"\b(?:fil\w+|returns?|submit\w*|ct600)\b", re.IGNORECASE),
)
_NOT_CORPORATION = Quick(
    r"\b(?:companies house|instal\w*|large compan\w*|accounts|amend\w*|enquir\w*|keep|records?|loss\w*|"
    r"claims?|carry|register|"
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
_COMPARED = re.compile(r"\b(?:against|compared (?:with|to)|as opposed to|unlike)(?: the)? $", re.IGNORECASE)
_PURPOSE = re.compile(r"[^,;.]{0,60}?\bto (pay|file|submit|send)\b", re.IGNORECASE)
_LATER = re.compile(r" (?:later|more|further|extra|after that|earlier|longer)\b", re.IGNORECASE)
_MONTHS_TO_PAY, _MONTHS_TO_FILE = 9, 12

_VAT_RETURN = re.compile(
    r"\bvat returns?\b|\bvat (?:payment|bill|figures)\b|"
    r"\bvat\b[^\n]{0,400}\b(?:returns?|pay|paid|due|filed)\b",
    re.IGNORECASE,
)
_OURS = Quick(
    r"\b(?:direct debit|collect\w*|send us|let us|to us|we need|we file|our office|draft|figures to me|"
    r"bookkeep\w*|post)\b",
    re.IGNORECASE,
)
_NOT_RETURN = Quick(
    r"\b(?:annual accounting|regist\w*|keep|records?|correct\w*|adjust\w*|errors?|penalt\w*|late|"
    r"refund\w*|reclaim\w*|"
    r"payments on account|bad debt|corporation|option to tax|partial exemption)\b",
    re.IGNORECASE,
)
_AFTER_PERIOD = re.compile(
    r"^[^.;]{0,24}\b(?:after|from|of|following|past)\b[^.;]{0,40}\b(?:end|ends|period|quarter|month|year|"
    r"it)\b",
    re.IGNORECASE,
)
_REST_OF_SEVEN_DAYS = re.compile(r"^,? (?:and|plus|\+|&) (?:7|seven|a week|one week)\b", re.IGNORECASE)
_LENGTH = Quick(
    r"\b(?:every|each|the|per|last|any|rolling|a)(?: (?!full|whole|maximum|generous|clear)[a-z]+)? $|^-",
    re.IGNORECASE,
)


_RETURN = Cue("assessment|return|the web|online|paper|balancing|on account|sole trader|self-employed")
_COMPANY_TAX = Cue("corporation tax|compan|ct600")
_VAT = Cue("vat")


@check("self_assessment_dates")
def self_assessment_dates(context: Context) -> CheckResult:
    """Dates for Self Assessment are those of the statute, and belong to their way of filing."""
    return _checked(context, _RETURN, _self_assessment, "No date for Self Assessment is stated.")


def _self_assessment(context: Context, one: Statement) -> Iterator[tuple[Finding, bool]]:
    if not _is_self_assessment(one) or _OTHER_TAX.search(one.text) or not _FILING.search(one.text):
        return
    for end in _END_OF_MONTH.finditer(one.text):
        if not is_denied(one, one.start + end.start()) and not is_for_us(one, one.start + end.start()):
            is_right = end[1].lower() in ("january", "october", "july")
            yield Finding(one.start + end.start(), one.start + end.end()), is_right
    own = context.fields.date
    for found in find_dates(context.document.folded, one.start, one.end, year=2026):
        is_its_own = own is not None and found.start == own.start
        if not (is_its_own or _is_denied(one, found) or is_for_us(one, found.start)):
            yield Finding(found.start, found.end), _is_allowed(context, one, found)


def _is_self_assessment(one: Statement) -> bool:
    """Whether the sentence is about Self Assessment: named, or a return where no other tax is named."""
    if _SELF_ASSESSMENT.search(one.subject):
        return True
    is_return = _RETURN_ALONE.search(one.text) or (
        _DO_IT.search(one.text) and "return" in one.subject.lower()
    )
    return bool(is_return) and not _NAMES_OTHER.search(one.subject)


def _is_denied(one: Statement, found: FoundDate) -> bool:
    """Whether the sentence denies the date: "not 28 February", "28 February appears nowhere"."""
    before, after = one.text[: found.start - one.start], one.text[found.end - one.start :]
    return bool(_DENIED_BEFORE.search(before) or _DENIED_AFTER.match(after))


def _is_allowed(context: Context, one: Statement, found: FoundDate) -> bool:
    day = (found.value.day, found.value.month)
    text = context.document.folded
    if day not in _ALLOWED or (day in _YEAR_ENDS and _BY.search(text, one.start, found.start)):
        return False
    begin = max((cut.end() for cut in _SPLIT.finditer(text, one.start, found.start)), default=one.start)
    end = next((cut.start() for cut in _SPLIT.finditer(text, found.end, one.end)), one.end)
    clause = text[begin:end]
    on_paper, online = _PAPER.search(clause), _ONLINE.search(clause)
    if on_paper and not online:
        return day != _JANUARY
    return not (online and not on_paper and day == _OCTOBER)


@check("corporation_tax_times")
def corporation_tax_times(context: Context) -> CheckResult:
    """Corporation tax is paid nine months and a day after the period, and the return filed in twelve."""
    return _checked(context, _COMPANY_TAX, _corporation, "No time limit of corporation tax is stated.")


def _corporation(context: Context, one: Statement) -> Iterator[tuple[Finding, bool]]:
    folded = context.document.folded
    if one.columns and is_about_corporation_tax(one):
        yield from _company_row(folded, one)
    end, periods = year_end(folded, one), find_periods(folded, one.start, one.end)
    if not (end or periods) or not is_about_corporation_tax(one) or _NOT_CORPORATION.search(one.text):
        return
    for day, pays, files in company_days(folded, one, end) if end else ():
        right = _right_months(folded, one, day)
        if right is not None:
            yield Finding(day.start, day.end), _is_same(day, pays if right == _MONTHS_TO_PAY else files)
    for period in periods:
        is_later = _LATER.match(folded, period.end)
        if (
            period.unit in ("month", "year")
            and not is_later
            and not _COMPARED.search(folded, one.start, period.start)
            and not is_denied(one, period.start)
            and not _LENGTH.search(folded[one.start : period.start][-16:])
        ):
            if _is_a_year(folded, one, period):
                continue
            right = _right_months(folded, one, period)
            months = period.number * (12 if period.unit == "year" else 1)
            if right is not None:
                yield Finding(period.start, period.end), months == right


def _company_row(folded: str, one: Statement) -> Iterator[tuple[Finding, bool]]:
    for day, head, pays, files in company_row(folded, one):
        if _FILE.search(head) or _PAY.search(head):
            due = files if _FILE.search(head) else pays
            yield Finding(day.start, day.end), _is_same(day, due)


def _is_same(day: FoundDate, due: date) -> bool:
    """Whether a day is the one due, whatever its year where it has none."""
    return day.value == due or (
        not day.year_given and (day.value.day, day.value.month) == (due.day, due.month)
    )


def _is_a_year(folded: str, one: Statement, period: Period) -> bool:
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


def _right_months(folded: str, one: Statement, period: Period | FoundDate) -> int | None:
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
    if pay == file == -1 and (asked := _ASKED.search(one.subject.removesuffix(one.text)[-_QUESTION:])):
        return _MONTHS_TO_FILE if _FILE.search(asked[0]) else _MONTHS_TO_PAY
    if pay == file == -1:
        return _MONTHS_TO_PAY if _PAY.search(after) else _MONTHS_TO_FILE if _FILE.search(after) else None
    return _MONTHS_TO_PAY if pay > file else _MONTHS_TO_FILE


@check("vat_return_time")
def vat_return_time(context: Context) -> CheckResult:
    """The VAT return and payment are due one month and seven days after the period."""
    return _checked(context, _VAT, _vat_return, "No time limit of the VAT return is stated.")


def _vat_return(context: Context, one: Statement) -> Iterator[tuple[Finding, bool]]:
    if (
        not _VAT_RETURN.search(one.subject)
        or _NOT_RETURN.search(one.text)
        or "annual accounting" in one.subject.lower()
    ):
        return
    folded = context.document.folded
    if not _OURS.search(one.text):
        yield from vat_days(folded, one)
    periods = [
        one_
        for one_ in find_periods(folded, one.start, one.end)
        if one_.unit in ("day", "week", "month", "working_day")
    ]
    for period in periods:
        after = folded[period.end : one.end]
        if _LENGTH.search(folded[one.start : period.start][-16:]) or not _AFTER_PERIOD.match(after):
            continue
        if is_denied(one, period.start) or is_for_us(one, period.start):
            continue
        joined = re.search(r"\b(?:and|plus|\+|&) $", folded[one.start : period.start])
        is_week = (period.unit, int(period.number)) in (("day", 7), ("week", 1))
        right = is_week and bool(joined)  # one month and seven days
        yield (
            Finding(period.start, period.end),
            right
            or (period.unit == "month" and period.number == 1 and bool(_REST_OF_SEVEN_DAYS.match(after))),
        )


def _checked(
    context: Context,
    subject: Cue,
    judge: Callable[[Context, Statement], Iterator[tuple[Finding, bool]]],
    nothing: str,
) -> CheckResult:
    judged = [answer for one in statements(context, subject) for answer in judge(context, one)]
    if not judged:
        return not_applicable(nothing)
    wrong = [finding for finding, right in judged if not right]
    return failed(None, *wrong) if wrong else passed()
