"""Who does what in a procedure, for the checks that two of its roles are kept apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from validation_engine.checks.employment.procedure.role_wording import NO_NAME, Wordings
from validation_engine.checks.layout import lined
from validation_engine.checks.registry import (
    CheckResult,
    Finding,
    failed,
    not_applicable,
    passed,
)
from validation_engine.lazy import per_document
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document

MINE = Quick(
    r"\b[Mm]y (?:decision|conclusion|findings?)\b|\bI(?:'ve)? (?:have |had |am |therefore |also "
    r"|accordingly |do |did )*(?:dismissing|terminating|ending|(?:chaired|conducted|heard) (?:the|"
    r"your) (?:\w+ )?(?:hearing|case|"
    r"meeting)|decided|find|found|concluded|do not accept|"
    r"am satisfied|am giving|am issuing|uphold|dismissed you|issued)\b",
)
_FIRST = re.compile(
    r"\b(?:disciplinary (?:hearing|case|panel|meeting)|dismissed you|original|first decision|the penalty|"
    r"the sanction)\b",
    re.IGNORECASE,
)
APPEAL = Quick(r"\bappeal", re.IGNORECASE)
NOT = Quick(r"\b(?:not|never|different|separate|another|nor|someone else|wherever possible)\b", re.IGNORECASE)
_APPEAL_CUE = Cue("appeal")
_SIGNED = Quick(
    r"(?i:yours(?: (?:sincerely|faithfully|truly|ever|aye))?|kind(?:est)? regards|regards|"
    r"best wishes|signed:?|cheers|(?:many )?thanks|all the best|sincerely),?\s+(?P<name>(?:(?:Mr|Mrs|Ms|"
    r"Miss|Mx|Dr)\.? )?[A-Z][\w'.-]+(?: "
    r"[A-Z][\w'.-]+){0,3})"
)
_CLOSING = Cue("yours|regards|wishes|signed|cheers|thanks|all the best|sincerely")
# Longer than any match on either side of its cue.
_REACH = 240
_WRITER = "\0writer"
# A name alone on one of the last lines.
_NAME_LINE = re.compile(
    r"(?m)^(?P<name>(?:(?:Mr|Mrs|Ms|Miss|Mx|"
    r"Dr)\.? )?[A-Z][a-z'-]+ (?:[A-Z]\.? )?[A-Z][\w'-]+)(?:, [A-Z][\w ]{2,40})?$"
)
_ASIDES = Quick(r", [^,.;]{2,60},")


class Role(msgspec.Struct, frozen=True):
    """A person in a role, by surname and first name in lower case, and where that is said."""

    who: str
    start: int
    end: int
    given: str = ""

    def is_same(self, other: Role) -> bool:
        """Whether both may be one person: of one surname, and of no first names that differ."""
        return self.who == other.who and (not (self.given and other.given) or self.given[0] == other.given[0])


def matches(document: Document, pattern: Quick, cue: Cue) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern around its cue."""
    folded = document.folded
    for near, far in cue.windows(folded, 0, len(folded), _REACH, _REACH):
        yield from pattern.finditer(folded, near, far)


@per_document
def _writer(document: Document) -> Role:
    """Return the letter's signatory, or a mark that stands for nobody named."""
    signed = signatory(document)
    return signed[-1] if signed else Role(_WRITER, 0, 0)


def signatory(document: Document) -> list[Role]:
    """Return who signed the letter, where a closing names somebody."""
    text = lined(document)  # a name ends with its line: an office may follow
    around = _CLOSING.windows(text, 0, len(text), _REACH, _REACH)
    signed = [one for near, far in around for one in _SIGNED.finditer(text, near, far)][-1:]
    if not signed:
        signed = list(_NAME_LINE.finditer(text, max(len(text) - _REACH, 0)))[:1]
    return [Role(_surname(one["name"]), *one.span("name"), _given(one["name"])) for one in signed]


def _surname(name: str) -> str:
    """Return what tells who it is: of a name its last, of an office all of it."""
    if name[:5].lower() == "your ":
        return name.lower().replace(" own ", " ")
    return name.rsplit(" ", 1)[-1].lower().removesuffix("'s").rstrip("'")


def _given(name: str) -> str:
    """Return the first name that stands before a surname, if any."""
    parts = [one for one in name.split() if not _TITLE.fullmatch(one) and one.lower() != "your"]
    return parts[0].lower() if len(parts) > 1 else ""


_TITLE = re.compile(r"(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.?")


def _people(document: Document, wordings: Wordings, index: int, writer: Role) -> Iterator[Role]:
    sentence, text = document.sentences[index], document.sentence_text(index)
    for pattern in wordings.patterns:
        for found in pattern.finditer(text):
            name = found["who"]
            is_writer = name.split("'")[0] in ("I", "me", "myself")
            who, given = (writer.who, writer.given) if is_writer else (_surname(name), _given(name))
            said = _ASIDES.sub("", text[max(found.start() - 40, 0) : found.end()])
            if who not in NO_NAME and not re.search(r"(?i)\b(?:not|never|neither|nor|nothing)\b", said):
                yield Role(who, sentence.start + found.start(), sentence.start + found.end(), given)


def in_role(document: Document, wordings: Wordings, *, appeal: bool | None) -> list[Role]:
    """Return who has a role; `appeal`: in sentences about an appeal, in others, or in all (None)."""
    writer = _writer(document)
    return [
        role
        for index in wordings.cue.sentences(document)
        if appeal is None
        or about_appeal(document, index) is appeal
        or (not appeal and _is_first(document, index))
        for role in _people(document, wordings, index, writer)
    ]


def _is_first(document: Document, index: int) -> bool:
    """Whether a sentence right after one on an appeal speaks of the first decision."""
    return index not in appeals(document) and _FIRST.search(document.sentence_text(index)) is not None


def about_appeal(document: Document, index: int) -> bool:
    """Whether a sentence, or one of the two before it in the same paragraph, speaks of an appeal."""
    about, block = appeals(document), document.sentences[index].block
    return any(
        near in about and document.sentences[near].block == block
        for near in range(max(index - 2, 0), index + 1)
    )


@per_document
def appeals(document: Document) -> set[int]:
    """Return the sentences that speak of an appeal."""
    return {
        index for index in _APPEAL_CUE.sentences(document) if APPEAL.search(document.sentence_text(index))
    }


def first_person(document: Document, pattern: Quick) -> list[Role]:
    """Return the writer's own role where a wording shows it outside talk of an appeal."""
    writer = _writer(document)
    return [
        Role(writer.who, found.start(), found.end(), writer.given)
        for found in pattern.finditer(document.folded)
        if not APPEAL.search(document.sentence_text(document.sentence_at(found.start())))
    ]


def first_person_anywhere(document: Document, pattern: Quick) -> list[Role]:
    """Return the writer's own role wherever a wording shows it."""
    writer = _writer(document)
    return [
        Role(writer.who, found.start(), found.end(), writer.given)
        for found in pattern.finditer(document.folded)
    ]


def by_pronoun(document: Document, named: list[Role], pattern: Quick) -> Iterator[Role]:
    """Yield who has a role where a sentence calls them she or he, right after the one that names them."""
    by_sentence = {document.sentence_at(one.start): one for one in named}
    for index in sorted(by_sentence):
        after = index + 1
        if after == len(document.sentences):
            continue
        sentence = document.sentences[after]
        found = pattern.match(document.folded, sentence.start, sentence.end)
        if found and sentence.block == document.sentences[index].block:
            yield msgspec.structs.replace(by_sentence[index], start=found.start(), end=found.end())


def compared(
    first: list[Role], second: list[Role], same: list[Role], what: str, *, kept_apart: bool
) -> CheckResult:
    """Answer whether someone of the first role has the second too; `same` shows it of an office."""
    if same:
        return failed(f"The same manager {what}.", *(Finding(one.start, one.end) for one in same))
    if not first or not second:
        if kept_apart:
            return passed()
        return not_applicable("Not both roles are named.")
    both = [(one, other) for one in first for other in second if one.is_same(other)]
    if not both:
        return passed()
    one, other = min(both, key=lambda pair: pair[0].who)
    found = sorted([one, other], key=lambda role: role.start)
    name = "The writer of the letter" if one.who == _WRITER else one.who.capitalize()
    return failed(f"{name} {what}.", *(Finding(one.start, one.end) for one in found))
