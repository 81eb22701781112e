"""Checks on who does what in a procedure: investigates, decides, hears the appeal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.checks.role_wording import (
    CHAIRS,
    DECIDES,
    DECIDES_OR_CHAIRS,
    HEARS_APPEAL,
    INVESTIGATES,
    NO_NAME,
    RECEIVES_APPEAL,
    Wordings,
)
from validation_engine.lazy import per_document
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document

_OTHER_HEARER = Quick(
    r"\b(?:not (?:been |previously )?(?:involved|taken|had|dealt)|no (?:previous "
    r"|prior |earlier )?(?:part|involvement)|nothing to do with|different|another|"
    r"someone (?:else|more senior)|independent\w*|impartial\w*|(?:more )?senior "
    r"manager|not (?:\w+ ){0,3}(?:part|involved)|not (?:also )?(?:hear|chair|"
    r"consider|decide|deal))\b",
    re.IGNORECASE,
)
_MINE = Quick(
    r"\bmy (?:decision|conclusion|findings?)\b|\bI(?:'ve)? (?:have |therefore |also "
    r"|accordingly |do |did )*(?:decided|find|found|concluded|do not accept|"
    r"am satisfied|am giving|am issuing|uphold|dismissed you|issued)\b",
)
# In an invitation to an appeal: the writer made the decision that is appealed.
_MY_DECISION = Quick(
    r"\bmy (?:own )?(?:decision|letter)\b[^.;]{0,60}\b(?:dismiss\w*|warning|sanction)|"
    r"\bmy decision\b|\bas I did (?:at |in )?(?:the )?(?:first|original|disciplinary)|"
    r"\bI (?:dismissed you|gave you (?:the|a)|took the decision|decided to dismiss|issued)\b"
)
_MY_INVESTIGATION = Quick(r"\b[Mm]y (?:own )?(?:\w+ )?(?:investigation|enquiry|inquiry|enquiries)\b")
_APPEAL = Quick(r"\bappeal", re.IGNORECASE)
_APPEAL_CUE, _INVESTIGATION = Cue("appeal"), Cue("investigat")
_SIGNED = Quick(
    r"(?i:yours (?:sincerely|faithfully|truly)|kind(?:est)? regards|regards|"
    r"best wishes|signed:?),?\s+(?P<name>(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? )?[A-Z][\w'.-]+(?: "
    r"[A-Z][\w'.-]+){0,3})"
)
_CLOSING, _OFFICE = Cue("yours|regards|wishes|signed"), Cue(" (?:who|that|which) ")
# Longer than any match on either side of its cue.
_REACH = 240
_WRITER = "\0writer"
_ASIDES = Quick(r", [^,.;]{2,60},")


class Role(msgspec.Struct, frozen=True):
    """A person in a role, by surname in lower case, and where that is said."""

    who: str
    start: int
    end: int


def _matches(document: Document, pattern: Quick, cue: Cue) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern around its cue."""
    folded = document.folded
    for near, far in cue.windows(folded, 0, len(folded), _REACH, _REACH):
        yield from pattern.finditer(folded, near, far)


@per_document
def _writer(document: Document) -> str:
    """Return the surname of the letter's signatory, or a mark that stands for nobody named."""
    names = [found["name"] for found in _matches(document, _SIGNED, _CLOSING)]
    return _surname(names[-1]) if names else _WRITER


def _surname(name: str) -> str:
    return name.rsplit(" ", 1)[-1].lower().removesuffix("'s").rstrip("'")


def _people(document: Document, wordings: Wordings, index: int, writer: str) -> Iterator[Role]:
    sentence, text = document.sentences[index], document.sentence_text(index)
    for pattern in wordings.patterns:
        for found in pattern.finditer(text):
            name = found["who"]
            who = writer if name in ("I", "me", "myself") else _surname(name)
            said = _ASIDES.sub("", text[max(found.start() - 40, 0) : found.end()])
            if who not in NO_NAME and not re.search(r"(?i)\b(?:not|never|neither|nor)\b", said):
                yield Role(who, sentence.start + found.start(), sentence.start + found.end())


def _in_role(document: Document, wordings: Wordings, *, appeal: bool | None) -> list[Role]:
    """Return who has a role; `appeal`: in sentences about an appeal, in others, or in all (None)."""
    writer = _writer(document)
    return [
        role
        for index in wordings.cue.sentences(document)
        if appeal is None or _about_appeal(document, index) is appeal
        for role in _people(document, wordings, index, writer)
    ]


def _about_appeal(document: Document, index: int) -> bool:
    """Whether a sentence, or the one before it in the same paragraph, speaks of an appeal."""
    appeals = _appeals(document)
    if index in appeals:
        return True
    return index - 1 in appeals and document.sentences[index - 1].block == document.sentences[index].block


@per_document
def _appeals(document: Document) -> set[int]:
    return {
        index for index in _APPEAL_CUE.sentences(document) if _APPEAL.search(document.sentence_text(index))
    }


def _first_person(document: Document, pattern: Quick) -> list[Role]:
    """Return the writer's own role where a wording shows it outside talk of an appeal."""
    writer = _writer(document)
    return [
        Role(writer, found.start(), found.end())
        for found in pattern.finditer(document.folded)
        if not _APPEAL.search(document.sentence_text(document.sentence_at(found.start())))
    ]


def _first_person_anywhere(document: Document, pattern: Quick) -> list[Role]:
    writer = _writer(document)
    return [Role(writer, found.start(), found.end()) for found in pattern.finditer(document.folded)]


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
_NOT = Quick(
    r"\b(?:not|never|different|separate|another|nor|someone else|wherever possible)\b", re.IGNORECASE
)


@check("separate_investigator")
def separate_investigator(context: Context) -> CheckResult:
    """Who investigated is not who chairs or decides, where both are named."""
    document = context.document
    same = _by_office(document, _SAME_INVESTIGATES, "investigat")
    same += _by_office(document, _SAME_AGAIN, "same")
    investigators = _in_role(document, INVESTIGATES, appeal=False) + _first_person(
        document, _MY_INVESTIGATION
    )
    chairs = _in_role(document, CHAIRS, appeal=False)
    if context.document_type != "disciplinary_invite":
        chairs += _first_person(document, _MINE)
    return _compared(
        investigators, chairs, same, "investigated and decides", kept_apart=_is_kept_apart(document)
    )


def _is_kept_apart(document: Document) -> bool:
    """Whether the document says that who investigates does not decide."""
    return any(
        "investigat" in text.lower()
        and _NOT.search(text)
        and re.search(r"(?i)\b(?:chair|hear|hold|conduct|decide)", text)
        for text in map(document.sentence_text, _INVESTIGATION.sentences(document))
    )


_SAME_APPEAL = Quick(
    r"\b(?:manager|person|director|chair|panel|officer)s? (?:who|that|which) "
    r"(?:\w+ ){0,2}(?:took|made|issued|imposed|gave|reached|dismissed|chaired|"
    r"heard|conducted)\b[^.;]{0,60}",
    re.IGNORECASE,
)
_HEARD_BY_SAME = Quick(
    r"(?i)\b(?:heard|considered|decided|dealt with|determined|chaired) by (?:the "
    r")?(?:same |original )?(?:manager|person|director|chair|panel|officer)|"
    r"\bwill (?:also |then )?(?:hear|consider|decide|chair|deal with|determine)\b|"
    r"\b(?:to|with) the (?:same |original |\w+ )?(?:manager|person|director|chair|"
    r"officer) (?:who|that)"
)


def _by_office(document: Document, pattern: Quick, must_hold: str) -> list[Role]:
    """Return where one office is said to have both roles, named by what it does and not by a name."""
    return [
        Role("", found.start(), found.end())
        for found in pattern.finditer(document.folded)
        if must_hold in found.group().lower()
        and not _NOT.search(document.sentence_text(document.sentence_at(found.start())))
    ]


def _appeal_by_office(document: Document) -> list[Role]:
    found = []
    for one in _matches(document, _SAME_APPEAL, _OFFICE):
        text = document.sentence_text(document.sentence_at(one.start()))
        if _APPEAL.search(text) and _HEARD_BY_SAME.search(text) and not _NOT.search(text):
            found.append(Role("", one.start(), one.end()))
    return found


@check("appeal_impartial")
def appeal_impartial(context: Context) -> CheckResult:
    """Who hears the appeal is not who decided, where both are named."""
    document = context.document
    same = _appeal_by_office(document)
    others = any(
        _is_other_hearer(document, index)
        for before in sorted(_appeals(document))
        for index in (before, before + 1)
        if index < len(document.sentences)
    )
    is_appeal = context.document_type in ("appeal_invite", "appeal_outcome")
    deciders = _in_role(
        document, DECIDES if is_appeal else DECIDES_OR_CHAIRS, appeal=None if is_appeal else False
    )
    if not is_appeal:
        deciders += _first_person(document, _MINE)
    hearers = _in_role(document, HEARS_APPEAL, appeal=None if is_appeal else True)
    if not is_appeal:
        deciders = [one for one in deciders if one not in hearers]
        if not hearers and not others:
            hearers = _in_role(document, RECEIVES_APPEAL, appeal=True)
    elif context.document_type == "appeal_invite":
        deciders += _first_person_anywhere(document, _MY_DECISION)
    else:
        deciders = [one for one in deciders if _is_original(document, one)]
    return _compared(deciders, hearers, same, "decided and hears the appeal", kept_apart=others)


def _is_other_hearer(document: Document, index: int) -> bool:
    return _about_appeal(document, index) and _OTHER_HEARER.search(document.sentence_text(index)) is not None


def _is_original(document: Document, role: Role) -> bool:
    """Whether an appeal's outcome speaks of the first decision, not of its own."""
    text = document.sentence_text(document.sentence_at(role.start))
    return (
        re.search(
            r"(?i)\b(?:original|dismissed you|dismiss you|gave you|issued|first decision|"
            r"at the disciplinary|took the)\b",
            text,
        )
        is not None
    )


def _compared(
    first: list[Role], second: list[Role], same: list[Role], what: str, *, kept_apart: bool
) -> CheckResult:
    if same:
        return failed(f"The same manager {what}.", *(Finding(one.start, one.end) for one in same))
    if not first or not second:
        if kept_apart:
            return passed()
        return not_applicable("Not both roles are named.")
    both = {one.who for one in first} & {one.who for one in second}
    if not both:
        return passed()
    who = min(both)
    name = "The writer of the letter" if who == _WRITER else who.capitalize()
    found = [next(one for one in first if one.who == who), next(one for one in second if one.who == who)]
    found.sort(key=lambda one: one.start)
    return failed(f"{name} {what}.", *(Finding(one.start, one.end) for one in found))
