"""Checks on time limits of employment letters: to appeal, and to go to a tribunal."""

from __future__ import annotations

import re
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
from validation_engine.lazy import per_document
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from validation_engine.documents.model import Document
    from validation_engine.fields.dates import FoundDate
    from validation_engine.fields.periods import Period

_APPEAL = re.compile(
    r"\bappeal(?:s|ing)?\b|\b(?:challenge|contest|dispute|question) (?:this|the|my|our) (?:\w+ )?"
    r"(?:decision|outcome|warning|dismissal|sanction)\b",
    re.IGNORECASE,
)
_APPEAL_CUE = Cue("appeal|challenge|contest|dispute|question")
_SAME_MATTER = Quick(
    r"\b(?:do (?:so|this|it)|see (?:mr|mrs|ms|miss|dr)|(?:this|it|they|letter|grounds|reasons|request|"
    r"notice) (?:must|should|has to|needs to|is to)|in writing|writ(?:e|ing)|"
    r"reach|receive[sd]?|submit\w*|lodge\w*|send|sent|deadline)\b",
    re.IGNORECASE,
)
_BEFORE_LIMIT = Quick(
    r"\b(?:within|inside|in|no later than|not later than|not more than|no more "
    r"than|have|has|allowed|limit (?:is|of)|period (?:is|of)|"
    r"given|gets?|deadline (?:is|of)|(?:window|time|deadline|limit)(?: \w+){1,4} is|"
    r"(?:received|sent|lodged|made|arriv\w+|late)[^.;]{0,20}(?:more|later) than|only)"
    r"(?: (?:the next|a (?:maximum|period|further|limit) of|just|only|the following|next|following))? $",
    re.IGNORECASE,
)
# Said of what the employer does with an appeal, or of a warning's life, not of the time to make one.
_NOT_LIMIT = Quick(
    r"\b(?:(?:we|i|manager|director|hr|panel|chair|she|he|hearing|meeting|outcome|"
    r"decision) (?:\w+ )?(?:will|aims? to|shall|should|would)|"
    r"heard|hear|acknowledge\w*|arrang\w+|respond\w*|repl(?:y|ies)|notif(?:y|"
    r"ied)|notice of|expires?|live|after|held|take place|investigat\w+)"
    r"\b[^.;]{0,70}$",
    re.IGNORECASE,
)
_EMPLOYEES_PART = re.compile(
    r"\b(?:you|employees?|appeals?|it|which|this|letter) (?:must|should|may|"
    r"can|will need to|need to|has to|have to|wish)\b[^.;]{0,90}$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\W*(?:time (?:for|to) |right of )?appeals?(?: \w+){0,2} ?[:|][^.;]{0,30}$", re.IGNORECASE
)
_BY = re.compile(
    r"\b(?:by|before|no later than|until|not later than|(?:last|final) (?:day|date)[^.;]{0,40} is)"
    r"(?: (?:noon|midday|\w+ ?[ap]m|\d+[:.]\d+|close of business|the end of|5 ?pm) ?(?:on )?)?(?: on)? "
    r"$",
    re.IGNORECASE,
)
_SOON = re.compile(
    r"\b(?:until|by|before|no later than)(?: [\w.:]+){0,4} (?:tomorrow|tonight|today|this (?:evening|"
    r"afternoon))\b",
    re.IGNORECASE,
)
_DAYS_OF = {
    "hour": 1 / 24,
    "day": 1.0,
    "working_day": 1.4,
    "week": 7.0,
    "month": 30.0,
    "quarter": 90.0,
    "year": 365.0,
}


@check("appeal_window")
def appeal_window(context: Context) -> CheckResult:
    """At least `days` calendar days are given to appeal, as a period or until a date."""
    least = int(context.params["days"])
    limits = [
        (one.start, one.end, float(one.number) * _DAYS_OF[one.unit])
        for one in _appeal_periods(context.document)
    ]
    limits += [(one.start(), one.end(), 1.0) for one in _soon(context.document)]
    written = context.fields.date
    if written is not None:
        limits += [
            (one.start, one.end, (one.value - written.value).days)
            for one in _appeal_dates(context.document, context.fields.dates)
            if one.value >= written.value
        ]
    if not limits:
        return not_applicable("No time limit for an appeal is stated.")
    short = [one for one in limits if one[2] < least]
    if not short:
        return passed()
    quote = context.document.text[short[0][0] : short[0][1]]
    message = (
        f"The time to appeal ({quote}) is under {least} days (our threshold; Acas "
        f"suggests five working days)."
    )
    return failed(message, *(Finding(start, end) for start, end, _ in short))


@per_document
def _appeal_sentences(document: Document) -> list[int]:
    """Return the sentences about making an appeal, with those right after them that go on about it."""
    found: list[int] = []
    for index in _APPEAL_CUE.sentences(document):
        if (found and index <= found[-1]) or not _APPEAL.search(document.sentence_text(index)):
            continue
        found.append(index)
        for following in range(index + 1, len(document.sentences)):
            text = document.sentence_text(following)
            if not _APPEAL.search(text) and not _SAME_MATTER.search(text):
                break
            found.append(following)
    return found


def _soon(document: Document) -> Iterator[re.Match[str]]:
    for index in _appeal_sentences(document):
        sentence = document.sentences[index]
        found = _SOON.search(document.folded, sentence.start, sentence.end)
        if found and _is_employees(document.folded[sentence.start : found.start()]):
            yield found


def _appeal_periods(document: Document) -> Iterator[Period]:
    for index in _appeal_sentences(document):
        sentence = document.sentences[index]
        for period in find_periods(document.folded, sentence.start, sentence.end):
            before = document.folded[sentence.start : period.start]
            if (_BEFORE_LIMIT.search(before) or _LABEL.match(before)) and _is_employees(before):
                yield period


def _is_employees(before: str) -> bool:
    return not _NOT_LIMIT.search(before) or bool(
        _EMPLOYEES_PART.search(before) and not re.search(r"\bheard\b", before)
    )


def _appeal_dates(document: Document, dates: list[FoundDate]) -> Iterator[FoundDate]:
    about = set(_appeal_sentences(document))
    for one in dates:
        index = document.sentence_at(one.start)
        before = document.folded[document.sentences[index].start : one.start]
        if index in about and _BY.search(before) and _is_employees(before):
            yield one


_TRIBUNAL = re.compile(r"\btribunals?\b", re.IGNORECASE)
_CLAIM = re.compile(r"\b(?:claims?|do so|bring|lodge|tribunal|proceedings|complaint)\b", re.IGNORECASE)
_OTHER_PERIOD = Quick(
    r"\b(?:service|employed|employment for|conciliat\w*|acas|qualif\w+|appeal\w*|salary|pay|"
    r"retain\w*|keep|kept)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_LONGER_BY_LAW = re.compile(r"\b(?:redundancy pay\w*|equal pay)\b[^;]*$", re.IGNORECASE)
_CLAIM_WITHIN = Quick(
    r"\b(?:tribunals?|claims?|brought|made|lodged|presented|submitted|started)\b[^.;]{0,25}\bwithin $",
    re.IGNORECASE,
)
_OTHER_AFTER = re.compile(
    r"^'? ?(?:of )?(?:continuous )?(?:service|employment|pay|salary|conciliation)\b", re.IGNORECASE
)


@check("tribunal_time_limit")
def tribunal_time_limit(context: Context) -> CheckResult:
    """A limit for a tribunal claim is three months, or six from the day of `six_months_from`."""
    limits = list(_tribunal_limits(context.document))
    if not limits:
        return not_applicable("No time limit for a tribunal claim is stated.")
    wrong = [one for one in limits if not _is_right(one, context.as_of, context.params["six_months_from"])]
    if not wrong:
        return passed()
    quote = context.document.text[wrong[0].start : wrong[0].end]
    message = (
        f"The limit for a tribunal claim is not {quote} but three months less a "
        f"day, early conciliation first."
    )
    if str(context.as_of) >= str(context.params["six_months_from"]):
        message = f"The limit for a tribunal claim is not {quote}."
    return failed(message, *(Finding(one.start, one.end) for one in wrong))


def _tribunal_limits(document: Document) -> Iterator[Period]:
    for index, sentence in enumerate(document.sentences):
        text = document.sentence_text(index)
        before = (
            document.sentence_text(index - 1)
            if index and document.sentences[index - 1].block == sentence.block
            else ""
        )
        if not _TRIBUNAL.search(text) and not (_TRIBUNAL.search(before) and _CLAIM.search(text)):
            continue
        for period in find_periods(document.folded, sentence.start, sentence.end):
            lead = document.folded[sentence.start : period.start]
            rest = document.folded[period.end : sentence.end]
            if _is_tribunal_limit(lead, rest):
                yield period


def _is_tribunal_limit(lead: str, rest: str) -> bool:
    if _OTHER_AFTER.match(rest) or _LONGER_BY_LAW.search(lead):
        return False
    if _CLAIM_WITHIN.search(lead):
        return True
    if _OTHER_PERIOD.search(lead):
        return False
    return bool(
        re.search(
            r"(?i)\b(?:within|inside|have|has|limit|deadline|up to|(?:no|not) later than|period|before|after|"
            r"usually|normally|is|in|the end of)\b[^.;]{0,30}$",
            lead,
        )
    )


def _is_right(period: Period, as_of: date, six_months_from: object) -> bool:
    if period.unit == "month" and period.number == 3:  # noqa: PLR2004 - the statutory months
        return True
    if period.unit == "day" and period.number == 1:
        return True  # of "three months less 1 day"
    return period.unit == "month" and period.number == 6 and str(as_of) >= str(six_months_from)  # noqa: PLR2004 - the same
