"""Which periods of a letter or contract are notice of its end."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from validation_engine.fields.periods import Period

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document

_NOTICE_AFTER = re.compile(
    r"^'?s?'? (?:statutory |written |contractual |paid )?(?:notice|pay in lieu|"
    r"(?:wages |salary |pay |money |payment )?in lieu of|(?:pay|wages|salary) instead of notice)\b",
    re.IGNORECASE,
)
_NOTICE_BEFORE = re.compile(
    r"\b(?:notice (?:period )?(?:(?:to you|from us) )?(?:of|is|will be|runs? for|lasts?|will (?:run for|"
    r"last)|"
    r"comes to)|"
    r"notice, (?:which is|being)|notice,|in lieu of)(?: \w+){0,3} $|\bnotice(?: (?:period|given|due|"
    r"pay|required))?(?: (?:from|by) (?:us|(?:the )?(?:employer|company|firm)|either (?:side|"
    r"party)))? ?(?:[:|"
    r"]|\t| {2,}) *$|"
    r"\bnotice\b[^.;]{0,30}\b(?:giv(?:e|ing)|given|allow(?:ing)?|have|get) you(?: \w+)? $",
    re.IGNORECASE,
)
_NOTICE_BY_EMPLOYEE = re.compile(
    r"\b(?:you|employee) (?:\w+ )?(?:must|should|would|were|will need to|are "
    r"required to|shall) (?:\w+ )?(?:give|have given)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\b(?:giv(?:e|es|ing)|given|allow(?:ing)?|have|get|getting|due|entitled to|comes? to|means|be|is|makes?|"
    r"that's|it's|you|receive)(?: you)?(?: (?:\w+ )?(?:a|full|only|just|the|of|exactly|at least))? $",
    re.IGNORECASE,
)
_ON_NOTICE = re.compile(r"\bnotice\b|\bin lieu\b", re.IGNORECASE)
# The end of the employment so many weeks ahead: "your job ends three weeks from today".
_ENDS_IN = re.compile(
    r"\b(?:employment|contract|job|post|last (?:working )?day|leaving(?: date)?)\b[^.;,]{0,30}?"
    r"(?:\b(?:ends?|ending|finish(?:es)?|stops?|comes? to an end|terminates?|is|be|are|over)|[:|])"
    r"(?P<ahead> (?:in|within))?(?: [\w']+)? +$|"
    r"\byou (?:will |must |are to )?(?:leave|go|finish)(?: us| work)?(?P<go> (?:in|within))?(?: [\w']+)? $",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"^'?s?'? ?(?:time\b|from (?:today|now|the date|this|receipt)|after (?:today|this letter|the date of))",
    re.IGNORECASE,
)
_TO_LEAVE = re.compile(r"^'?s?'? (?:to (?:leave|go|finish)|before you (?:leave|go|finish))\b", re.IGNORECASE)
_NOT_GIVEN = re.compile(
    r"^'?s?'? (?:of )?(?:[\w-]+ )?(?:service|holiday|leave|pay|employment|later|ago|to|in "
    r"which|warning|after|before)\b|\?",
    re.IGNORECASE,
)
_NOTICE_LABEL = re.compile(
    r"\b(?:weeks(?:'| of) notice|notice \(?(?:in )?weeks\)?)(?: \w+)?\W{1,4}(\d{1,2})\b", re.IGNORECASE
)


def is_notice(document: Document, period: Period) -> bool:
    """Return whether a period is notice of an end, and not the notice that an employee must give."""
    before = document.folded[max(period.start - 80, 0) : period.start]
    index = document.sentence_at(period.start)
    after = document.folded[period.end : min(period.end + 60, document.sentences[index].end)]
    is_notice = bool(
        _NOTICE_AFTER.match(after)
        or _NOTICE_BEFORE.search(before)
        or _is_given(document, index, period)
        or _is_until_the_end(document.folded[document.sentences[index].start : period.start], after)
    )
    return is_notice and not _NOTICE_BY_EMPLOYEE.search(before)


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


def _is_until_the_end(before: str, after: str) -> bool:
    """Whether a period is the time until the employment ends, whatever it is called."""
    if _TO_LEAVE.match(after):
        return True
    ends = _ENDS_IN.search(before)
    return ends is not None and bool(ends["ahead"] or ends["go"] or _AHEAD.match(after))


def labelled_notice(document: Document) -> Iterator[Period]:
    """Yield the notice of a row whose label names the unit: "Weeks of notice | 4"."""
    for found in _NOTICE_LABEL.finditer(document.folded):
        yield Period(Decimal(found[1]), "week", *found.span(1))
