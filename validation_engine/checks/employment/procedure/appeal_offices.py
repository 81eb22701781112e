"""Where the same office decides and hears the appeal, whoever holds it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.employment.procedure.roles import APPEAL, NOT, Role, appeals, matches
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Document

_OFFICE = Cue(" (?:who|that|which) ")
_DECIDER = Cue("chair|disciplinary|deciding|dismissing|original|first|sanctioning")
_SAME_APPEAL = Quick(
    r"\b(?:manager|person|director|chair|panel|officer)s? (?:who|that|which) "
    r"(?:\w+ ){0,2}(?:took|made|issued|imposed|gave|reached|dismissed|chaired|"
    r"heard|conducted)\b(?! (?:no|none)\b)[^.;]{0,60}",
    re.IGNORECASE,
)
_HEARD_BY_SAME = Quick(
    r"(?i)\b(?:heard|considered|decided|dealt with|determined|chaired) by (?:the "
    r")?(?:same |original )?(?:manager|person|director|chair|panel|officer)|"
    r"\bwill (?:also |then |normally |usually |again )*(?:hear|consider|decide|chair|deal with|determine)\b|"
    r"\b(?:to|with) the (?:same |original |\w+ )?(?:manager|person|director|chair|"
    r"officer) (?:who|that)"
)
_DECIDER_HEARS = Quick(
    r"\b(?:(?:disciplinary|deciding|dismissing|original|first|sanctioning) (?:manager|chair\w*|officer|panel|"
    r"director)|chair(?:man|woman|person)? of the (?:\w+ )?(?:hearing|panel)) "
    r"(?:will|shall|may|is to|would) (?:\w+ ){0,3}(?:hear|consider|decide|deal with|determine|chair|review)\b"
    r"[^.;]{0,30}\bappeal",
    re.IGNORECASE,
)
_HEARING_TAKEN = Quick(
    r"\bhearings? (?:is|are|will be) (?:taken|heard|chaired|held|conducted|decided|run) by (?:the|our|"
    r"your|a) "
    r"(?P<office>[\w-]+(?: (?:manager|director|owner|secretary|partner|head|officer))?)"
    r"(?=[.,;]|(?: \w+){0,2}[.,;])",
    re.IGNORECASE,
)
_TAKEN = Cue("hearing")


def heard_by_decider(document: Document) -> list[Role]:
    """Return where the office that decides hears appeals, or whoever decided does."""
    found = [
        Role("", one.start(), one.end())
        for one in matches(document, _DECIDER_HEARS, _DECIDER)
        if not NOT.search(document.sentence_text(document.sentence_at(one.start())))
    ]
    for one in matches(document, _SAME_APPEAL, _OFFICE):
        text = document.sentence_text(document.sentence_at(one.start()))
        if APPEAL.search(text) and _HEARD_BY_SAME.search(text) and not NOT.search(text):
            found.append(Role("", one.start(), one.end()))
    return found


def taken_again(document: Document) -> list[Role]:
    """Return where the office that takes hearings takes appeals as well, in the rules of a procedure."""
    found = []
    for one in matches(document, _HEARING_TAKEN, _TAKEN):
        again = re.compile(
            rf"(?i)\b(?:the|our|your) {re.escape(one['office'])} (?:\w+ )?(?:looks?|hears?|decides?|"
            rf"considers?|"
            rf"reviews?|reconsiders?|deals?)\b|"
            rf"\bappeals? (?:is|are|go|goes|will be)(?: \w+){{0,3}} (?:to|by) "
            rf"(?:the|our|your) {re.escape(one['office'])}\b"
        )
        for index in sorted(appeals(document) | {at + 1 for at in appeals(document)}):
            if index < len(document.sentences) and again.search(document.sentence_text(index)):
                found.append(Role("", one.start(), one.end()))
                break
    return found
