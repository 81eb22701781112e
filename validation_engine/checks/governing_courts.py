"""Checks that the courts an agreement names are those of the law that governs it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick
from validation_engine.scan.topics import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document


class _Place(NamedTuple):
    name: str
    law: Quick
    courts: Quick
    bare: re.Pattern[str]


def _place(name: str, adjective: str, noun: str, towns: str, own: str) -> _Place:
    of = rf"(?:the )?(?:country of )?(?:{noun})"
    law = (
        rf"\b(?:(?:{adjective}|{noun})(?:'s)?(?: and \w+)? laws?\b|laws?(?: and \w+)? (?:of|in) {of}\b|"
        rf"laws?\b[^.;|]{{0,50}}? (?:that|those) of {of}\b|"
        rf"\blaws? ?[|:?.,=-]+ ?(?:that of |those of )?(?:the )?(?:{adjective}|{noun})\b(?! courts?))"
    )
    courts = (
        rf"\b(?:{own}|(?:{adjective}|{noun}|{towns})(?: \w+)? (?:courts?|judges?)\b|"
        rf"(?:courts?|judges?)(?:,? [\w()]+){{0,6}} (?:of|in|at|for) (?:the city of )?(?:{of}|{towns})\b|"
        rf"(?:courts?|jurisdiction|forum) ?[|:?=-]+ ?(?:exclusive(?:ly)?,? )?(?:those of )?"
        rf"(?:the )?(?:{adjective}|{noun}|{towns})\b)"
    )
    bare = re.compile(rf"\b(?:{adjective}|{noun})\b", re.IGNORECASE)
    return _Place(name, Quick(law, re.IGNORECASE), Quick(courts, re.IGNORECASE), bare)


_PLACES = (
    _place(
        "Scotland",
        "scots|scottish",
        "scotland",
        "edinburgh|glasgow|aberdeen|dundee|inverness|perth|stirling|paisley|ayr|kilmarnock|kirkcaldy|falkirk",
        r"court of session|sheriff(?:'s)? court|(?:the )?sheriff (?:at|of|in|and|principal)\b",
    ),
    _place(
        "England",
        "english|welsh",
        "england(?: and wales| & wales)?|wales",
        "london|manchester|birmingham|leeds|bristol|liverpool|newcastle|cardiff|swansea|sheffield|nottingham|"
        "york|cambridge|oxford|norwich|exeter|carlisle",
        r"high court of justice(?! in northern)|high court,? (?:in|at|sitting in) london|county courts?",
    ),
    _place(
        "Northern Ireland",
        "northern irish|northern ireland",
        "northern ireland",
        "belfast|derry|londonderry",
        r"court of judicature",
    ),
)
_GOVERNS = re.compile(
    r"\b(?:govern\w*|constru\w+|interpret\w+|subject to|appl(?:y|ies|icable)|accordance|according to|"
    r"follows?|read|under|chooses?|chosen|goes? by|go by|it is|is that of|are those of|proper|which)\b|"
    r"\blaws? ?[|:?=.-]",
    re.IGNORECASE,
)
# Law of which somebody is, or knows, something; not the one that governs.
_OTHER_LAW = re.compile(
    r"\b(?:incorporated|registered|formed|established|organised|qualified|solicitors? in|degree|lecturer|"
    r"expert)\b",
    re.IGNORECASE,
)
_NOT_THIS_LAW = re.compile(r"\b(?:not|than|instead of|nor|no longer)(?: \w+)? $", re.IGNORECASE)
_DECIDES = re.compile(
    r"jurisdiction|submit|disput|proceedings|decid|\bsue[ds]?\b|claims?\b|quarrel|\bhear|deals? with|brought|"
    r"raised|actions?\b|litigat|argu|fall out|falls? out|goes wrong|differen|settle|forum|\bcourts? ?[|:?=]|"
    r"\balone\b|\bonly\b|which court|scottish courts?\.|english courts?\.",
    re.IGNORECASE,
)
_NOT_DECIDES = re.compile(
    r"interdict|injuncti|enforce|\bmay also\b|another court|certificate|solicitor|appeal tribunal|regist",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\b(?<!non-)exclusive(?:ly)?\b|\balone\b|\bonly\b|\bnowhere else\b|\bno other\b", re.IGNORECASE
)
_EXPLAINED = re.compile(
    r"\b(?:because|since|as (?:both|the|all|its|our|neither|each)|for the reason|so that|"
    r"(?:is|are|was|were) chosen|chose)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"(?:this|that|those|these|they|we|it|the (?:parties|reason|choice|\w+ courts?))\b", re.IGNORECASE
)
_ITS_COURTS = re.compile(
    r"\b(?:its|that country's|that place's|the same country's|those) (?:own |high )?courts?\b|"
    r"\bcourts (?:there|of (?:that|the same) (?:country|place|jurisdiction))\b",
    re.IGNORECASE,
)
_LAW = re.compile(r"\blaws?\b", re.IGNORECASE)
_COURT = re.compile(r"\bcourts?\b|\bjurisdiction\b", re.IGNORECASE)
_LAW_OR_COURT = Cue("law|court|sheriff|jurisdiction")
# An answer to "Which law?" has no more words.
_ANSWER = 60


@check("jurisdiction_consistent")
def jurisdiction_consistent(context: Context) -> CheckResult:
    """The courts named are among those of the law that governs, unless a reason is given."""
    document = context.document
    sentences = list(_about_law_or_courts(document))
    laws = {place for index in sentences for place in _laws(document, index)}
    courts = _courts(document, sentences)
    if laws and courts:
        return passed() if laws & courts.keys() else failed(None, *courts.values())
    stated = _ITS_COURTS.search(document.folded) or _explained_courts(document, sentences)
    return passed() if laws and stated else not_applicable("Law and courts are not both stated.")


def _about_law_or_courts(document: Document) -> Iterator[int]:
    """Yield the sentences that speak of law or courts, and short ones that what leads to them asks for."""
    seen = set(_LAW_OR_COURT.sentences(document))
    for index in sorted(seen):
        yield index
        following = index + 1
        if (
            following < len(document.sentences)
            and following not in seen
            and index in topics(document, following)
        ):
            yield following


def _laws(document: Document, index: int) -> Iterator[str]:
    """Yield the places whose law a sentence says to govern."""
    text = document.sentence_text(index)
    if _OTHER_LAW.search(text) and not re.search(r"\bgovern", text, re.IGNORECASE):
        return
    if _GOVERNS.search(text) or (len(text) <= _ANSWER and not _DECIDES.search(text)):
        for place in _PLACES:
            found = place.law.search(text)
            if found and not _NOT_THIS_LAW.search(text[: found.start()]):
                yield place.name
    if len(text) <= _ANSWER and not _COURT.search(text) and _asks_for_law(document, index):
        yield from (place.name for place in reversed(_PLACES) if place.bare.search(text))


def _asks_for_law(document: Document, index: int) -> bool:
    above = [document.sentence_text(one) for one in topics(document, index)]
    return any(_LAW.search(text) and not _COURT.search(text) for text in above)


def _courts(document: Document, sentences: list[int]) -> dict[str, Finding]:
    """Return the courts that are to decide, by place: those that alone are to, where any are."""
    named = [
        one
        for index in sentences
        if not _is_explained(document, index)
        for one in _courts_in(document, index)
    ]
    alone = [one for one in named if one[2]]
    return {place: finding for place, finding, _ in reversed(alone or named)}


def _courts_in(document: Document, index: int) -> Iterator[tuple[str, Finding, bool]]:
    text, at = document.sentence_text(index), document.sentences[index].start
    alone = _ALONE.search(text) is not None
    if _ITS_COURTS.search(text) or not _DECIDES.search(text) or (_NOT_DECIDES.search(text) and not alone):
        return
    for place in _PLACES:
        found = place.courts.search(text)
        if found:
            yield place.name, Finding(at + found.start(), at + found.end()), alone


def _is_explained(document: Document, index: int) -> bool:
    """Whether a reason is given for the courts, in the sentence or the next."""
    if _EXPLAINED.search(document.sentence_text(index)):
        return True
    following = index + 1
    if following >= len(document.sentences):
        return False
    text = document.sentence_text(following)
    return bool(_POINTS_BACK.match(text) and _EXPLAINED.search(text))


def _explained_courts(document: Document, sentences: list[int]) -> bool:
    return any(
        _is_explained(document, index)
        and any(place.courts.search(document.sentence_text(index)) for place in _PLACES)
        for index in sentences
    )
