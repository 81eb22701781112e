"""When and where somebody is asked to come."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from validation_engine.fields.people import find_addresses
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Document
    from validation_engine.fields.dates import FoundDate

_ABOUT = Quick(
    r"\b(?:hearing|meeting|attend|takes? place|held|heard|considered|interview|see you|meet|"
    r"come (?:to|in|and|along)|join (?:me|us)|sit down with|hear (?:about )?(?:you|your|the|it)|"
    r"(?:it|we|this) (?:will )?(?:start|begin)s?|invite you|appointment|shall we say|how about|what about|"
    r"(?:want|like|need|expect) you (?:to be )?(?:at|in|here|there)\b|"
    r"(?:can|could) you (?:make|do|manage) \w+day|would \w+day|(?:booked|set aside|kept|pencilled|fixed|"
    r"arranged|scheduled|listed|convened?)(?: \w+){0,4} for)\b|"
    r"^\W*(?:(?:day|date|time|place|venue|when|where)\b|appeal:)",
    re.IGNORECASE,
)
# A label that ends like a sentence: "WHEN AND WHERE. Friday 17 July".
_LABEL = re.compile(r"\W*(?:day|date|time|place|venue|when|where)(?: (?:and|&) \w+)?[.:]", re.IGNORECASE)
_ABOUT_CUE = Cue(
    "hearing|meet|attend|takes? place|held|hear|considered|interview|see you|come|join|sit down|start|begin|"
    "invite|shall we|how about|what about|make|do|manage|would|want|like|need|expect|booked|"
    "set aside|kept|pencil|fixed|arrang|"
    "schedul|listed|conven|appeal|"
    "appointment|day|date|time|place|venue|when|where"
)
# The lines at the top of an e-mail: what stands in the next one does not go on from them.
_HEADER = re.compile(r"(?:date|sent|from|to|cc|subject)\s*:", re.IGNORECASE)
_PAST = Quick(
    r"\b(?:on which|incidents?|occurred|alleged(?:ly)?|allegations?|dated|letter of|statements?|happened|"
    r"took place|was|were|had|"
    r"investigat\w+|complain\w*|grievance of|appeal of|report of|between|since|decision|warning|reply|"
    r"respond|let|confirm|tell|contact|return|submit)\b"
    r"[^.]{0,60}$",
    re.IGNORECASE,
)
# Right before the date of a meeting, whatever else its sentence asks for.
_DIRECT = re.compile(
    r"\b(?:attend(?:ing)?|come to|coming to) (?:the|your|this|our|a)(?: \w+){0,2} (?:hearing|meeting|"
    r"interview)"
    r"(?: is)? (?:on|for)(?: the)? $|"
    r"\b(?:will|shall|is to|are to)(?: now)? (?:be (?:heard|held|considered|chaired)|take place)"
    r"(?: by [^.;]{2,40})?(?: on)?(?: the)? $",
    re.IGNORECASE,
)
# After a date on which something is sent or handed over.
_ERRAND = re.compile(
    r",? (?:you|we|i)(?:'ll| will| shall|'d)(?: also)? (?:get|receive|have|send|post|let|e-?mail|write|"
    r"hand)\b",
    re.IGNORECASE,
)
# What stands alone in a line: "Wednesday 9 September 2026, 10.30 am".
_ALONE_BEFORE = re.compile(r"\W*(?:on )?(?:\w{3,9}day,? )?(?:the )?\W*", re.IGNORECASE)
_ALONE_AFTER = re.compile(r"[^.;:]{0,12}")
# "Please reply by:", "The papers are:" lead to no meeting.
_ANOTHER_LEAD = Cue(
    "reply|answer|return|paper|bundle|enclos|statement|dated|incident|alleg|happened|deadline|grievance of"
)
# A day that the meeting was fixed for and is no longer.
_GIVEN_UP = re.compile(
    r"[^.;]{0,40}\b(?:(?:is|was|has been|had been|will be) (?:now |therefore |hereby )?"
    r"(?:put (?:off|back)|postponed|cancelled|called off|moved|rescheduled|rearranged)|"
    r"(?:will|can) (?:not|no longer)|won't|can't|cannot)\b",
    re.IGNORECASE,
)
_INSTEAD_OF = re.compile(
    r"\b(?:instead of|rather than|not|replac\w+|(?:moved|changed|put (?:off|back)|postponed) from|"
    r"in place of)(?: the)?(?: (?:one|hearing|meeting|date))?(?: (?:of|on|fixed for))?(?: the)? $",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"(?:it|this|that)(?:'ll| will|'s| is| takes| starts| begins)\b", re.IGNORECASE)
_TIME = Quick(
    r"\b(?:\d{1,2}(?:[:.]\d{2})? ?(?:a\.?m\b\.?|p\.?m\b\.?)|\d{1,2}[:.]\d{2}(?: ?(?:hours|hrs))?|"
    r"\d{4} ?(?:hours|hrs)|noon|midday|\d{1,2} o'clock)",
    re.IGNORECASE,
)
_PLACE = Quick(
    r"\b(?:(?:in|at|in the|at the|at our) (?:[A-Z][\w']*|(?:the |our |a )?(?:[\w']+ ){0,4}(?:room|office|"
    r"offices|boardroom|suite|hall|"
    r"headquarters|site|building|depot|store|branch|centre|warehouse|floor))|(?:by|via|on|over|"
    r"using) (?:microsoft )?(?:teams|zoom|video|telephone|phone)"
    r"|(?:board|meeting|conference|training|interview|committee) ?room|boardroom|(?:room|suite|floor) \w+|"
    r"(?:place|venue|location|where):)",
    re.IGNORECASE,
)

_NEXT_LINE = 30


class Meeting(msgspec.Struct, frozen=True):
    """Date, time and place of a meeting, each None where it is not given."""

    date: FoundDate | None
    time: tuple[int, int] | None
    place: tuple[int, int] | None


def find_meeting(document: Document, dates: list[FoundDate], own: FoundDate | None) -> Meeting:
    """Return the meeting a letter asks its reader to come to.

    Args:
        document: The letter.
        dates: All its dates.
        own: The letter's own date.
    """
    when = _date(document, dates, own) or _alone(document, dates, own)
    around = _around(document, when)
    time = next(
        (found.span() for start, end in around for found in _TIME.finditer(document.folded, start, end)), None
    )
    return Meeting(when, time, _place(document, around))


def _date(document: Document, dates: list[FoundDate], own: FoundDate | None) -> FoundDate | None:
    for one in dates:
        if own is not None and (one.start == own.start or one.value < own.value):
            continue
        index = document.sentence_at(one.start)
        text, start = document.sentence_text(index), document.sentences[index].start
        lead = document.sentence_text(index - 1) if index else ""
        is_end = lead.endswith((".", "!", "?")) and not (_GOES_ON.match(text) or _LABEL.fullmatch(lead))
        is_apart = is_end or _HEADER.match(lead) is not None
        about = text if is_apart else f"{lead} {text}"  # it goes on
        before, after = text[: one.start - start], text[one.end - start :]
        if (
            (_ABOUT.search(text) or _ABOUT.search(about))
            and not (_ERRAND.match(after) or _GIVEN_UP.match(after) or _INSTEAD_OF.search(before))
            and (_DIRECT.search(before) or not _PAST.search(before))
        ):
            return one
    return None


def _alone(document: Document, dates: list[FoundDate], own: FoundDate | None) -> FoundDate | None:
    """Return a later day that stands in a line of its own, with a time of day in it or in the next line."""
    for one in dates:
        if own is None or one.value <= own.value:
            continue
        index = document.sentence_at(one.start)
        line, lead = document.sentences[index], document.sentence_text(index - 1) if index else ""
        time = _TIME.search(document.folded, one.end, min(line.end + _NEXT_LINE, len(document.folded)))
        if time is None or _ANOTHER_LEAD.within(document.folded, *_span(document, index - 1)):
            continue
        after = document.folded[one.end : min(time.start(), line.end)]
        is_alone = _ALONE_BEFORE.fullmatch(document.folded, line.start, one.start) is not None
        if is_alone and _ALONE_AFTER.fullmatch(after) and not _HEADER.match(lead):
            return one
    return None


def _span(document: Document, index: int) -> tuple[int, int]:
    """Return where a sentence stands; nowhere for what is before the first."""
    return (document.sentences[index].start, document.sentences[index].end) if index >= 0 else (0, 0)


def _around(document: Document, when: FoundDate | None) -> list[tuple[int, int]]:
    """Return the sentences to look in: that of the date and its neighbours, else those about a meeting."""
    sentences = document.sentences
    if when is not None:
        at = document.sentence_at(when.start)
        return [(one.start, one.end) for one in sentences[at : at + 4]] + [
            (one.start, one.end) for one in sentences[max(at - 2, 0) : at]
        ]
    return [
        (sentences[index].start, sentences[index].end)
        for index in _ABOUT_CUE.sentences(document)
        if _ABOUT.search(document.sentence_text(index))
    ]


def _place(document: Document, around: list[tuple[int, int]]) -> tuple[int, int] | None:
    for start, end in around:
        found = _PLACE.search(document.folded, start, end)
        if found:
            return found.span()
        address = next(iter(find_addresses(document.folded[start:end])), None)
        if address is not None:
            return start + address.start, start + address.end
    return None
