"""Checks on invitations: what is alleged, when and where to come, another day for the companion."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    needs_review,
    passed,
)
from validation_engine.fields.people import find_addresses
from validation_engine.fields.periods import find_periods
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Document
    from validation_engine.fields.dates import FoundDate
    from validation_engine.fields.periods import Period

_MEETING = Quick(
    r"\b(?:hearing|meeting|attend|interview|see (?:you|me|us)|meet|come (?:to|and|in)|place|held|be at)\b",
    re.IGNORECASE,
)
_TIME = Quick(
    r"\b(?:\d{1,2}(?:[:.]\d{2})? ?(?:a\.?m\b|p\.?m\b)|\d{1,2}[:.]\d{2}(?!\d)|"
    r"\d{4} ?(?:hours|hrs)|noon|midday|"
    r"(?:\d{1,2}|one|two|three|four|nine|ten|eleven|twelve) o'clock|half[ -](?:past[ -])?(?:\d{1,2}|one|"
    r"two|three|"
    r"four|five|six|seven|eight|nine|ten|eleven|twelve)\b|quarter (?:past|to) \w+|"
    r"(?:\d{1,2}|\w+) in the (?:morning|afternoon|evening)\b|"
    r"(?:at|for|from) (?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"(?= ?[.,;)\n]| (?:on|"
    r"in the|sharp|"
    r"for)\b| ?$))",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?i:\b(?:board ?room|room \d+|[\w'-]+ room|[\w'-]+ office|office|offices|suite|hall|"
    r"headquarters|premises|site|building|depot|"
    r"canteen|[\w-]+ kitchen|staffroom|lounge|salon|surgery|vestry|cabin|library|store|"
    r"branch|centre|warehouse|hotel|floor|teams|zoom|video|"
    r"telephone|by phone|online|google meet|"
    r"webex|(?:place|venue|location|where):))|"
    r"(?:^|\n)[\W\d]*\b(?i:place|venue|location|where)\b[^.:|\n]{0,20}[:|\n]\s*\S|"
    r"\b(?i:(?:in|at|to|above|behind|over)(?: (?:the|my|our|a|his|her))?(?: [\w'-]+){0,3} (?:study|"
    r"tea ?room|house|home|"
    r"shop|caf\xe9|cafe|flat|studio|workshop|yard|barn|farm|school|clinic|nursery|church|chapel|gym|theatre|"
    r"pavilion|clubhouse|bar|reception|portakabin|hut|bothy|quay|works|mill|plant|annexe|wing|lodge|garage|"
    r"showroom|bakery|restaurant|pub|inn|practice|classroom|chambers|loft|mess))\b|\b(?:in|at|to) (?:the |"
    r"our )?[A-Z][a-z]+(?<!day)(?: "
    r"[A-Z][a-z]+)*"
)
_MONTHS = re.compile(
    r"\b(?:in|at|to) (?:January|February|March|April|May|June|July|August|September|"
    r"October|November|December|Noon)\b"
)
# In the sentence of the date any place will do, whatever it is called.
_SOMEWHERE = re.compile(
    r"\b(?:at|in|aboard|behind|above|beside|outside) (?:the|my|our|his|her|a) (?!(?:latest|earliest|morning|"
    r"afternoon|evening|presence|meantime|same|time|day|end|event|matter|first|second|hearing|meeting|"
    r"interview|"
    r"allegations?|circumstances|interests?|light|usual|start|beginning|close|company|next|coming|week|"
    r"capacity|"
    r"course|right|moment|case|disciplinary|grievance|appeal|letter|latter|absence|conduct|incident)\b)[a-z]",
    re.IGNORECASE,
)
# A label or a place that is left open.
_LEFT_OPEN = re.compile(
    r"\b(?:place|venue|location|where|room|time)\b[^.:|\n]{0,20}[:|]\s*(?:to (?:be|follow)|tb[ac]\b|"
    r"not yet|none\b|"
    r"unknown|later)[^\n]*|"
    r"\b(?:place|venue|location|room|time|address|hour)\b(?: of it)? (?:will|is|has|are)(?: yet)?(?: still)?"
    r"(?: to)?(?: be)? (?:confirmed|follow|advised|arranged|fixed|settled|decided|announced)[^\n]*",
    re.IGNORECASE,
)
# A day without its year, in a letter without a date of its own.
_DAY = Quick(
    r"\b(?:\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*|"
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december) \d{1,2})\b",
    re.IGNORECASE,
)
_CLOSING = Quick(r"(?:yours|kind(?:est)? regards|regards|best wishes|signed)\b", re.IGNORECASE)
_NEAR = 4


@check("meeting_details")
def meeting_details(context: Context) -> CheckResult:
    """The invitation gives date, time and place of the meeting."""
    document = context.document
    sentences = _meeting_sentences(document, context.fields.meeting.date)
    text = _LEFT_OPEN.sub("", "\n".join(document.sentence_text(index) for index in sentences))
    when = context.fields.meeting.date
    has_place = (
        bool(_PLACE.search(_MONTHS.sub("", text)))
        or bool(find_addresses(text))
        or (when is not None and _is_somewhere(document, when))
    )
    missing = [
        name
        for name, found in (
            ("date", when is not None or (context.fields.date is None and _DAY.search(text) is not None)),
            ("time", _TIME.search(text) is not None),
            ("place", has_place),
        )
        if not found
    ]
    if not missing:
        return passed()
    message = f"The {' and '.join(missing)} of the meeting {'are' if len(missing) > 1 else 'is'} not given."
    where = [Finding(when.start, when.end)] if when else []
    return (needs_review if _may_stand_elsewhere(context, missing) else failed)(message, *where)


def _may_stand_elsewhere(context: Context, missing: list[str]) -> bool:
    """Whether the document tells each thing that is missing of something, which may be the meeting."""
    told, letter = context.document.folded, context.fields.date
    is_dated = any(letter is None or one.value > letter.value for one in context.fields.dates)
    elsewhere = {"date": is_dated, "time": _TIME.search(told) is not None, "place": False}
    return all(elsewhere[one] for one in missing)


def _is_somewhere(document: Document, when: FoundDate) -> bool:
    return _SOMEWHERE.search(document.sentence_text(document.sentence_at(when.start))) is not None


def _meeting_sentences(document: Document, when: FoundDate | None) -> list[int]:
    """Return the sentences around the meeting's date, else those that speak of a meeting."""
    if when is None:
        return [
            index
            for index in range(len(document.sentences))
            if _MEETING.search(document.sentence_text(index))
        ]
    at = document.sentence_at(when.start)
    last = min(at + _NEAR + 1, len(document.sentences))
    closing = (index for index in range(at, last) if _CLOSING.match(document.sentence_text(index)))
    return list(range(max(at - 2, 0), next(closing, last)))


_PROCEDURAL = Quick(
    r"\b(?:hearing|investigat(?:ion|ory) (?:meeting|interview)|interviewed|meeting|"
    r"grievance|letter|warning|suspen\w+|"
    r"convers\w+|discussion|discussed|spoke|met|report of|policy|procedure|joined|employed since|"
    r"started (?:work|with)|occupational health|companion|dated|respond|confirm|tell me|let me|by noon|"
    r"adjourn\w*)\b",
    re.IGNORECASE,
)
_TOLD = Quick(
    r"\b(?:alleg\w+|that you|failed|refused|left|took|absent|late|swore|shouted|struck|used|sent|accessed|"
    r"claimed|drove|damaged|breach\w*|incident|complain\w*|misconduct|without|happened|missing|events of)\b",
    re.IGNORECASE,
)
_DETAIL = Quick(
    r"£\d|\b(?:on|for|of) (?:\w+ ){0,2}?(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) "
    r"(?:separate |different |consecutive )?(?:occasions?|times|days?|mornings?|shifts?|dates?|minutes)"
    r"|\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) times\b(?! (?:a|per|as|the|more))"
    r"|\b(?:last|on|yesterday|this) (?:monday|tuesday|wednesday|thursday|friday|"
    r"saturday|sunday|week|month|morning)\b"
    r"|\b(?:good friday|easter|christmas|boxing day|hogmanay|new year's (?:day|eve)|st andrew's day)\b"
    r"|\b(?:the|your) (?:night|early|late|day|back|morning|evening|weekend) shift (?:on|of)\b"
    r"|\b(?:see|set out|listed|described|detailed|particulars|details of (?:the|"
    r"each|all)|full details)\b[^.]{0,80}"
    r"\b(?:below|enclosed|attached|schedule|appendix|annex|report|statement)",
    re.IGNORECASE,
)


_ALLEGES = re.compile(
    r"\balleg\w+|\b(?:that|whether),? (?:on|you|at|between)\b|\b(?:in|at|on|by|during) which you\b|"
    r"\bincident|\bhappened|\bmissing|\bevents of",
    re.IGNORECASE,
)
# Right before the date of a step of the procedure.
_STEP = re.compile(
    r"\b(?:meeting|interview|hearing|letter|conversation|discussion|suspended|suspension|spoke|met|report|"
    r"e-?mail)"
    r"(?: \w+){0,3} (?:on|of|dated)(?: the)? $|\b(?:dated|held on) $",
    re.IGNORECASE,
)
_ACT = re.compile(
    r"\b(?:(?:that|when|where|which|because|as)|,) you (?!are|were invited|must|may|will|have the|should|"
    r"can|need)\w+",
    re.IGNORECASE,
)


@check("allegation_specific")
def allegation_specific(context: Context) -> CheckResult:
    """Some sentence tells what happened, with a day, an amount or a count, or points to where it is told."""
    document = context.document
    own = context.fields.date
    dated = {
        document.sentence_at(one.start)
        for one in context.fields.dates
        if (own is None or (one.start != own.start and one.value <= own.value))
        and not _is_step(document, one)
    }
    for index in range(len(document.sentences)):
        text = document.sentence_text(index)
        told = _TOLD.search(text) is not None
        if (
            index in dated
            and (told or not _PROCEDURAL.search(text))
            and not _only_appointment(text, told=told)
        ):
            return passed()
        if _DETAIL.search(text) and (told or not _PROCEDURAL.search(text)):
            return passed()
    return failed()


def _is_step(document: Document, when: FoundDate) -> bool:
    """Whether a date is that of a step of the procedure, in a sentence that tells no act."""
    index = document.sentence_at(when.start)
    before = document.folded[document.sentences[index].start : when.start]
    return _STEP.search(before) is not None and not _ACT.search(document.sentence_text(index))


def _only_appointment(text: str, *, told: bool) -> bool:
    """Whether a dated sentence is about a step of the procedure and alleges nothing."""
    found = _PROCEDURAL.search(text)
    return found is not None and (not told or not _ALLEGES.search(text))


_COMPANION = Quick(
    r"\b(?:companion|accompan\w+|colleague|representative|rep|union|person you|whoever you)\b", re.IGNORECASE
)
_NEW_DATE = Quick(
    r"\b(?:suggest|propose|offer|another|alternative|rearrang\w*|re-arrang\w*|"
    r"reschedul\w*|postpon\w*|new (?:date|time)|"
    r"different|other (?:date|time)|put (?:off|back)|moved?)\b",
    re.IGNORECASE,
)
_LIMIT = Quick(
    r"\b(?:within|in|no (?:later|more) than|up to|at most|next|maximum of|limit of|you (?:will )?have|"
    r"only)(?: \w+){0,3} $",
    re.IGNORECASE,
)
# Says by when to ask for another date, not when that date may be.
_REQUEST = Quick(
    r"\b(?:requests?|made|tell|inform|notify|let (?:me|us)|confirm|reply|receipt|"
    r"receiving|of this letter|notice)\b",
    re.IGNORECASE,
)
_BYGONE = re.compile(r"\b(?:used to|no longer|previously|formerly|in the past)\b", re.IGNORECASE)
_AT_MOST = re.compile(
    r" (?:at (?:the )?(?:most|outside)|maximum|or less|and no (?:more|longer))\b", re.IGNORECASE
)
_LEAST = {"hour": 24, "day": 1, "working_day": 1}


@check("companion_new_date")
def companion_new_date(context: Context) -> CheckResult:
    """No shorter limit than `days` days is set for another date that suits the companion."""
    document, least = context.document, int(context.params["days"])
    short = [
        period
        for index in range(len(document.sentences))
        for period in _new_date_periods(document, index)
        if _is_limit(document, period)
        and not _REQUEST.search(document.folded[max(period.start - 60, 0) : period.end + 30])
        and _is_shorter(period, least)
    ]
    if not short:
        return passed()
    message = (
        f"Another date must be within {document.text[short[0].start : short[0].end]}; "
        f"the statute allows {least} working days."
    )
    return failed(message, *(Finding(one.start, one.end) for one in short))


def _is_limit(document: Document, period: Period) -> bool:
    before = document.folded[max(period.start - 30, 0) : period.start]
    return bool(_LIMIT.search(before) or _AT_MOST.match(document.folded, period.end))


def _new_date_periods(document: Document, index: int) -> list[Period]:
    sentence, text = document.sentences[index], document.sentence_text(index)
    before = (
        document.sentence_text(index - 1)
        if index and document.sentences[index - 1].block == sentence.block
        else ""
    )
    if not _NEW_DATE.search(text) or _BYGONE.search(text) or not _COMPANION.search(before + " " + text):
        return []
    return find_periods(document.folded, sentence.start, sentence.end)


def _is_shorter(period: Period, least: int) -> bool:
    return period.unit in _LEAST and period.number < least * _LEAST[period.unit]
