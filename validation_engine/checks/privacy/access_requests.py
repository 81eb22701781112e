"""Checks on answers to subject access requests."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from validation_engine.checks.dates import clear_working_days, months_after
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.scan.hits import Span
from validation_engine.scan.quick import Quick
from validation_engine.scan.scopes import in_any

if TYPE_CHECKING:
    from validation_engine.documents.model import Document
    from validation_engine.fields.dates import FoundDate

_RECEIVED = Quick(
    r"\b(?:receiv(?:ed|ing)|receipt|handed|submitted|reached (?:us|me|my|our|this|the)|"
    r"arrived|came (?:in|to us)|got your)\b"
    r"[^.;]{0,80}$",
    re.IGNORECASE,
)
_ASKED = Quick(
    r"\b(?:request|wrote|asked|applied|applying|(?:your|an?) (?:letter|e-?mail|message|application|"
    r"form))\b[^.;]{0,120}$",
    re.IGNORECASE,
)
# "On 3 February 2026 you asked us for": the day stands before the asking.
_THEN_ASKED = re.compile(
    r",? (?:that |when )?you (?:first )?(?:asked|wrote|requested|applied|e-?mailed|made (?:a|an|your)|"
    r"sent us|submitted)\b",
    re.IGNORECASE,
)
_REQUEST = Quick(
    r"\b(?:request\w*|letter|e-?mail\w*|access|sar|dsar|wrote|asked|asking|application)\b", re.IGNORECASE
)
# "Date received: 1 March 2026", which can only be the request.
_RECEIVED_LINE = re.compile(r"\W*(?:date |request )?(?:received|came in)(?: on)?\W*", re.IGNORECASE)
# The clock starts when the person has shown who they are or made clear what they want (Article 12A).
_CLOCK = Quick(
    r"\b(?:identity|identification|passport|driving licence|proof|clarif\w+|narrow\w*|"
    r"(?:(?:not|[a-z]+n't|make it|made it|more) clear|unclear|unsure|not sure) (?:to us )?"
    r"(?:which|what|whether|who))\b",
    re.IGNORECASE,
)
_EXTENDED = Quick(
    r"\b(?:exten(?:d|ded|ding|sion)\b[^.;]{0,60}|(?:two|2) (?:further|more|additional|extra) months|"
    r"(?:further|additional|another|extra) (?:two|2|one|month)\b[^.;]{0,12}|(?:needed|need|take|"
    r"taking) (?:longer|more time)\b|"
    r"(?:told|wrote to|informed|let) you\b[^.;]{0,80}\b(?:longer|more time|delay|until|not before))",
    re.IGNORECASE,
)
# The date of a reply where the letter has it on a line or in a row of its own.
_REPLY = re.compile(
    r"\b(?:date of (?:this |our )?(?:reply|response|answer|letter)|"
    r"(?<!your )(?:reply|response|answer)(?: date| dated| sent| issued| given| of| out| posted)?(?: on)?|"
    r"date sent|"
    r"(?:replied|answered|responded)(?: on)?|"
    r"(?:we|i)(?: are|'re| am|'m)? (?:now )?(?:reply(?:ing)?|answer(?:ing)?|respond(?:ing)?|writ(?:e|ing))"
    r"(?: to you)?(?: (?:today|now|on))?|"
    r"(?:this|our|the present) (?:letter|e-?mail|reply|message)(?: is)?(?: of| dated| sent)(?: on)?(?: the)?|"
    # "Letter sent 6 October 2025", a line of its own.
    r"^\W*(?:letter|e-?mail|copy|data|file|bundle) (?:sent|issued|posted)(?: out)?(?: on)?)\W*$",
    re.IGNORECASE,
)
# "Extension notice | None": what the label asks for was not given.
_NONE = re.compile(r"[^.;:|]{0,30}[:|] ?(?:none|no|n/a|nil|not \w+|-|\u2013)\W", re.IGNORECASE)
_PLACE = re.compile(r"(?:[A-Z][a-z]+[ -]?){1,3}, *(?:the )?")
# "your letter dated 9 August": when it was written, not when it came.
_WRITTEN = re.compile(
    r"\b(?:request|letter|e-?mail|message|application|form)s?,? "
    r"(?:(?:dated|of|sent(?: on)?|written(?: on)?) )(?:the )?$",
    re.IGNORECASE,
)
_TOP = 3
_LOOK_BACK = 80


@check("access_answered_in_time")
def access_answered_in_time(context: Context) -> CheckResult:
    """The reply is dated within a month of the request's receipt, or three where it was extended."""
    reply = _replied(context)
    received = _received(context, reply)
    if reply is None or received is None:
        return not_applicable("The date of the request or of the reply is not given.")
    if received.value > reply.value:
        return not_applicable("No request dated before the reply is mentioned.")
    extended = _is_extended(context.document)
    due = _working_day(months_after(received.value, 3 if extended else 1))
    if reply.value <= due:
        return passed()
    within = (
        "three months, the most that an extension allows,"
        if extended
        else "one month, and tells of no extension,"
    )
    message = (
        f"The request came on {received.value.isoformat()} and was to be answered within {within}"
        f" by {due.isoformat()}; the reply is dated {reply.value.isoformat()}."
    )
    return failed(message, Finding(received.start, received.end), Finding(reply.start, reply.end))


def _replied(context: Context) -> FoundDate | None:
    """Return the date labelled as that of the reply, else the letter's own."""
    document = context.document
    own, found = context.fields.date, context.fields.dates
    labelled = (one for one in found if _REPLY.search(_before(document, one)))
    placed = (one for one in found[:_TOP] if _PLACE.fullmatch(_before(document, one)))
    return next(labelled, None) or own or next(placed, None)


def _before(document: Document, one: FoundDate) -> str:
    start = document.sentences[document.sentence_at(one.start)].start
    return document.folded[max(start, one.start - _LOOK_BACK) : one.start]


def _received(context: Context, own: FoundDate | None) -> FoundDate | None:
    """Return the date from which the month runs: identity made clear, else receipt, else the request."""
    asked: list[FoundDate] = []
    received: list[FoundDate] = []
    clock: list[FoundDate] = []
    for one in context.fields.dates:
        if own is not None and (one.start == own.start or one.value > own.value):
            continue
        sentence = context.document.sentences[context.document.sentence_at(one.start)]
        before = context.document.folded[sentence.start : one.start]
        whole = context.document.folded[sentence.start : sentence.end]
        earlier = context.document.folded[context.document.blocks[sentence.block].start : sentence.start]
        if _CLOCK.search(whole):
            clock.append(one)
        elif _RECEIVED_LINE.fullmatch(before) or (
            _RECEIVED.search(before) and not _WRITTEN.search(before) and _REQUEST.search(earlier + whole)
        ):
            received.append(one)
        elif _ASKED.search(before) or _THEN_ASKED.match(context.document.folded, one.end, sentence.end):
            asked.append(one)
    # Of several one may be of an earlier letter, or of a paper in the file: the last is the request's.
    return max(clock or [*received, *asked], key=lambda one: one.value, default=None)


def _is_extended(document: Document) -> bool:
    for found in _EXTENDED.finditer(document.folded):
        span = Span(found.start(), found.end(), document.sentence_at(found.start()))
        if not in_any(document, span, ("negation", "quotation")) and not _NONE.match(
            document.folded, found.start()
        ):
            return True
    return False


def _working_day(day: date) -> date:
    """Return the day itself, or the next working day where it is none."""
    while clear_working_days(day - timedelta(days=1), day + timedelta(days=1)) == 0:
        day += timedelta(days=1)
    return day
