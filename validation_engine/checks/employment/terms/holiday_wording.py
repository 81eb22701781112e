"""Which periods of a contract are its yearly holiday."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from validation_engine.documents.model import Block
from validation_engine.fields.periods import Period
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document, Sentence

HOLIDAY = re.compile(
    r"\b(?:holidays?|annual leave|paid leave|leave|off(?: (?:a|each|every|per) year)? (?:with|on|"
    r"at) (?:full )?pay)\b",
    re.IGNORECASE,
)
# Longer than a label with its number.
_LABEL = 24
HOLIDAY_CUE = Cue("holiday|leave|off (?:with|on|a|each|every|per)")
_ENTITLED = re.compile(
    r"\b(?:entitle\w*|may take|receive|have|get|is|are|be|allow\w*|of|to|take|"
    r":|gives?|granted)(?: \w+){0,4}:? $|[|] ?$| {2,}$",
    re.IGNORECASE,
)
NOT_ENTITLEMENT = Quick(
    r"\b(?:until (?:19|20)\d\d|part-year|"
    r"notice|carry|carried|carry over|sick\w*|sell|buy|purchase|bereavement|"
    r"compassionate|parental|maternity|paternity|unpaid|at (?:any )?one time|"
    r"build\w* up|accru\w*|pro[- ]rata|so far|first year|(?:would|'d) have|"
    r"consecutive|in a row|rising|increas\w*|after|up to|more than|advance|request|"
    r"shut|reserve|set aside|must (?:take|keep|use)|required to (?:take|keep|use)|christmas)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
# Leave for something else, and holiday that is only taken or earned so.
_FOR_ANOTHER = re.compile(
    r"'?[^.;,\d]{0,50}\b(?:death|dies|died|die|funeral|bereave\w*|compassionate|wedding|"
    r"moving (?:house|home)|jury|dentist|volunteer\w*|stud(?:y|ies)|exams?|emergenc\w+|dependants?|"
    r"sick\w*|ill|carers?|fertility|paternity|maternity|parental|neonatal|reservists?|fire service|"
    r"at a time|at once|in one go|in a row)\b"
    r"|'?(?: (?:of it|of them|may|can|be|are|is|will))* carr(?:y|ied)\b",
    re.IGNORECASE,
)
_OTHER_LEAVE = re.compile(
    r"\W*(?:\d+[.)]?\d* )?(?:other|special|family|sick\w*|compassionate|bereavement|"
    r"notice|if you(?:'re| are) ill)\b",
    re.IGNORECASE,
)
_A_DAY = re.compile(r"(?:an?|one)\b", re.IGNORECASE)
_MONTHLY = re.compile(
    r"'?(?: of)?(?: \w+){0,2} (?:a|per|each|every|for each|for every)(?: \w+){0,2} month\b", re.IGNORECASE
)
_YEAR = 12
# "17 of your working days a year".
_OF_YOUR_DAYS = re.compile(
    r"\b(?P<number>\d{1,2}(?:\.5)?) of (?:your|the|our) (?:own |normal |usual )?(?:working |work )?days\b",
    re.IGNORECASE,
)
_NEAR = re.compile(
    r"'? (?:paid |of |working |annual |days |holiday )*(?:holidays?|leave|"
    r"annual|off (?:with|on|(?:a|each|every|per) year)|plus|and \w+ (?:public|bank)|in addition|inclu\w+|"
    r"together|in each|a year|per)",
    re.IGNORECASE,
)
_FIRST_LETTERS = 60
_UNITS = ("day", "working_day", "week")


def entitlements(document: Document, periods: list[Period]) -> Iterator[Period]:
    """Yield what may be the holiday of a year, in days or weeks, in reading order.

    Args:
        document: The contract.
        periods: All its periods.
    """
    if not HOLIDAY_CUE.within(document.folded):
        return
    for one in (*periods, *_of_your_days(document)):
        if one.unit not in _UNITS or _A_DAY.match(document.folded, one.start, one.end):
            continue
        sentence = document.sentences[document.sentence_at(one.start)]
        if _is_about_holiday(document, sentence) and _is_entitlement(document, sentence, one):
            yield _of_a_year(document, one)


def _is_about_holiday(document: Document, sentence: Sentence) -> bool:
    """Whether a sentence, its label or its heading speaks of holiday and of no other leave."""
    heading = document.sections[sentence.block]
    headed = [document.blocks[heading]] if heading >= 0 else []
    label = _label(document, sentence.block)
    if any(_is_other_leave(document, one) for one in (label, *headed)):
        return False
    places: list[Block | Sentence] = [sentence, label, *headed]
    return any(
        HOLIDAY_CUE.within(document.folded, one.start, one.end)
        and HOLIDAY.search(document.folded[one.start : one.end])
        for one in places
    )


def _is_other_leave(document: Document, place: Block) -> bool:
    text = document.folded[place.start : min(place.end, place.start + _FIRST_LETTERS)]
    return _OTHER_LEAVE.match(text) is not None and "holiday" not in text.lower()


def _is_entitlement(document: Document, sentence: Sentence, one: Period) -> bool:
    before, after = document.folded[sentence.start : one.start], document.folded[one.end : sentence.end]
    if NOT_ENTITLEMENT.search(before) or _FOR_ANOTHER.match(after):
        return False
    return _NEAR.match(after) is not None or _ENTITLED.search(before) is not None


def _of_a_year(document: Document, one: Period) -> Period:
    """Return what is earned each month as it is in a year."""
    stop = min(one.end + _FIRST_LETTERS, len(document.folded))
    monthly = _MONTHLY.match(document.folded, one.end, stop)
    return Period(one.number * _YEAR, one.unit, one.start, one.end) if monthly else one


def _of_your_days(document: Document) -> Iterator[Period]:
    for found in _OF_YOUR_DAYS.finditer(document.folded):
        yield Period(Decimal(found["number"]), "day", found.start(), found.end())


def _label(document: Document, index: int) -> Block:
    """Return the beginning of a block, where its label stands: "Holidays: the leave year …"."""
    block = document.blocks[index]
    return Block(block.kind, block.start, min(block.start + _LABEL, block.end))
