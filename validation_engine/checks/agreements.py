"""Checks on confidentiality and settlement agreements: parties, date, terms, law and courts, mutuality."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Names stand at the head, or beside the signatures at the foot.
_HEAD, _FOOT = 20, 15
_TWO = 2
_NAME = re.compile(
    r"\b(?:[A-Z][\w'-]+|[A-Z]{2,})(?: (?:of|and|&|the|de|van|Mac|Mc))?(?: (?:[A-Z][\w'-]+|"
    r"[A-Z]{2,}|[A-Z]\.?))+"
)
_NO_NAME = Quick(
    r"\b(?:agreement|confidential\w*|information|non-disclosure|disclosure|unilateral|"
    r"mutual|one-way|recipient|"
    r"disclos\w+|receiving|party|parties|company|employee|employer|worker|purpose|date[d]?|effective|between|"
    r"settlement|undertaking|letter|scots|english|law|act|scotland|england|wales|"
    r"united kingdom|court|session|"
    r"protection|the|this|each|either|nothing|if|uk|gdpr|permitted|january|february|march|"
    r"april|may|june|july|"
    r"august|september|october|november|december)\b",
    re.IGNORECASE,
)
_IDENTIFIES = Quick(
    r"\b(?:company|registered|registration|charity)(?: \w+){0,5}? (?:no|number|num)\b|"
    r"\b(?:SC|NI|OC|SO)\d{6}\b|"
    r"\(\d{8}\)|\bregistered (?:in|office)\b|\b[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}\b|"
    r"\b\d{1,4}[A-Z]?,? [A-Z][\w']+(?: [A-Z][\w']+)* (?:Street|Road|Lane|Avenue|Place|"
    r"Terrace|Square|Quay|Way|"
    r"Drive|Crescent|Gardens|Close|Park|Row|Hill|Court|Brae|Wynd|House|Parade)\b"
)


def _ends(context: Context) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences at head and foot."""
    sentences = context.document.sentences
    for index, one in enumerate(sentences):
        if index < _HEAD or index >= len(sentences) - _FOOT:
            yield one.start, one.end


@check("parties_identified")
def parties_identified(context: Context) -> CheckResult:
    """Two parties are named, and a number or an address says who they are."""
    names = {" ".join(name.lower().split()) for name in _names(context)}
    if len(names) < _TWO:
        return failed("Fewer than two parties are named.")
    if _IDENTIFIES.search(context.document.folded) or context.fields.addresses:
        return passed()
    return failed("The parties are named, but no number or address says who they are.")


def _names(context: Context) -> Iterator[str]:
    yield from (one.name for one in context.fields.companies)
    yield from (one.name for one in context.fields.people)
    for start, end in _ends(context):
        for found in _NAME.finditer(context.document.folded, start, end):
            if not _NO_NAME.search(found.group()):
                yield found.group()


_EFFECT = Quick(
    r"\b(?:dated?|effective|commenc\w+|with effect from|begins?|starts?|made on|as of|entered into|signed)\b",
    re.IGNORECASE,
)
_NEAR = 40


@check("agreement_date")
def agreement_date(context: Context) -> CheckResult:
    """A full date stands at head or foot, or after words of effect."""
    ends = list(_ends(context))
    folded = context.document.folded
    for one in context.fields.dates:
        if not one.year_given:
            continue
        if _EFFECT.search(folded, max(0, one.start - _NEAR), one.start):
            return passed()
        line = context.document.text[context.document.text.rfind("\n", 0, one.start) + 1 : one.start]
        if any(start <= one.start < end for start, end in ends) and not line.strip(" :"):
            return passed()
    return failed()


_LAWS = (
    ("Scotland", re.compile(r"\b(?:scots|scottish) law|laws? of scotland", re.IGNORECASE)),
    ("England", re.compile(r"\benglish law|laws? of england|england and wales law", re.IGNORECASE)),
    (
        "Northern Ireland",
        re.compile(r"\b(?:northern irish|northern ireland) law|laws? of northern ireland", re.IGNORECASE),
    ),
)
_COURTS = (
    (
        "Scotland",
        re.compile(
            r"\b(?:courts? (?:of|in|at) (?:scotland|edinburgh|glasgow|aberdeen)|(?:scottish|scots|"
            r"edinburgh) courts?|"
            r"court of session|sheriff courts?)",
            re.IGNORECASE,
        ),
    ),
    (
        "England",
        re.compile(
            r"\b(?:courts? (?:of|in|at) (?:england|london|manchester)|english courts?|"
            r"london courts?|high court of "
            r"justice|county courts?|courts of wales)",
            re.IGNORECASE,
        ),
    ),
    (
        "Northern Ireland",
        re.compile(
            r"\b(?:courts? (?:of|in|at) (?:northern ireland|belfast)|northern irish courts?)", re.IGNORECASE
        ),
    ),
)
_GOVERNS = re.compile(
    r"\b(?:govern\w*|constru\w+|interpret\w+|subject to|appl(?:y|ies)|accordance)\b", re.IGNORECASE
)
_EXPLAINED = re.compile(
    r"\b(?:because|since|as (?:both|the|all|its)|for the reason|so that)\b", re.IGNORECASE
)
_ITS_COURTS = re.compile(r"\b(?:its|that country's|those) courts\b", re.IGNORECASE)


_LAW_OR_COURT = Cue(" law|court")


@check("jurisdiction_consistent")
def jurisdiction_consistent(context: Context) -> CheckResult:
    """The courts named are among those of the law that governs, unless a reason is given."""
    laws: set[str] = set()
    courts: dict[str, Finding] = {}
    for index in _LAW_OR_COURT.sentences(context.document):
        sentence, text = context.document.sentences[index], context.document.sentence_text(index)
        if _GOVERNS.search(text):
            laws |= {place for place, pattern in _LAWS if pattern.search(text)}
        if _EXPLAINED.search(text) or _ITS_COURTS.search(text):
            continue
        for place, pattern in _COURTS:
            found = pattern.search(text)
            if found and re.search(r"jurisdiction|submit|dispute|proceedings|decide", text, re.IGNORECASE):
                at = sentence.start
                courts.setdefault(place, Finding(at + found.start(), at + found.end()))
    if not laws or not courts:
        stated = _ITS_COURTS.search(context.document.folded) or _explained_courts(context)
        return passed() if laws and stated else not_applicable("Law and courts are not both stated.")
    return passed() if laws & courts.keys() else failed(None, *courts.values())


def _explained_courts(context: Context) -> bool:
    """Whether courts are named with a reason."""
    texts = map(context.document.sentence_text, _LAW_OR_COURT.sentences(context.document))
    return any(
        _EXPLAINED.search(text) and any(courts.search(text) for _, courts in _COURTS) for text in texts
    )


_MUTUAL = re.compile(r"\b(?:mutual|two-way|reciprocal|bilateral|between two parties)\b", re.IGNORECASE)
_ONE_WAY = re.compile(r"\b(?:one-way|unilateral|one-sided)\b", re.IGNORECASE)
_BOTH = Quick(
    r"\b(?:(?:each|either|both|neither)(?: of)?(?: the| us|"
    r" them)?(?: \w+){0,2} ?(?:part(?:y|ies)|recipient|discloser|"
    r"side|compan(?:y|ies)|us|them)|(?:each|both|neither) of (?:us|them)|(?:each|neither|"
    r"both) (?:shall|will|must|"
    r"undertakes?|agrees?)|either (?:of (?:us|them)|party)|the parties (?:shall|will|"
    r"must) (?:\w+ )?(?:keep|treat|"
    r"protect|use|hold)|(?:one|a) party\b.{0,60}\bthe other|the other(?:'s| party's)|disclosing party|"
    r"party (?:which|that|who) (?:receives|discloses)|receiving party|one of us|both of us|either of us|"
    r"(?:each|any|either|a) (?:receiver|recipient|discloser)|"
    r"(?:gives?|shows?|tells?|discloses?)(?: \w+)? the other)\b",
    re.IGNORECASE,
)
_DUTY = re.compile(
    r"\b(?:confidential\w*|information|secret|secrecy|disclos\w+|recipients?)\b", re.IGNORECASE
)
_BOILERPLATE = Quick(
    r"\b(?:costs|jurisdiction|terminat\w+|amend\w*|var(?:y|ied)|counterparts?|courts?|"
    r"interdict|injunction|notices?|"
    r"compet\w+)\b",
    re.IGNORECASE,
)
_BOTH_BOUND = re.compile(
    r"\b(?:each|both|either|neither)(?: of)?(?: the)? (?:part(?:y|ies)|"
    r"us)(?: \w+){0,2} (?:shall|will|must|undertakes?|"
    r"agrees?)\b.{0,80}\b(?:secret|confidential|disclose|use)\b",
    re.IGNORECASE,
)
_TITLE = 3


@check("mutuality_consistent")
def mutuality_consistent(context: Context) -> CheckResult:
    """A mutual title goes with duties of both, a one-way title with duties of one."""
    document = context.document
    title = " ".join(document.folded[one.start : one.end] for one in document.blocks[:_TITLE])[:300]
    sentences = [document.sentence_text(index) for index in range(len(document.sentences))]
    if _MUTUAL.search(title):
        return passed() if _any_reciprocal(sentences) else failed(None, *_title_finding(context, _MUTUAL))
    if _ONE_WAY.search(title):
        both = any(_BOTH_BOUND.search(text) and not _BOILERPLATE.search(text) for text in sentences)
        return failed(None, *_title_finding(context, _ONE_WAY)) if both else passed()
    return not_applicable("The title does not say whether the agreement is mutual.")


def _any_reciprocal(sentences: Iterable[str]) -> bool:
    return any(
        _BOTH.search(text) and _DUTY.search(text) and not _BOILERPLATE.search(text) for text in sentences
    )


def _title_finding(context: Context, pattern: re.Pattern[str]) -> list[Finding]:
    found = pattern.search(context.document.folded)
    return [Finding(found.start(), found.end())] if found else []


_TERM = re.compile(
    r"\b(?:(?:Permitted|Restricted|Disclosing|Receiving|Effective|Authori[sz]ed|Approved|"
    r"Excluded|Proposed|Connected|"
    r"Relevant|Key|Retained|Protected|Associated|Commencement|Termination|Completion|"
    r"Settlement|Confidentiality) "
    r"(?:Affiliates?|Part(?:y|ies)|Persons?|Representatives?|Recipients?|Purposes?|Date|"
    r"Period|Information|Materials?|"
    r"Businesse?s?|Territory|Payment|Sum|Disclosures?|Transaction|Employees?)|"
    r"(?<=the )(?:Purpose|Project|Transaction|"
    r"Territory|Affiliates|Representatives))\b"
)


@check("defined_terms_used")
def defined_terms_used(context: Context) -> CheckResult:
    """Every capitalised term of the common kinds is defined somewhere."""
    folded = context.document.folded
    used: dict[str, re.Match[str]] = {}
    for found in _TERM.finditer(folded):
        used.setdefault(found.group().rstrip("s"), found)
    if not used:
        return not_applicable("No capitalised term of the common kinds is used.")
    unknown = [found for term, found in used.items() if not _is_defined(context, term)]
    return failed(None, *(Finding(one.start(), one.end()) for one in unknown)) if unknown else passed()


def _is_defined(context: Context, term: str) -> bool:
    word = rf"{re.escape(term)}(?:s|es)?"
    quoted = rf"[\"'*(](?:the |a |an |each |each,? an? )?{word}[\"'*)]"
    defined = rf"{quoted}|\b{word}[\"'*]* ?(?::|means?\b|is\b|are\b|shall mean|refers?|includes?)"
    heading = rf"^(?:\d[\d.]* )?{word}\.? *(?:$|\n)"
    document = context.document
    return bool(re.search(defined, document.folded) or re.search(heading, document.text, re.MULTILINE))
