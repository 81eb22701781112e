"""Checks on notice: that given in a letter or a contract against the statutory minimum for the service."""

from __future__ import annotations

import re
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING

from validation_engine.checks.layout import first_rows
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.fields.periods import Period, find_periods
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from validation_engine.documents.model import Document

_MOST_WEEKS = 12
_TWO_YEARS = 2
_PAIR = 2
_WEEK = Decimal(7)
_SERVICE = re.compile(
    r"^'?s?'? (?:of )?(?:complete |completed |continuous |full |unbroken |loyal "
    r"|long )*(?:service|employment|with (?:us|the)|here|in (?:post|the job))\b",
    re.IGNORECASE,
)
_SERVED = Quick(
    r"\b(?:employed|worked|been (?:here|with (?:us|the \w+))|in post|service of|served|"
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
    r"\b(?:(?:been (?:here|with (?:us|the \w+)|employed|in post|part of)|worked (?:here|for us)|employed)"
    r"[^.;]{0,30} since|"
    r"(?:joined|started|began|came to)\b[^.;]{0,30} in) (?:[a-z]+ )?(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_NOTICE_AFTER = re.compile(
    r"^'?s?'? (?:statutory |written |contractual |paid )?(?:notice|pay in lieu|"
    r"(?:wages |salary |pay )?in lieu of|(?:pay|wages|salary) instead of notice)\b",
    re.IGNORECASE,
)
_NOTICE_BEFORE = re.compile(
    r"\b(?:notice (?:period )?(?:(?:to you|from us) )?(?:of|is|will be|runs? for|lasts?|will (?:run for|"
    r"last)|"
    r"comes to)|"
    r"notice, (?:which is|being)|in lieu of)(?: \w+){0,3} $|\bnotice(?: (?:period|given|due|pay))? ?(?:[:|"
    r"]|\t| {2,}) ?$|"
    r"\bnotice\b[^.;]{0,30}\b(?:giv(?:e|ing)|given|allow(?:ing)?|have|get) you(?: \w+)? $",
    re.IGNORECASE,
)
_NO_NOTICE = re.compile(
    r"\b(?:no|without(?: any)?) notice\b|\bnot (?:be )?(?:given|entitled to|receive|due|paid) (?:any )"
    r"?notice\b",
    re.IGNORECASE,
)
_IN_LIEU = Quick(
    r"(?<!no payment )(?<!no pay )(?<!without pay )(?<!without payment )\bin lieu\b", re.IGNORECASE
)
_GROSS = Quick(r"\bgross(?:ly negligent| misconduct| negligence)\b", re.IGNORECASE)
_NOT_GROSS = Quick(
    r"\b(?:not|never|no|nor|short of|less than|other than|reserves?|if|unless|"
    r"whether|could|might|would)\b|n't\b",
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
    given += _labelled_notice(context.document)
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
    if _IN_LIEU.search(document.folded) or _is_gross(document):
        return None
    found = _NO_NOTICE.search(document.folded)
    return Finding(found.start(), found.end()) if found else None


def _is_gross(document: Document) -> bool:
    """Whether the letter finds gross misconduct, for which no notice is due."""
    for found in _GROSS.finditer(document.folded):
        sentence = document.sentences[document.sentence_at(found.start())]
        if not _NOT_GROSS.search(document.folded, sentence.start, found.start()):
            return True
    return False


def _is_notice(document: Document, period: Period) -> bool:
    before = document.folded[max(period.start - 80, 0) : period.start]
    index = document.sentence_at(period.start)
    after = document.folded[period.end : min(period.end + 60, document.sentences[index].end)]
    is_notice = bool(
        _NOTICE_AFTER.match(after) or _NOTICE_BEFORE.search(before) or _is_given(document, index, period)
    )
    return is_notice and not _NOTICE_BY_EMPLOYEE.search(before)


_GIVEN = re.compile(
    r"\b(?:giv(?:e|es|ing)|given|allow(?:ing)?|have|get|getting|due|entitled to|comes? to|means|be|is|makes?|"
    r"that's|it's|you|receive)(?: you)?(?: (?:\w+ )?(?:a|full|only|just|the|of|exactly|at least))? $",
    re.IGNORECASE,
)
_ON_NOTICE = re.compile(r"\bnotice\b|\bin lieu\b", re.IGNORECASE)
_NOT_GIVEN = re.compile(
    r"^'?s?'? (?:of )?(?:[\w-]+ )?(?:service|holiday|leave|pay|employment|later|ago|to|in "
    r"which|warning|after|before)\b|\?",
    re.IGNORECASE,
)


def _is_given(document: Document, index: int, period: Period) -> bool:
    """Whether a number of weeks is what a sentence gives, where it or the one before it speaks of notice."""
    sentence = document.sentences[index]
    if period.unit not in ("week", "month") or index == 0:
        return False
    previous = document.sentences[index - 1]
    start = previous.start if previous.block == sentence.block else sentence.start
    return bool(
        _GIVEN.search(document.folded[sentence.start : period.start])
        and _ON_NOTICE.search(document.folded[start : period.start])
        and not _NOT_GIVEN.match(document.folded[period.end : sentence.end])
    )


_YEARS_LABEL = re.compile(
    r"\byears(?:'| of)? (?:complete |continuous )?(?:service|employment)\b(?: completed)?\W{1,4}(\d{1,2})\b",
    re.IGNORECASE,
)


_NOTICE_LABEL = re.compile(
    r"\b(?:weeks(?:'| of) notice|notice \(?(?:in )?weeks\)?)(?: \w+)?\W{1,4}(\d{1,2})\b", re.IGNORECASE
)


def _labelled_notice(document: Document) -> Iterator[Period]:
    """Yield the notice of a row whose label names the unit: "Weeks of notice | 4"."""
    for found in _NOTICE_LABEL.finditer(document.folded):
        yield Period(Decimal(found[1]), "week", *found.span(1))


def _years_of_service(context: Context) -> int | None:
    """Return the complete years of service that the letter states, or that its dates give."""
    folded = context.document.folded
    for period in context.fields.periods:
        if period.unit == "year" and (
            _SERVICE.match(folded[period.end : period.end + 60])
            or _SERVED.search(folded[max(period.start - 70, 0) : period.start])
        ):
            return int(period.number)
    labelled = _YEARS_LABEL.search(folded)
    return int(labelled[1]) if labelled else _years_by_dates(context)


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
            and _IS_SERVICE.search(context.document.sentence_text(index))
        ):
            return _years_between(one.value, until)
    return _years_since(context.document, until)


_IS_SERVICE = re.compile(
    r"\b(?:employ\w+|join\w+|work\w*|with us|to us|service|as an?|you have been)\b|"
    r"^\W*(?:your )?(?:start(?:ing)? date|date (?:started|of (?:start|joining|commencement))|started|"
    r"start of (?:employment|service))\b",
    re.IGNORECASE,
)


def _years_between(first: date, last: date) -> int:
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


_EMPLOYER_ENDS = Quick(
    r"\b(?:our notice|notice from (?:us|the (?:company|employer))|"
    r"(?:company|employer|we|either (?:party|side)|us|trust|charity|the "
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
    rows = list(_short_rows(document))
    if not notices and not rows:
        return not_applicable("No notice is stated.")
    short = [one for one in notices if _undercuts(document, one)] or rows
    if not short:
        return passed()
    quote = document.text[short[0].start : short[0].end]
    message = f"Notice of {quote} from the employer falls below the statutory minimum for longer service."
    return failed(message, *(Finding(one.start, one.end) for one in short))


_NOTICE_HEAD = re.compile(r"\bnotice\b", re.IGNORECASE)
_THEIRS = re.compile(
    r"\b(?:from you|you (?:must )?give|your notice|from the employee|to us)\b", re.IGNORECASE
)
_THAT_MANY = re.compile(r"^(?:\+|s?,? (?:or|and) (?:more|over|above)|s? (?:plus|onwards))", re.IGNORECASE)


def _short_rows(document: Document) -> Iterator[Period]:
    """Yield the notice that is too short in rows such as "5 years or more | 3 weeks"."""
    rows = first_rows(document)
    for sentence in document.sentences:
        first = rows[sentence.block]
        if first in (-1, sentence.block):
            continue
        head = document.folded[document.blocks[first].start : document.blocks[first].end]
        if not _NOTICE_HEAD.search(head) or _THEIRS.search(head):
            continue
        found = find_periods(document.folded, sentence.start, sentence.end)
        if len(found) == _PAIR and _falls_short(document.folded, *found):
            yield found[1]


def _falls_short(folded: str, service: Period, notice: Period) -> bool:
    if service.unit != "year" or service.number < _TWO_YEARS or not _THAT_MANY.match(folded[service.end :]):
        return False
    return notice.days < min(int(service.number), _MOST_WEEKS) * _WEEK


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
