"""Checks on the time that employment letters give to appeal."""

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
from validation_engine.fields.dates import WEEKDAYS
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
    r"\bappeal(?:s|ing)?\b|\b(?:challenge|contest|dispute) (?:this|it)\b|\b(?:challenge|contest|dispute|"
    r"question|disagree with|(?:unhappy|not happy|"
    r"dissatisfied|"
    r"not satisfied) with|(?:do not|don't) (?:accept|agree with)|take issue with|object to) (?:this|the|my|"
    r"our|that) "
    r"(?:\w+ )?(?:decision|outcome|warning|dismissal|sanction|finding|result|penalty)\b|"
    r"\b(?:decision|outcome|warning|dismissal|case|matter) (?:to be )?(?:reconsidered|reviewed|reheard|"
    r"(?:looked at|heard|considered) (?:again|afresh))\b",
    re.IGNORECASE,
)
_APPEAL_CUE = Cue(
    "appeal|challenge|contest|dispute|question|disagree|happy|satisf|accept|agree|issue|object|"
    "reconsidered|reviewed|reheard|again|afresh"
)
_SAME_MATTER = Quick(
    r"\b(?:do (?:so|this|it)|put (?:it|that|them)|see (?:mr|mrs|ms|miss|dr)|"
    r"(?:this|it|they|letter|grounds|reasons|request|notice) (?:must|should|has to|needs to|is to)|"
    r"needs? (?:it|them|your)|get (?:it|them|that|your \w+) (?:to|in)|"
    r"time limit|(?:my|your|his|her|the) (?:letter|e-?mail|grounds|reasons|notice|"
    r"request)|in writing|writ(?:e|ing)|"
    r"reach|receive[sd]?|submit\w*|lodge\w*|send|sent|deadline|closing date|cut-off)\b",
    re.IGNORECASE,
)
_BEFORE_LIMIT = Quick(
    r"\b(?:within|inside|in|no later than|not later than|not more than|no more "
    r"than|have|has|allowed|limit (?:is|of)|period (?:is|of)|"
    r"given|gets?|deadline (?:is|of)|(?:window|time|deadline|limit)(?: \w+){1,4} is|"
    r"(?:received|sent|lodged|made|arriv\w+|late)[^.;]{0,20}(?:more|later) than|only|"
    r"(?:received|sent|lodged|made|submitted|arriv\w+)(?: \w+)? after|reach(?:es)? (?:us|me|hr|him|her))"
    r"(?: (?:the next|a (?:maximum|period|further|limit) of|just|only|the following|next|following))? $",
    re.IGNORECASE,
)
# Said of what the employer does with an appeal, or of a warning's life, not of the time to make one.
_NOT_LIMIT = Quick(
    r"\b(?:(?:we|i|she|he|they)'(?:ll|d)|(?:we|i|manager|director|hr|panel|chair|she|he|hearing|meeting|outcome|"
    r"decision) (?:\w+ )?(?:will|aims? to|shall|should|would)|"
    r"(?:hearing|outcome|result|date|receipt) (?:of|for|on) (?:\w+ ){0,3}appeals?|confirmed|determined?|"
    r"appeal (?:hearing|outcome|decision|result|reply)(?=(?: \w+)? ?[:|])|"
    r"heard|hear|acknowledge\w*|arrang\w+|respond\w*|repl(?:y|ies)|notif(?:y|"
    r"ied)|notice of|expires?|live|after|held|take place|investigat\w+)"
    r"\b[^.;]{0,70}$",
    re.IGNORECASE,
)
# What another handbook gave, or what once was.
_BYGONE = re.compile(
    r"\b(?:(?:old|former|previous|earlier) (?:\w+ )?(?:handbook|policy|procedure|rules?|contract|limit|"
    r"letter)|used to|no longer|formerly)\b",
    re.IGNORECASE,
)
_EMPLOYEES_PART = re.compile(
    r"\b(?:(?:you|employees?|appeals?|it|which|this|letter) (?:must|should|may|"
    r"can|will need to|need to|has to|have to|wish)|(?<!let )(?:you|employees?) (?:\w+ )?(?:have|has|gets?)|"
    r"(?:it|this|letter|appeals?|grounds|notice|reasons|request|which|that) (?:is |are |has been |"
    r"have been )?"
    r"(?:reach(?:es|ed)?|arriv\w+|received|made|lodged|submitted|sent|comes?))\b[^.;]{0,90}$",
    re.IGNORECASE,
)
# Of a right or a time that runs out after so long.
_RUNS_OUT = re.compile(
    r"\b(?:right|window|period|opportunity|chance|deadline|limit|time)\b[^.;]{0,60}"
    r"\b(?:laps\w+|expir\w+|ends?|clos\w+|runs? (?:out|for)|lost|ceases?)(?: (?:after|in|within|"
    r"at the end of))? $",
    re.IGNORECASE,
)
_LIMIT_AFTER = re.compile(
    r"^'?s?'?[ -](?:(?:time )?(?:limit|window|period|deadline|cut-off)|to (?:appeal|lodge|submit|put|make|"
    r"send|write|say|"
    r"challenge|contest|decide whether|ask|do so)|(?:are|is|will be) (?:allowed|given|the (?:limit|time|"
    r"maximum))|"
    r"in which to|for (?:any |an |the |your )?appeals?)\b",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\b(?:we|i|us|me|panel|manager|director|hr)\b(?: \w+){0,2} $|"
    r"\b(?:we|i|she|he|they)'(?:ll|d)(?: \w+){0,4} $",
    re.IGNORECASE,
)
_HOW_LONG = re.compile(r"\b(?:how long|by when|when (?:do|must|should)|time)\b.*\?\W*$", re.IGNORECASE)
_LABEL = re.compile(
    r"^\W*(?!(?:\w+ )*(?:hearing|outcome|decision|result|reply|response|notes?|acknowledg\w+)\b)"
    r"(?:[\w-]+ ){0,5}appeals?(?: \w+){0,3} ?[:|][^.;]{0,30}$",
    re.IGNORECASE,
)
_AT = (
    r"(?: (?:at |by )?(?:noon|midday|\w+ ?[ap]m|\d+[:.]\d+(?: ?[ap]m)?|"
    r"(?:the )?close(?: of (?:business|play))?|the end of|5 ?pm))?"
)
_BY = re.compile(
    r"\b(?:(?:by|before|(?:no|not) later than|until|up to(?: and including)?|(?:last|final) (?:day|"
    r"date)[^.;]{0,40} is|"
    r"(?:received|lodged|made|sent|submitted|arriv\w+|reach\w+)(?: \w+)? (?:after|later than))"
    rf"{_AT}(?: on)?(?: (?:the|this|this coming))?|"
    r"(?:deadline|(?:closing|last|final) (?:date|day)|cut-off|time limit|window|period|right)\b[^.;]{0,60}"
    rf"(?:\b(?:is|of|ends|expires|closes|lapses|will be){_AT}(?: on)?|[|:]|"
    rf"(?:deadline|date|limit|cut-off)(?= ?[|:])))(?: ?[|:])? +$",
    re.IGNORECASE,
)
_SOON = re.compile(
    r"\b(?:until|by|before|no later than|ends?|closes|expires)(?: [\w.:]+){0,4} (?:tomorrow|tonight|today|"
    r"this "
    r"(?:evening|afternoon)|(?:the )?(?:next|following|same) (?:working |business )?(?:day|morning|"
    r"afternoon)|"
    r"the day after|end of (?:the |your |this )?shift|end of (?:the|this) day|"
    r"before you (?:leave|go home))\b",
    re.IGNORECASE,
)
_NTH_DAY = re.compile(
    r"\b(?:after|by|before|until|within|on) the (?:(?:first|second|third) (?:working )?|"
    r"fourth (?:calendar )?)day\b",
    re.IGNORECASE,
)
_BY_WEEKDAY = re.compile(
    rf"\b(?:by|before|no later than|until){_AT}(?: (?:on|this|coming))* "
    r"(?P<day>monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b(?!,? (?:\d|the|week|next|after))",
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
        limits += list(_appeal_weekdays(context.document, written.value))
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
            if _goes_on(document, following):
                found.append(following)
            elif document.sentences[following].block != document.sentences[found[-1]].block:
                break
    return found


def _goes_on(document: Document, index: int) -> bool:
    """Whether a sentence says more of the appeal, or answers how long there is for it."""
    text = document.sentence_text(index)
    return bool(
        _APPEAL.search(text)
        or _SAME_MATTER.search(text)
        or _HOW_LONG.search(document.sentence_text(index - 1))
    )


def _soon(document: Document) -> Iterator[re.Match[str]]:
    for index in _appeal_sentences(document):
        sentence = document.sentences[index]
        for pattern in (_SOON, _NTH_DAY):
            found = pattern.search(document.folded, sentence.start, sentence.end)
            if found and _is_employees(document.folded[sentence.start : found.start()]):
                yield found


def _appeal_weekdays(document: Document, written: date) -> Iterator[tuple[int, int, int]]:
    """Yield the weekdays by which to appeal, with the days until the next of that name."""
    for index in _appeal_sentences(document):
        sentence = document.sentences[index]
        found = _BY_WEEKDAY.search(document.folded, sentence.start, sentence.end)
        if found and _is_employees(document.folded[sentence.start : found.start()]):
            days = (WEEKDAYS.index(found["day"].lower()) - written.weekday()) % 7
            yield found.start("day"), found.end("day"), days or 7


def _appeal_periods(document: Document) -> Iterator[Period]:
    for index in _appeal_sentences(document):
        sentence = document.sentences[index]
        is_answer = index > 0 and bool(_HOW_LONG.search(document.sentence_text(index - 1)))
        if _BYGONE.search(document.sentence_text(index)):
            continue
        for period in find_periods(document.folded, sentence.start, sentence.end):
            before = document.folded[sentence.start : period.start]
            after = document.folded[period.end : period.end + 40]
            if (is_answer and not before) or _is_limit(before, after):
                yield period


def _is_limit(before: str, after: str) -> bool:
    """Whether what stands around a period makes it the time in which to appeal."""
    if _RUNS_OUT.search(before) or (_LIMIT_AFTER.match(after) and not _OURS.search(before)):
        return True
    return bool(_BEFORE_LIMIT.search(before) or _LABEL.match(before)) and _is_employees(before)


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
