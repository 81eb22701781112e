"""The check that a letter tells what is alleged, with a day, an amount or a count."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.registry import CheckResult, Context, check, failed, passed
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Document
    from validation_engine.fields.dates import FoundDate

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
