"""Checks on confidentiality and settlement agreements: parties, date and defined terms."""

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
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

# Names stand at the head, or beside the signatures at the foot.
_HEAD, _FOOT = 20, 15
_TWO = 2
_NAME = re.compile(
    r"\b(?:[A-Z][\w'-]+|[A-Z]{2,})(?: (?:of|and|&|the|de|van|Mac|Mc))?(?:(?: of| for)? (?:[A-Z][\w'-]+|"
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
    r"\b(?:[Cc]ompany|[Rr]egister(?:ed)?|[Rr]egistration|[Cc]harity|COMPANY|REGISTERED)(?: \w+){0,5}? "
    r"(?:[Nn]o|[Nn]umber|NUMBER|NO|num)\b|\b[Cc]ompany (?:[A-Z]{2})?\d{6,8}\b|\b\d{4,6}R\b|"
    r"\b(?:Unit|Flat|Suite|Block|Plot) \d\w{0,3},|"
    r"\b(?:[A-Z]\w+ (?:Cottage|Farm|House|Mill|Works|Lodge|Croft|Steading|Manse|Castle|Wharf|Pier)|"
    r"(?:The )?Old (?:School|Manse|Mill|Dairy|Smithy|Rectory|Vicarage|Barn|Bakery|Forge|Station)), [A-Z]|"
    r"\b(?:SC|NI|OC|SO)\d{6}\b|"
    r"\((?:no\.? ?|number )?(?:[A-Z]{2})?\d{6,8}\)|\b\d{1,4}[A-Z]?,? [A-Z][\w']+ [A-Z][\w']+, [A-Z]\w+|"
    r"\bregistered (?:in|office)\b|\b[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}\b|"
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
            name = found.group().removeprefix("The ")
            if " " in name and not _NO_NAME.search(name):
                yield name


_EFFECT = Quick(
    r"\b(?:dated?|sent(?=:)|as from|binds?|shook hands|effective|"
    r"commenc\w+|with effect from|begins?|starts?|made|"
    r"issued?|when(?=:| {2})|given (?:on|at|this|under)|executed|subscribed|concluded|as of|"
    r"(?:agreement|deed|letter) of|entered into|signed|"
    r"(?:takes?|has|have|having|comes?|came|enters?|entered|put)(?: in(?:to)?)? (?:effect|force)|in force|"
    r"(?:runs?|running|appl(?:y|ies)|bound|binding|lasts?|counts?|counted) from)\b",
    re.IGNORECASE,
)
_NEAR = 40
# "on the third day of March, two thousand and twenty-six", as deeds write it.
_IN_WORDS = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december),?"
    r"(?: in the year)? (?:two thousand|twenty twenty)\b",
    re.IGNORECASE,
)
# A date that ends a line so early is the document's: "between A Ltd and B Ltd, 20 October 2026".
_OPENS, _OPENED = 600, (",", "|", ")", "-", ":")
_DAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day$", re.IGNORECASE)


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
        is_at_end = any(start <= one.start < end for start, end in ends)
        if is_at_end and _stands_alone(context.document.text, one.start, one.end):
            return passed()
    return passed() if any(_IN_WORDS.search(folded, *end) for end in ends) else failed()


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a date begins its line, or ends one of the first, after a comma."""
    before = _DAY.sub("", text[max(text.rfind("\n", 0, start) + 1, start - _NEAR) : start].rstrip()).rstrip()
    after = text[end : end + 3].strip(" .*")
    return not before.strip(" :*") or (
        before.endswith(_OPENED) and after[:1] in ("", "\n", "|") and start < _OPENS
    )


_TERM = re.compile(
    r"\b(?:(?:Permitted|Restricted|Disclosing|Receiving|Effective|Authori[sz]ed|Approved|"
    r"Excluded|Proposed|Connected|Clean|Core|Nominated|Designated|Long Stop|Expiry|End|Start|Project|Joint|"
    r"Relevant|Key|Retained|Protected|Associated|Commencement|Termination|Completion|Review|Trigger|Exit|"
    r"Settlement|Confidentiality|Security|Evaluation|Specified) "
    r"(?:Affiliates?|Part(?:y|ies)|Persons?|Representatives?|Recipients?|Purposes?|Date|"
    r"Period|Information|Materials?|Teams?|Events?|Customers?|Clients?|Suppliers?|Staff|Advisers?|Data|"
    r"Businesse?s?|Territory|Payment|Sum|Disclosures?|Transaction|Employees?|Protocols?|Procedures?)|"
    r"(?<=the )(?:Purpose|Project|Transaction|"
    r"Territory|Affiliates|Representatives|Deal|Venture|Products?|Services))\b"
    # The name of a company or a law, or of what is longer, is another word.
    r"(?! (?:Limited|Ltd|LLP|PLC|plc|CIC|Act|policy|handbook|Regulations|[A-Z][a-z]+))"
)
_DEFINED_ELSEWHERE = Quick(
    r"\b(?:capitals|capitali[sz]ed|defined (?:terms|words)|terms|words|expressions)\b[^.;]{0,60}"
    r"\b(?:meanings?|sense)\b[^.;]{0,40}\b(?:in|by|under) (?:the|our|that|a) "
    r"(?:[\w-]+ ){0,5}(?:agreement|contract|terms|deed|letter|lease|conditions)\b"
    r"(?! (?:shall|is|are|means?))",
    re.IGNORECASE,
)
# "The Permitted Affiliates is not defined" and "are to keep it" define nothing.
_NOT_MEANT = r"(?:not|never|nowhere|to|used|mentioned|left|un\w+|free|bound|entitled|obliged|required)\b"


@check("defined_terms_used")
def defined_terms_used(context: Context) -> CheckResult:
    """Every capitalised term of the common kinds is defined somewhere."""
    folded = context.document.folded
    used: dict[str, re.Match[str]] = {}
    for found in _TERM.finditer(folded):
        used.setdefault(found.group().rstrip("s"), found)
    if not used:
        return not_applicable("No capitalised term of the common kinds is used.")
    if _DEFINED_ELSEWHERE.search(folded):
        return not_applicable("Words in capitals have the meaning that another agreement gives them.")
    unknown = [found for term, found in used.items() if not _is_defined(context, term)]
    return failed(None, *(Finding(one.start(), one.end()) for one in unknown)) if unknown else passed()


def _is_defined(context: Context, term: str) -> bool:
    word = rf"{re.escape(term)}(?:s|es)?"
    quoted = rf"[\"'*(](?:the |a |an |each |each,? an? )?{word}[\"'*)]"
    two = r" and (?:the )?[A-Z]\w+ [A-Z]\w+ (?:are|mean|have)"
    means = (
        rf"(?: ?[:=]|{two}| (?:is|are) to (?:be read|mean)| \((?:your|our|the|an?|that is|namely)\b|"
        rf", (?:being|in relation|as (?:described|listed|set out))\b|"
        rf" \(?(?:of )?\xa3|\| *[^\s|]|means?\b|(?:is|are)\b(?! {_NOT_MEANT})|shall mean|"
        rf"stands? for|refers?|includes?)"
    )
    defined = rf"{quoted}|\b{word}[\"'*]* *{means}"
    named = (
        rf"\b(?:call|calls|called|known as|termed|refer(?:red)? to (?:\w+ ){{1,3}}as)"
        rf"(?: \w+)? (?:the )?{word}|\b[Bb]y (?:the )?{word},? (?:we|I|is|are) mean|"
        rf"\b(?:is|are) the {word}(?=[.;)])"
    )
    # A line of its own, or one of a list of what words mean: "Purpose - seeing whether …".
    line = rf"(?:(?:[Tt]he )?{word}|(?:THE )?{re.escape(term.upper())}S?)"
    heading = (
        rf"^(?:[^\w\n]{{0,4}}(?:\d[\d.]*|[a-z]\)) )?{line}\.? *(?:$|(?<=\.) [A-Z]|\n|  \S|[-\u2013\u2014] )"
    )
    document = context.document
    return bool(
        re.search(rf"{defined}|{named}", document.folded) or re.search(heading, document.text, re.MULTILINE)
    )
