"""The check that an invitation says when and where to come."""

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
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Document
    from validation_engine.fields.dates import FoundDate

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
