"""The check that who decided does not hear the appeal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.employment.procedure.appeal_offices import heard_by_decider, taken_again
from validation_engine.checks.employment.procedure.role_wording import (
    DECIDED_FIRST,
    DECIDES,
    DECIDES_OR_CHAIRS,
    HEARS_APPEAL,
    RECEIVES_APPEAL,
)
from validation_engine.checks.employment.procedure.roles import (
    MINE,
    Role,
    about_appeal,
    appeals,
    by_pronoun,
    compared,
    first_person,
    first_person_anywhere,
    in_role,
    signatory,
)
from validation_engine.checks.registry import CheckResult, Context, check
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Document

_OTHER_HEARER = Quick(
    r"\b(?:not (?:been |previously )?(?:involved|taken|had|dealt)|no (?:previous "
    r"|prior |earlier )?(?:part|involvement)|nothing to do with|different|another|"
    r"some(?:one|body) (?:else|more senior|from|who)|independent\w*|impartial\w*|(?:more )?senior "
    r"manager|not (?:\w+ ){0,3}(?:part|involved)|not (?:also )?(?:hear|chair|"
    r"consider|decide|deal)|(?:pass|forward|refer)(?:ed)? (?:it|them|your \w+) (?:on )?to|"
    r"arrange for (?:it|an?|another|"
    r"the|your))\b",
    re.IGNORECASE,
)
# In an invitation to an appeal: the writer made the decision that is appealed.
_MY_DECISION = Quick(
    r"\bmy (?:own )?(?:decision|letter)\b[^.;]{0,60}\b(?:dismiss\w*|warning|sanction)|"
    r"\bmy decision\b|\bdecision (?:to [^.;]{3,40})?,? ?(?:that |which )?I (?:made|took|reached|gave)\b|"
    r"\bI (?:also |had |have )*(?:chaired|"
    r"conducted|heard|took|held) (?:the|your) (?:original |first |disciplinary )(?:hearing|meeting|panel|"
    r"case)|\bas I did (?:at |in )?(?:the )?(?:first|original|disciplinary)|"
    r"\bI (?:dismissed you|gave you (?:the|a)|took the decision|decided to dismiss|issued)\b"
)
# In an appeal's outcome: the writer decided at first, and on the appeal.
_MY_FIRST = Quick(
    r"\bdecision (?:to [^.;]{3,40})?,? ?(?:that |which )?I (?:made|took|reached|gave)\b|"
    r"\bmy (?:original|first|earlier) decision\b|"
    r"\b(?:against|from|of|uph[eo]ld|stand by|stood by|confirm\w*|reconsider\w*|review\w*) my "
    r"(?:own )?decision\b|"
    r"\b[Ii]t was I (?:who|that) (?:\w+ )?(?:decided|dismissed|concluded|took|made)\b|"
    r"\bI (?:dismissed you|gave you (?:the|a) (?:\w+ )?warning|issued the (?:\w+ )?warning|"
    r"(?:wrote|had written) to (?:tell you|let you know|inform you|confirm) that you (?:were|had been) "
    r"dismissed)\b|"
    r"\bI (?:also |had |have |myself )*(?:chaired|conducted|heard|took|held) (?:the|your) "
    r"(?:original |first )?disciplinary (?:hearing|meeting|panel|case)\b|"
    r"\b(?:dismissal|warning|disciplinary|outcome) letter (?:that |which )?I (?:sent|wrote|signed|gave)\b|"
    r"\bI (?:\w+ )?(?:wrote|sent|signed) (?:you )?(?:the|your) (?:letter of )?(?:dismissal|warning)\b"
)
_MY_OUTCOME = Quick(
    r"\bI(?:'ve)? (?:have |had |therefore |do |also |now )*(?:not )?(?:heard|considered|determined|uphold|"
    r"upheld|dismiss|rejected|turned down|refused?|accept(?:ed)?|"
    r"allow(?:ed)?) "
    r"(?:your|the|that|this) appeal|"
    r"\bI(?:'m|'ve| am| have) turn(?:ing|ed) (?:your|the|this) appeal down\b|"
    r"\bappeals?,? (?:that |which )?I (?:also |then )?(?:heard|took|considered|decided|chaired)\b|"
    r"\b(?:to|before) me (?:again )?that (?:your|the) appeal|"
    r"\b(?:your|the|this) appeal (?:also |then |again )?(?:came|went|fell|was (?:put|passed)) "
    r"(?:back )?to me\b"
)
# "Mrs Dow heard your disciplinary hearing": the first, not the appeal.
_FIRST_HEARING = re.compile(r"\s*(?:disciplinary|original|first|dismissal)\b(?! appeal)", re.IGNORECASE)
_PRONOUN_HEARS = Quick(
    r"(?:If [^,.;]{3,50}, )?(?:[Ss]he|[Hh]e)(?:'ll| will| shall| is to|'s to| would)?(?: also| too| then|"
    r" personally| be)* "
    r"(?:hear|consider|decid|deal|chair|determin|tak|look|handl|review)\w*[^.;]{0,30} (?:appeals?|it|you)\b|"
    r"(?:Any|Your|An|The) appeals?\b[^.;]{0,30}\b(?:(?:heard|considered|decided|dealt with|taken|"
    r"chaired)(?: too| also)? by"
    r"|(?:to|with)) (?:her|him)\b(?! (?:[a-z]+ ){0,2}(?:colleague|successor|deputy|superior|line|manager|"
    r"boss|director))",
)
_DECISION_LETTERS = ("warning_letter", "dismissal_letter")


@check("appeal_impartial")
def appeal_impartial(context: Context) -> CheckResult:
    """Who hears the appeal is not who decided, where both are named."""
    document, kind = context.document, context.document_type
    same = heard_by_decider(document)
    if kind == "disciplinary_policy":
        same += taken_again(document)
    others = _names_other_hearer(document)
    if kind == "appeal_invite":
        deciders, hearers = _in_invitation(document)
    elif kind == "appeal_outcome":
        deciders, hearers = _in_outcome(document)
    else:
        deciders, hearers = _before_appeal(document, kind)
        if not hearers and not others:
            hearers = in_role(document, RECEIVES_APPEAL, appeal=True)
    return compared(deciders, hearers, same, "decided and hears the appeal", kept_apart=others)


def _before_appeal(document: Document, kind: str) -> tuple[list[Role], list[Role]]:
    """Return who decides and who would hear an appeal, in a decision, an invitation to a hearing or rules."""
    deciders = in_role(document, DECIDES_OR_CHAIRS, appeal=False)
    deciders += first_person(document, MINE)
    deciders += in_role(document, DECIDED_FIRST, appeal=True)
    hearers = _hearers(document, deciders, appeal=True)
    deciders = [one for one in deciders if one not in hearers]
    if not deciders and kind in _DECISION_LETTERS:
        deciders = signatory(document)  # who tells the decision made it, where nobody else is named
    return deciders, hearers


def _in_invitation(document: Document) -> tuple[list[Role], list[Role]]:
    """Return who decided and who hears the appeal, as an invitation to it says."""
    deciders = _deciders_appealed(document)
    hearers = _hearers(document, deciders, appeal=None)
    return deciders + first_person_anywhere(document, _MY_DECISION), hearers


def _in_outcome(document: Document) -> tuple[list[Role], list[Role]]:
    """Return who decided at first and who heard the appeal, as its outcome says."""
    deciders = _deciders_appealed(document)
    hearers = _hearers(document, deciders, appeal=None) + first_person_anywhere(document, _MY_OUTCOME)
    deciders = [one for one in deciders if _is_original(document, one)]
    return deciders + first_person_anywhere(document, _MY_FIRST), hearers


def _deciders_appealed(document: Document) -> list[Role]:
    return in_role(document, DECIDES, appeal=None) + in_role(document, DECIDED_FIRST, appeal=None)


def _hearers(document: Document, deciders: list[Role], *, appeal: bool | None) -> list[Role]:
    hearers = in_role(document, HEARS_APPEAL, appeal=appeal)
    hearers = [one for one in hearers if not _FIRST_HEARING.match(document.folded, one.end)]
    return [*hearers, *by_pronoun(document, deciders, _PRONOUN_HEARS)]


def _names_other_hearer(document: Document) -> bool:
    """Whether a sentence on the appeal, or the next, says that somebody else hears it."""
    return any(
        _is_other_hearer(document, index)
        for before in sorted(appeals(document))
        for index in (before, before + 1)
        if index < len(document.sentences)
    )


def _is_other_hearer(document: Document, index: int) -> bool:
    return about_appeal(document, index) and _OTHER_HEARER.search(document.sentence_text(index)) is not None


def _is_original(document: Document, role: Role) -> bool:
    """Whether an appeal's outcome speaks of the first decision, not of its own."""
    text = document.sentence_text(document.sentence_at(role.start))
    return (
        re.search(
            r"(?i)\b(?:original|dismissed you|dismiss you|gave you|issued|first decision|"
            r"at the disciplinary|the disciplinary|took the)\b",
            text,
        )
        is not None
    )
