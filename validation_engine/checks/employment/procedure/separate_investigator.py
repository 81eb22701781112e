"""The check that who investigates does not decide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.employment.procedure.role_wording import CHAIRS, INVESTIGATES
from validation_engine.checks.employment.procedure.roles import (
    MINE,
    NOT,
    Role,
    by_pronoun,
    compared,
    first_person,
    in_role,
)
from validation_engine.checks.registry import CheckResult, Context, check
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Document

_MY_INVESTIGATION = Quick(
    r"\b[Mm]y (?:own )?(?:\w+ )?(?:investigation|enquiry|inquiry|enquiries)\b|"
    r"\bI (?:have )?(?:looked into (?:this|it|the matter) myself|did the investigating myself)\b"
)
_I_CHAIR = Quick(
    r"\b[Mm]e,? (?:chairing|in the chair)\b|"
    r"\bI(?:'ll| will| shall| am to|'m to) (?:be )?(?:chair(?:ing)?|in the chair)\b"
)
_PRONOUN_CHAIRS = Quick(
    r"\b(?:She|He)(?:'ll| will| shall| is to)(?: also| then| now)? "
    r"(?:chair|conduct|hear|hold|take|lead|decide|be (?:chairing|conducting|hearing|holding|in charge of|"
    r"deciding))\b"
    r"(?! (?:the |any )?(?:statements?|notes|minutes)| no\b| neither\b| part\b)|"
    r"(?:When|Once|After) (?:s?he|they)\b[^.;]{3,60}\b(?:s?he|they)(?: \w+){0,5} "
    r"(?:(?:takes?|makes?|reach(?:es)?) (?:the|a) decision|decides?|chairs?)\b"
)
_SAME_INVESTIGATES = Quick(
    r"\b(?:(?:same|line|your) (?:manager|person)|manager who investigat\w+|investigating "
    r"(?:officer|manager)|(?:line )?manager)\b[^.;]{0,60}\b(?:investigat\w+)?\b[^.;]{0,40}"
    r"\b(?:(?:will|may|should|and)(?: \w+){0,2} (?:also |then )?(?:chair|conduct|"
    r"hold|hear|decide|take)) (?:the|any|your|that|on the) (?:\w+ )?(?:hearing|"
    r"meeting|case|outcome|decision)",
    re.IGNORECASE,
)
# After a sentence on who looks into the matter.
_SAME_AGAIN = Quick(
    r"\b(?:the|that) same (?:\w+ )?(?:manager|person|supervisor|director)(?: \w+){0,3} "
    r"(?:holds?|chairs?|hears?|conducts?|takes?|runs?|decides?) (?:the|any|your|on the) (?:\w+ )"
    r"?(?:hearing|meeting|case|outcome)",
    re.IGNORECASE,
)
_INVESTIGATION = Cue("investigat")


@check("separate_investigator")
def separate_investigator(context: Context) -> CheckResult:
    """Who investigated is not who chairs or decides, where both are named."""
    document = context.document
    same = _by_office(document, _SAME_INVESTIGATES, "investigat")
    same += _by_office(document, _SAME_AGAIN, "same")
    investigators = in_role(document, INVESTIGATES, appeal=False) + first_person(document, _MY_INVESTIGATION)
    chairs = in_role(document, CHAIRS, appeal=False) + list(
        by_pronoun(document, investigators, _PRONOUN_CHAIRS)
    )
    chairs += first_person(document, _I_CHAIR)
    if context.document_type != "disciplinary_invite":
        chairs += first_person(document, MINE)
    return compared(
        investigators, chairs, same, "investigated and decides", kept_apart=_is_kept_apart(document)
    )


def _is_kept_apart(document: Document) -> bool:
    """Whether the document says that who investigates does not decide."""
    return any(
        "investigat" in text.lower()
        and NOT.search(text)
        and re.search(r"(?i)\b(?:chair|hear|hold|conduct|decide)", text)
        for text in map(document.sentence_text, _INVESTIGATION.sentences(document))
    )


def _by_office(document: Document, pattern: Quick, must_hold: str) -> list[Role]:
    """Return where one office is said to have both roles, named by what it does and not by a name."""
    return [
        Role("", found.start(), found.end())
        for found in pattern.finditer(document.folded)
        if must_hold in found.group().lower()
        and not NOT.search(document.sentence_text(document.sentence_at(found.start())))
    ]
