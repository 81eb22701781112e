"""Checks on notice: that given in a letter or a contract against the statutory minimum for the service."""

from __future__ import annotations

import re
from decimal import Decimal
from operator import attrgetter
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
from validation_engine.fields.periods import find_periods
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from datetime import date

    from validation_engine.documents.model import Document
    from validation_engine.fields.periods import Period

_MOST_WEEKS = 12
_TWO_YEARS = 2
_WEEK = Decimal(7)
_SERVICE = re.compile(
    r"^'?s?'? (?:of )?(?:complete |completed |continuous |full |unbroken |loyal "
    r"|long )*(?:service|employment|with (?:us|the)|here|in (?:post|the job))\b",
    re.IGNORECASE,
)
_SERVED = Quick(
    r"\b(?:employed|worked|been with (?:us|the \w+)|in post|service of|served|"
    r"with us|with the (?:company|firm))(?: \w+){0,4} (?:for|of)? ?(?:over |"
    r"more than |almost |nearly |some )?$|"
    r"\bservice ?(?:[:|,]|is|was|comes to|amounts to|stands at) ?(?:over |more than |almost |nearly )?$",
    re.IGNORECASE,
)
_BEGAN = Quick(
    r"\b(?:start(?:ed)?|joined|came to (?:us|work)|taken on|appointed|commenc\w+|beg[au]n|since|"
    r"employed (?:from|since)|"
    r"continuous (?:employment|service) (?:from|date)|engaged)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_SINCE_YEAR = re.compile(
    r"\b(?:(?:been (?:here|with us|employed|in post|part of)|worked (?:here|for us)|employed)"
    r"[^.;]{0,30} since|"
    r"(?:joined|started|began|came to)\b[^.;]{0,30} in) (?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_NOTICE_AFTER = re.compile(
    r"^'?s?'? (?:statutory |written |contractual |paid )?(?:notice|pay in lieu|"
    r"(?:wages |salary |pay )?in lieu of)\b",
    re.IGNORECASE,
)
_NOTICE_BEFORE = re.compile(
    r"\b(?:notice (?:period )?(?:of|is|will be|runs? for|lasts?|will (?:run for|last)|comes to)|"
    r"notice, (?:which is|being)|in lieu of)(?: \w+){0,3} $|\bnotice(?: period)? ?[:|] ?$|"
    r"\bnotice\b[^.;]{0,30}\b(?:giv(?:e|ing)|given|allow(?:ing)?|have|get) you(?: \w+)? $",
    re.IGNORECASE,
)
_NO_NOTICE = re.compile(
    r"\b(?:no|without(?: any)?) notice\b|\bnot (?:be )?(?:given|entitled to|receive|due|paid) (?:any )"
    r"?notice\b",
    re.IGNORECASE,
)
_IN_LIEU = Quick(
    r"(?<!no payment )(?<!no pay )(?<!without pay )(?<!without payment )\bin lieu\b|"
    r"\bgross misconduct, (?:so|and)",
    re.IGNORECASE,
)
_NOTICE_BY_EMPLOYEE = re.compile(
    r"\b(?:you|employee) (?:\w+ )?(?:must|should|would|were|will need to|are "
    r"required to|shall) (?:\w+ )?(?:give|have given)\b[^.;]{0,40}$",
    re.IGNORECASE,
)


@check("statutory_notice")
def statutory_notice(context: Context) -> CheckResult:
    """The notice is at least a week for each year of service, from two to twelve."""
    if context.document_type == "employment_contract":
        return _contract_notice(context)
    years = _years_of_service(context)
    given = [one for one in context.fields.periods if _is_notice(context.document, one)]
    if years and not given and (none := _no_notice(context.document)) is not None:
        needed = min(years, _MOST_WEEKS)
        return failed(f"{years} years' service need at least {needed} weeks' notice; none is given.", none)
    if years is None or not given:
        return not_applicable("Length of service or notice is not stated.")
    needed = min(int(years), _MOST_WEEKS) if years >= _TWO_YEARS else 1
    longest = max(given, key=attrgetter("days"))
    if longest.days >= needed * _WEEK:
        return passed()
    quote = context.document.text[longest.start : longest.end]
    message = f"{int(years)} years' service need at least {needed} weeks' notice; {quote} is given."
    return failed(message, Finding(longest.start, longest.end))


def _no_notice(document: Document) -> Finding | None:
    """Return where the letter says that no notice is given, nor pay instead of it."""
    if _IN_LIEU.search(document.folded):
        return None
    found = _NO_NOTICE.search(document.folded)
    return Finding(found.start(), found.end()) if found else None


def _is_notice(document: Document, period: Period) -> bool:
    before = document.folded[max(period.start - 80, 0) : period.start]
    after = document.folded[period.end : period.end + 60]
    is_notice = bool(_NOTICE_AFTER.match(after) or _NOTICE_BEFORE.search(before))
    return is_notice and not _NOTICE_BY_EMPLOYEE.search(before)


def _years_of_service(context: Context) -> int | None:
    """Return the complete years of service that the letter states, or that its dates give."""
    folded = context.document.folded
    for period in context.fields.periods:
        if period.unit == "year" and (
            _SERVICE.match(folded[period.end : period.end + 60])
            or _SERVED.search(folded[max(period.start - 70, 0) : period.start])
        ):
            return int(period.number)
    return _years_by_dates(context)


def _years_since(document: Document, until: date) -> int | None:
    """Return the least complete years where only the year of the beginning is told."""
    found = _SINCE_YEAR.search(document.folded)
    return max(until.year - int(found["year"]) - 1, 0) if found else None


def _years_by_dates(context: Context) -> int | None:
    until = context.fields.date.value if context.fields.date else context.as_of
    for one in context.fields.dates:
        index = context.document.sentence_at(one.start)
        text = context.document.folded[context.document.sentences[index].start : one.start]
        if (
            one.value < until
            and _BEGAN.search(text)
            and re.search(
                r"(?i)\b(?:employ\w+|join\w+|work\w*|with us|to us|service|as an?|you have been)\b",
                context.document.sentence_text(index),
            )
        ):
            return _years_between(one.value, until)
    return _years_since(context.document, until)


def _years_between(first: date, last: date) -> int:
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


_EMPLOYER_ENDS = Quick(
    r"\b(?:(?:company|employer|we|either (?:party|side)|us|trust|charity|the "
    r"(?:firm|business)) (?:\w+ )?(?:may|can|will|shall|must|is|gives?|owes?)|by (?:us|the "
    r"(?:company|employer)|either)|employment may be)\b",
    re.IGNORECASE,
)
_WHATEVER = re.compile(
    r"\b(?:however long|regardless of|irrespective of|whatever|no matter how|however many)\b[^.;]{0,40}\b"
    r"(?:serv\w+|years|employ\w+|length|worked)\b",
    re.IGNORECASE,
)
_STATUTE = Quick(
    r"\b(?:statutory|for (?:each|every)|per (?:complete )?year|section 86|whichever "
    r"is (?:the )?(?:greater|longer)|employment rights act|minimum required "
    r"by law)\b",
    re.IGNORECASE,
)


def _contract_notice(context: Context) -> CheckResult:
    document = context.document
    notices = [one for one in context.fields.periods if _is_notice(document, one)]
    if not notices:
        return not_applicable("No notice is stated.")
    short = [one for one in notices if _undercuts(document, one)]
    if not short:
        return passed()
    quote = document.text[short[0].start : short[0].end]
    message = f"Notice of {quote} from the employer falls below the statutory minimum for longer service."
    return failed(message, *(Finding(one.start, one.end) for one in short))


def _goes_on(document: Document, period: Period) -> str:
    """Return the sentence after that of a period, where its paragraph has one."""
    index = document.sentence_at(period.start)
    last = index + 1 == len(document.sentences)
    if last or document.sentences[index + 1].block != document.sentences[index].block:
        return ""
    return f" {document.sentence_text(index + 1)}"


def _undercuts(document: Document, period: Period) -> bool:
    """Whether the employer's notice is fixed whatever the service, or too short for that named."""
    text = document.sentence_text(document.sentence_at(period.start))
    if _STATUTE.search(text) or not _EMPLOYER_ENDS.search(text):
        return False
    if _WHATEVER.search(text + _goes_on(document, period)) and period.days < _MOST_WEEKS * _WEEK:
        return True
    sentence = document.sentences[document.sentence_at(period.start)]
    after = re.compile(r"(?i)\b(?:after|once|from|more than|over|at least)\b[^.;]{0,20}$")
    for service in find_periods(document.folded, sentence.start, sentence.end):
        if (
            service.unit == "year"
            and service.number >= _TWO_YEARS
            and after.search(document.folded[sentence.start : service.start])
        ):
            return period.days < min(int(service.number), _MOST_WEEKS) * _WEEK
    return False
